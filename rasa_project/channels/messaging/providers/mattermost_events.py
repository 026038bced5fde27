"""Reads what Mattermost delivers: "Outgoing webhooks" and "Interactive messages"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from rasa_project.channels.messaging.providers.chat_servers import file_of, said, word_in
from rasa_project.channels.messaging.request import Request
from rasa_project.channels.messaging.turn import Attachment, Reading, Turn
from rasa_project.webhooks import signatures

# In `Turn.route`.
CHANNEL: Final = "channel"
POST: Final = "post"


def content_of(request: Request) -> dict[str, Any]:
    """Return what a request holds; a webhook may send JSON or a form."""
    if request.header("content-type").startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(request.body.decode(), keep_blank_values=True, max_num_fields=100))
    return signatures.json_object(request.body)


def is_press(content: Mapping[str, Any]) -> bool:
    """Say whether it is a pressed button, and no message."""
    return isinstance(content.get("context"), dict)


def read_post(content: Mapping[str, Any], start: str) -> Reading:
    """Read a message."""
    at = float(content["timestamp"]) / 1000
    files = [name for name in str(content.get("file_ids") or "").split(",") if name]
    turn = Turn(
        id=word_in(content, "post_id"),
        customer=word_in(content, "user_id"),
        order=at,
        sent_at=at,
        name=str(content.get("user_name") or ""),
        attachments=tuple(Attachment("file", id=name) for name in files),
        route={CHANNEL: word_in(content, "channel_id"), POST: word_in(content, "post_id")},
        extra={"channel": str(content.get("channel_name") or "")},
        **said(content, "" if files else start),
    )
    return Reading(turns=(turn,))


def read_press(content: Mapping[str, Any]) -> Reading:
    """Read a press; only the one whom the buttons were shown to may choose."""
    context, channel = content["context"], word_in(content, "channel_id")
    # A direct channel is a customer by itself: nobody else is in it.
    if context["customer"] not in (content["user_id"], channel):
        return Reading(ignored=("a press by somebody else",))
    is_direct = context["customer"] == channel
    turn = Turn(
        id=f"press-{word_in(content, 'trigger_id')}",
        customer=word_in(context, "customer"),
        text=str(context["title"]),
        pressed=word_in(context, "choice"),
        name=str(content.get("user_name") or ""),
        route={CHANNEL: channel, POST: "" if is_direct else word_in(content, "post_id")},
        extra={"channel": str(content.get("channel_name") or "")},
    )
    return Reading(turns=(turn,))


def why_unanswered(post: Mapping[str, Any]) -> str:
    """Say why a post is none of a person's, or nothing."""
    props = post.get("props") or {}
    if str(post.get("type") or ""):
        return "the server's own message"
    machines = [key for key in ("from_bot", "from_webhook", "from_plugin") if props.get(key)]
    return "a bot's own message" if machines else ""


def attachments(post: Mapping[str, Any]) -> tuple[Attachment, ...]:
    """Return a post's files."""
    found = (post.get("metadata") or {}).get("files") or []
    return tuple(file_of(one, "id", "mime_type") for one in found)
