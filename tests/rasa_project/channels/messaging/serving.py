"""A real Rasa server with messaging channels, in the test's own event loop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
import rasa.core.run
from rasa.core.agent import Agent
from rasa.shared.utils.common import class_from_module_path
from sanic import Sanic

from rasa_project.channels.messaging.channel import MessagingInput
from rasa_project.channels.messaging.provider import Finding
from tests.rasa_project.channels.messaging.fake_service import FakeService


@dataclass
class Server:
    """A running server."""

    url: str
    channels: list[MessagingInput]
    agent: Agent

    async def push(self, conversation: str, *events: dict[str, Any]) -> tuple[int, str]:
        """Do what the desk does to speak in a conversation."""
        url = f"{self.url}/conversations/{conversation}/tracker/events"
        query = "output_channel=latest&execute_side_effects=true"
        async with (
            aiohttp.ClientSession() as http,
            http.post(f"{url}?{query}", json=list(events)) as answer,
        ):
            return answer.status, await answer.text()

    async def events(self, conversation: str, kind: str) -> list[dict[str, Any]]:
        url = f"{self.url}/conversations/{conversation}/tracker?include_events=ALL"
        async with aiohttp.ClientSession() as http, http.get(url) as answer:
            tracker = await answer.json()
        return [event for event in tracker["events"] if event["event"] == kind]

    async def heard(self, conversation: str, count: int) -> list[str]:
        """Wait until Rasa has heard so many messages, and a moment longer for one too many."""
        for _ in range(1_000):
            if len(await self.events(conversation, "user")) >= count:
                break
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        return [event["text"] for event in await self.events(conversation, "user")]


@contextlib.asynccontextmanager
async def serve(agent: Agent, services: Sequence[FakeService]) -> AsyncIterator[Server]:
    """Serve Rasa's HTTP API and the channels of some services, which deliver there from now on."""
    channels = [channel_of(service) for service in services]
    Sanic.test_mode = True  # several servers of one name, one after the other
    app = rasa.core.run.configure_app(list(channels), enable_api=True, use_uvloop=False)
    app.ctx.agent = agent
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        server = await app.create_server(sock=listener, return_asyncio_server=True)
        await server.startup()
        await server.before_start()
        for service in services:
            service.hook = f"{url}/webhooks/{service.name}/webhook"
        try:
            yield Server(url, channels, agent)
        finally:
            await server.before_stop()
            server.close()
            for connection in list(server.connections):
                connection.abort()
            await server.wait_closed()


def channel_of(service: FakeService) -> MessagingInput:
    channel: MessagingInput = class_from_module_path(service.channel).from_credentials(
        {**service.settings(), **service.more}
    )
    return channel


async def checks(*channels: MessagingInput) -> list[list[Finding]]:
    """What each channel's check finds."""
    found = [await channel.provider.check() for channel in channels]
    for channel in channels:
        await channel.provider.http.close()
    return found


def bot(text: str, message_id: str, **more: Any) -> dict[str, Any]:
    """An agent's message as the desk appends it."""
    metadata = {"sender": "agent", "agent": "Li", "message_id": message_id}
    return {"event": "bot", "text": text, "metadata": metadata, **more}
