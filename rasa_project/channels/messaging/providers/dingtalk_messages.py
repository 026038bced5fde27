"""Reads DingTalk's messages to a robot ("机器人接收消息")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rasa_project.channels.messaging.turn import Attachment, AttachmentKind, Reading, Turn

SESSION, SESSION_ENDS, STAFF = "session", "session_ends", "staff"  # of a route
_ALONE: Final = "1"
_MILLI: Final = 1_000.0
_FILES: Final[dict[str, AttachmentKind]] = {
    "picture": "image", "audio": "audio", "video": "video", "file": "file",
}  # fmt: skip


def read_message(message: Mapping[str, Any], robot: str) -> Reading:
    """Read one message.

    Args:
        message: As DingTalk sends it.
        robot: The robot's code; what goes to another one is ignored.
    """
    name, kind = str(message["msgId"]), str(message["msgtype"])
    if str(message["conversationType"]) != _ALONE:
        return Reading(ignored=(f"message {name[:60]} (in a group)",))
    if message.get("robotCode", robot) not in {robot, "normal"}:
        return Reading(ignored=(f"message {name[:60]} (for another robot)",))
    at = int(message["createAt"]) / _MILLI
    turn = Turn(
        id=name,
        customer=_customer(message),
        order=at,
        sent_at=at,
        name=str(message.get("senderNick") or ""),
        route=_route(message),
        **_content(kind, message),
    )
    if not turn.words():
        return Reading(ignored=(f"message {name[:60]} ({kind[:40]})",))
    return Reading(turns=(turn,))


def _customer(message: Mapping[str, Any]) -> str:
    """Return a colleague's number, else the name that DingTalk gives a stranger."""
    name = message.get("senderStaffId") or message["senderId"]
    if not isinstance(name, str) or not name:
        raise TypeError("senderId")
    return name


def _route(message: Mapping[str, Any]) -> dict[str, Any]:
    return {
        SESSION: str(message.get("sessionWebhook") or ""),
        SESSION_ENDS: int(message.get("sessionWebhookExpiredTime") or 0) / _MILLI,
        STAFF: bool(message.get("senderStaffId")),
    }


def _content(kind: str, message: Mapping[str, Any]) -> dict[str, Any]:
    if kind == "text":
        return {"text": str(message["text"]["content"])}
    content = message.get("content") or {}
    if kind == "richText":
        return _rich(content["richText"])
    if kind in _FILES:
        file = Attachment(
            _FILES[kind],
            id=str(content["downloadCode"]),
            name=str(content.get("fileName") or ""),
        )
        # What was said, where DingTalk understood it.
        return {"attachments": (file,), "text": str(content.get("recognition") or "")}
    return {"attachments": (Attachment("other"),), "extra": {"type": kind[:40]}}


def _rich(parts: list[Mapping[str, Any]]) -> dict[str, Any]:
    text = "".join(str(part.get("text") or "") for part in parts)
    codes = [part["downloadCode"] for part in parts if part.get("type") == "picture"]
    return {"text": text, "attachments": tuple(Attachment("image", id=str(one)) for one in codes)}
