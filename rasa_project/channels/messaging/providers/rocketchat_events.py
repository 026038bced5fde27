"""Reads what Rocket.Chat's outgoing webhooks deliver ("Outgoing webhook integrations")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rasa_project.channels.messaging.providers.chat_servers import file_of, said, word_in
from rasa_project.channels.messaging.turn import Attachment, Reading, Turn
from rasa_project.webhooks import signatures

# In `Turn.route`.
ROOM: Final = "room"
THREAD: Final = "thread"
USER: Final = "user"


def read_event(content: Mapping[str, Any], own_id: str, start: str) -> Reading:
    """Read one delivery.

    Args:
        content: As Rocket.Chat sends it.
        own_id: The bot's user.
        start: What the trigger word alone means.
    """
    if "message_id" not in content:
        return Reading(ignored=("an event that is no message",))
    room, user = word_in(content, "channel_id"), word_in(content, "user_id")
    if user == own_id:
        return Reading(ignored=("our own message",))
    if content.get("bot"):
        return Reading(ignored=("a bot's own message",))
    name, at = word_in(content, "message_id"), signatures.seconds(str(content["timestamp"]))
    files = _files(content.get("message") or {})
    thread = str(content.get("tmid") or "")
    is_direct = not content.get("channel_name")  # such rooms have no name
    turn = Turn(
        id=name,
        # What is said between two stays between them, whatever they write elsewhere.
        customer=room if is_direct else f"{room}.{user}",
        order=at,
        sent_at=at,
        attachments=files,
        name=str(content.get("user_name") or ""),
        edits=bool(content.get("isEdited")),
        route={ROOM: room, USER: user, THREAD: thread if is_direct else thread or name},
        extra={"user": user},
        **said(content, "" if files else start),
    )
    return Reading(turns=(turn,))


def _files(message: Mapping[str, Any]) -> tuple[Attachment, ...]:
    found = message.get("files") or ([message["file"]] if message.get("file") else [])
    return tuple(file_of(one, "_id", "type") for one in found if not _is_preview(one))


def _is_preview(file: Mapping[str, Any]) -> bool:
    return str(file.get("name") or "").startswith("thumb-")
