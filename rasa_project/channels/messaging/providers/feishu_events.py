"""Reads Feishu's events of schema 2.0 ("接收消息", "接收消息内容", "卡片回传交互回调")."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from rasa_project.channels.messaging.part import Button
from rasa_project.channels.messaging.turn import (
    Attachment,
    AttachmentKind,
    Location,
    Reading,
    Turn,
)

_MILLI: Final = 1_000.0
_FILES: Final[dict[str, tuple[AttachmentKind, str]]] = {
    "image": ("image", "image_key"),
    "file": ("file", "file_key"),
    "audio": ("audio", "file_key"),
    "media": ("video", "file_key"),
    "sticker": ("sticker", "file_key"),
    "share_user": ("contact", "user_id"),
}


def read_event(content: Mapping[str, Any]) -> Reading:
    """Read one event."""
    header = content["header"]
    kind, event, name = header["event_type"], content["event"], str(header["event_id"])
    if kind == "im.message.receive_v1":
        return _written(event)
    if kind == "card.action.trigger":
        return _pressed(event, name)
    return Reading(ignored=(f"event {name[:60]} ({str(kind)[:60]})",))


def value_of(button: Button) -> dict[str, str]:
    """Return what a button gives back: its token, and its title for when it is too old."""
    return {"token": button.token, "title": button.title}


def _pressed(event: Mapping[str, Any], name: str) -> Reading:
    value, action = event["action"].get("value"), event["action"]
    if not isinstance(value, dict):
        return Reading(ignored=(f"event {name[:60]} (a part of a card that is no button)",))
    turn = Turn(
        id=name,
        customer=_customer(event["operator"]),
        pressed=str(value.get("token") or "-"),
        text=str(value.get("title") or ""),
        time_zone=str(action.get("timezone") or ""),
    )
    return Reading(turns=(turn,))


def _written(event: Mapping[str, Any]) -> Reading:
    sender, message = event["sender"], event["message"]
    name = str(message["message_id"])
    if message["chat_type"] != "p2p":
        return Reading(ignored=(f"message {name[:60]} (in a group)",))
    if sender.get("sender_type") != "user":
        return Reading(ignored=(f"message {name[:60]} (of a bot)",))
    at = int(message["create_time"]) / _MILLI
    kind, content = str(message["message_type"]), json.loads(message["content"])
    turn = Turn(
        id=name,
        customer=_customer(sender["sender_id"]),
        order=at,
        sent_at=at,
        **_content(kind, content, message.get("mentions") or []),
    )
    if not turn.words():
        return Reading(ignored=(f"message {name[:60]} ({kind[:40]})",))
    return Reading(turns=(turn,))


def _customer(person: Mapping[str, Any]) -> str:
    name = person["open_id"]
    if not isinstance(name, str) or not name:
        raise TypeError("open_id")
    return name


def _content(
    kind: str, content: Mapping[str, Any], mentions: list[Mapping[str, Any]]
) -> dict[str, Any]:
    if kind == "text":
        return {"text": _named(str(content["text"]), mentions)}
    if kind == "post":
        return _post(content)
    if kind == "location":
        place = Location(
            float(content["latitude"]), float(content["longitude"]), str(content.get("name") or "")
        )
        return {"location": place}
    if kind in _FILES:
        what, key = _FILES[kind]
        name = str(content.get("file_name") or "")
        return {"attachments": (Attachment(what, id=str(content[key]), name=name),)}
    return {"attachments": (Attachment("other"),), "extra": {"type": kind[:40]}}


def _named(text: str, mentions: list[Mapping[str, Any]]) -> str:
    """Put names where placeholders such as `@_user_1` stand."""
    for one in mentions:
        text = text.replace(str(one["key"]), f"@{one.get('name') or ''}")
    return text


def _post(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return a rich text as plain lines, and what is shown within."""
    lines, files = [str(content.get("title") or "")], []
    for paragraph in content["content"]:
        lines.append("".join(_words(part) for part in paragraph))
        files += [_shown(part) for part in paragraph if part["tag"] in {"img", "media"}]
    text = "\n".join(line for line in lines if line.strip())
    return {"text": text, "attachments": tuple(files)}


def _words(part: Mapping[str, Any]) -> str:
    if part["tag"] == "at":
        return f"@{part.get('user_name') or ''}"
    if part["tag"] == "a":
        text, url = str(part.get("text") or ""), str(part.get("href") or "")
        return text if url in text else f"{text} {url}"
    return str(part.get("text") or "")


def _shown(part: Mapping[str, Any]) -> Attachment:
    if part["tag"] == "img":
        return Attachment("image", id=str(part["image_key"]))
    return Attachment("video", id=str(part["file_key"]))
