"""What the desk does with a customer's file."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import aiohttp

from rasa_project.channels.messaging.tables import File
from tests.rasa_project.channels.messaging.serving import Server
from tests.rasa_project.channels.messaging.stored import rows

TOKEN = "token-of-the-desk"


@dataclass(frozen=True)
class Given:
    """What the channel answered."""

    status: int
    body: bytes
    headers: dict[str, str]
    words: str


async def ask(
    server: Server, channel: str, file_id: str, conversation: str, token: str = TOKEN
) -> Given:
    url = f"{server.url}/webhooks/{channel}/desk/files/{file_id}"
    headers, query = {"Authorization": f"Bearer {token}"}, {"conversation": conversation}
    async with (
        aiohttp.ClientSession() as http,
        http.get(url, headers=headers, params=query) as answer,
    ):
        body = await answer.read()
        is_words = answer.content_type == "application/json"
        words = str((await answer.json()).get("error") or "") if is_words else ""
        return Given(answer.status, body, dict(answer.headers), words)


async def attachments(server: Server, conversation: str, count: int = 1) -> list[dict[str, Any]]:
    """What Rasa heard of the files of a conversation's first messages."""
    await server.heard(conversation, count)
    events = await server.events(conversation, "user")
    return [one for event in events for one in event["metadata"]["attachments"]]


def files() -> list[Any]:
    """The rows of all files."""
    return rows(File.__table__.select().order_by(File.number))


async def ended() -> list[tuple[str, str | None]]:
    """Wait until no file is on its way; return what became of each, and why."""
    for _ in range(3_000):
        found = files()
        if found and all(row.state != "pending" for row in found):
            return [(row.state, row.error) for row in found]
        await asyncio.sleep(0.01)
    raise AssertionError("a file is still on its way")


def as_told(attachment: dict[str, Any]) -> dict[str, Any]:
    """Return what a service told of a file, without what is ours."""
    if not attachment.get("stored"):
        return attachment
    remote = {"id": attachment["remote_id"]} if "remote_id" in attachment else {}
    ours = ("id", "remote_id", "stored", "channel")
    return {**{key: value for key, value in attachment.items() if key not in ours}, **remote}
