"""Reads WeChat's messages ("Receiving standard messages", "Receiving event pushes")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rasa_project.channels.messaging.turn import (
    Attachment,
    AttachmentKind,
    Location,
    Reading,
    Turn,
)

FILES: Final[dict[str, AttachmentKind]] = {
    "image": "image", "voice": "audio", "video": "video", "shortvideo": "video", "file": "file",
}  # fmt: skip
VOICE_FORMATS: Final = {"amr": "audio/amr", "speex": "audio/speex"}
# What WeChat says in a text's place for stickers and the like.
_UNSUPPORTED: Final = "【收到不支持的消息类型，暂无法显示】"
_SCENE: Final = "qrscene_"
# "Customer service messages": what is no message opens the window for a minute only.
WINDOW_SECONDS: Final = 48 * 3600.0
_EVENT_WINDOW_SECONDS: Final = 60.0
_PLACES: Final = 1_000  # numbers of buttons within a menu's


def read_message(message: Mapping[str, str], start: str, menu: Mapping[str, str]) -> Reading:
    """Read one message or event.

    Args:
        message: The texts of its elements.
        start: What it means when somebody follows the account.
        menu: What the keys of the account's menu mean.
    """
    kind = message["MsgType"]
    if kind == "event":
        return _happened(message, start, menu)
    turn = Turn(id=number(message["MsgId"]), **common(message), **content(kind, message))
    if not turn.words():
        return Reading(ignored=(f"message {turn.id} ({kind[:40]})",))
    return Reading(turns=(turn,))


def common(message: Mapping[str, str]) -> dict[str, Any]:
    """Return what messages and events of WeChat and WeCom have in common."""
    at = float(number(message["CreateTime"]))
    if not message["FromUserName"]:
        raise ValueError("FromUserName")
    return {"customer": message["FromUserName"], "order": at, "sent_at": at}


def location(message: Mapping[str, str]) -> Location:
    """Return where a location message points to."""
    latitude, longitude = float(message["Location_X"]), float(message["Location_Y"])
    return Location(latitude, longitude, address=message.get("Label", ""))


def link(message: Mapping[str, str]) -> dict[str, Any]:
    """Return a shared page as words and details."""
    names = {"title": "Title", "description": "Description", "url": "Url"}
    details = {ours: message.get(theirs, "") for ours, theirs in names.items()}
    words = "\n".join(filter(None, (details["title"], details["url"])))
    return {"text": words, "extra": {"link": details}}


def event_id(message: Mapping[str, str]) -> str:
    """Name an event: events have no number, but a customer makes each but once a second."""
    named = (message.get(key, "") for key in ("FromUserName", "CreateTime", "Event", "EventKey"))
    return "-".join(filter(None, named))


def number_of(token: str) -> str:
    """Write a button's token as a number, as WeChat's own examples are."""
    row, place = token.split(".")
    return str(int(row) * _PLACES + int(place))


def _token_of(entry: str) -> str:
    """Undo `number_of`; what is no number comes from a menu of somebody else's."""
    if not (entry.isascii() and entry.isdigit()) or len(entry) > 18:
        return ""
    row, place = divmod(int(entry), _PLACES)
    return f"{row}.{place}"


def content(kind: str, message: Mapping[str, str]) -> dict[str, Any]:
    """Return what a message of WeChat or WeCom says."""
    if kind == "text":
        text = message["Content"]
        if text == _UNSUPPORTED:
            return {"attachments": (Attachment("other"),)}
        return {"text": text, "pressed": _token_of(message.get("bizmsgmenuid", ""))}
    if kind in FILES:
        file = Attachment(
            FILES[kind],
            id=message["MediaId"],
            url=message.get("PicUrl", ""),
            mime_type=VOICE_FORMATS.get(message.get("Format", ""), ""),
        )
        # What was said, where the account has speech recognition.
        return {"attachments": (file,), "text": message.get("Recognition", "")}
    if kind == "location":
        return {"location": location(message)}
    if kind == "link":
        return link(message)
    return {"attachments": (Attachment("other"),), "extra": {"type": kind[:40]}}


def _happened(message: Mapping[str, str], start: str, menu: Mapping[str, str]) -> Reading:
    event, key = message["Event"], message.get("EventKey", "")
    name, said = event_id(message), common(message)
    said["window_from"] = said["sent_at"] - WINDOW_SECONDS + _EVENT_WINDOW_SECONDS
    if event.lower() in {"subscribe", "scan"}:
        scene = key.removeprefix(_SCENE)
        extra = {"start": scene} if scene else {}
        turn = Turn(id=name, begin=start, extra=extra, **said)
    elif event == "CLICK":
        turn = Turn(id=name, text=key, begin=menu.get(key, ""), **said)
    else:
        return Reading(ignored=(f"event {name} ({event[:40]})",))
    return Reading(turns=(turn,))


def number(text: str) -> str:
    """Return a text that is a number."""
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"not a number: {text[:40]!r}")
    return text
