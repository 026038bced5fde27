"""Reads Telegram's updates ("Update" and "Message" in the Bot API's documentation)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from rasa_project.channels.messaging.turn import (
    Attachment,
    AttachmentKind,
    Location,
    Reading,
    Turn,
)

PRESSED: Final = "callback-"  # before a callback query's id
_START: Final = re.compile(r"/start(?:@\w+)?(?:\s+(?P<word>\S+))?\s*")
_FILES: Final[dict[str, AttachmentKind]] = {
    "animation": "video",
    "document": "file",
    "video": "video",
    "video_note": "video",
    "voice": "audio",
    "audio": "audio",
}


def read_update(update: Mapping[str, Any], start: str) -> Reading:
    """Read one update.

    Args:
        update: As Telegram sends it.
        start: What a press on *Start* means.
    """
    number = update["update_id"]
    if not isinstance(number, int):
        raise TypeError("update_id")
    if query := update.get("callback_query"):
        return _pressed(number, query)
    for kind in ("message", "edited_message"):
        if message := update.get(kind):
            return _written(number, message, kind == "edited_message", start)
    kinds = ", ".join(sorted(key for key in update if key != "update_id")) or "nothing"
    return Reading(ignored=(f"update {number} ({kinds[:80]})",))


def _pressed(number: int, query: Mapping[str, Any]) -> Reading:
    message = query.get("message")
    # Without one the button stood in somebody else's message, found by an inline query.
    if not message or message["chat"]["type"] != "private":
        return Reading(ignored=(f"update {number} (a button outside a private chat)",))
    turn = Turn(
        id=f"{PRESSED}{query['id']}",
        customer=_customer(message),
        pressed=str(query.get("data") or "-"),
        order=float(number),
        text=_title(message, query.get("data")),
        **_person(query["from"]),
    )
    return Reading(turns=(turn,))


def _written(number: int, message: Mapping[str, Any], edited: bool, start: str) -> Reading:
    chat, sender = message["chat"], message.get("from") or {}
    if chat["type"] != "private":
        return Reading(ignored=(f"update {number} (a message in a {str(chat['type'])[:20]})",))
    if sender.get("is_bot"):
        return Reading(ignored=(f"update {number} (a bot's own message)",))
    text = str(message.get("text") or message.get("caption") or "")
    begun = _START.fullmatch(text)
    turn = Turn(
        id=f"{chat['id']}-{int(message['message_id'])}",
        customer=_customer(message),
        text=text,
        begin=start if begun else "",
        order=float(number),
        sent_at=float(message["date"]),
        attachments=tuple(_attachments(message)),
        location=_location(message),
        edits=edited,
        extra={"start": begun["word"]} if begun and begun["word"] else {},
        **_person(sender),
    )
    if not turn.words():
        kinds = ", ".join(sorted(message.keys() - {"message_id", "date", "chat", "from"}))
        return Reading(ignored=(f"update {number} (a message with {kinds[:80] or 'nothing'})",))
    return Reading(turns=(turn,))


def _title(message: Mapping[str, Any], data: Any) -> str:
    """Return what stands on the button, for one that is too old to be remembered here."""
    rows = (message.get("reply_markup") or {}).get("inline_keyboard") or []
    buttons = [button for row in rows for button in row]
    return next((str(one["text"]) for one in buttons if one.get("callback_data") == data), "")


def _customer(message: Mapping[str, Any]) -> str:
    number = message["chat"]["id"]
    if not isinstance(number, int):
        raise TypeError("chat.id")
    return str(number)


def _person(sender: Mapping[str, Any]) -> dict[str, Any]:
    names = [str(sender.get(key) or "") for key in ("first_name", "last_name")]
    return {
        "name": " ".join(filter(None, names)),
        "language": str(sender.get("language_code") or ""),
    }


def _attachments(message: Mapping[str, Any]) -> list[Attachment]:
    found: list[Attachment] = []
    if photos := message.get("photo"):
        found.append(_file("image", photos[-1]))  # the largest is the last
    files = [key for key in _FILES if message.get(key)]
    if "animation" in files:  # comes with a `document` that is the same
        files = [key for key in files if key != "document"]
    found += [_file(_FILES[key], message[key]) for key in files]
    if sticker := message.get("sticker"):
        found.append(_file("sticker", sticker, str(sticker.get("emoji") or "")))
    if dice := message.get("dice"):
        found.append(Attachment("other", text=str(dice.get("emoji") or "")))
    if contact := message.get("contact"):
        names = [str(contact.get(key) or "") for key in ("first_name", "last_name")]
        found.append(Attachment("contact", id=str(contact["phone_number"]),
                                name=" ".join(filter(None, names))))  # fmt: skip
    return found


def _file(kind: AttachmentKind, file: Mapping[str, Any], text: str = "") -> Attachment:
    size = file.get("file_size")
    return Attachment(
        kind,
        id=str(file["file_id"]),
        name=str(file.get("file_name") or ""),
        mime_type=str(file.get("mime_type") or ""),
        size=size if isinstance(size, int) else None,
        text=text,
    )


def _location(message: Mapping[str, Any]) -> Location | None:
    venue = message.get("venue") or {}
    place = venue.get("location") or message.get("location")
    if not place:
        return None
    return Location(
        float(place["latitude"]),
        float(place["longitude"]),
        str(venue.get("title") or ""),
        str(venue.get("address") or ""),
    )
