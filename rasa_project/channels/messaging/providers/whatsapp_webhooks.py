"""Reads WhatsApp's webhooks ("Webhooks: messages" in the Cloud API's documentation)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from rasa_project.channels.messaging.providers.meta import described
from rasa_project.channels.messaging.turn import (
    Attachment,
    AttachmentKind,
    Location,
    Reading,
    Receipt,
    Turn,
)

_MEDIA: Final[dict[str, AttachmentKind]] = {
    "image": "image",
    "audio": "audio",
    "video": "video",
    "document": "file",
    "sticker": "sticker",
}
_READ: Final = frozenset({"text", "button", "interactive", "location", "contacts", *_MEDIA})


def read_webhook(content: Mapping[str, Any], number: str) -> Reading:
    """Read one webhook.

    Args:
        content: As Meta sends it.
        number: Our phone number's id; an app may have several, and the others are not ours.
    """
    turns: list[Turn] = []
    receipts: list[Receipt] = []
    ignored: list[str] = []
    for value, field in _values(content):
        if field != "messages" or "metadata" not in value:
            ignored.append(f"a change of {field[:40]!r}")
            continue
        if str(value["metadata"]["phone_number_id"]) != number:
            ignored.append("an event of another number")
            continue
        names = {str(one.get("wa_id")): one for one in value.get("contacts") or []}
        for message in value.get("messages") or []:
            if message["type"] in _READ:
                turns.append(_turn(message, names))
            else:
                ignored.append(_left_out(message))
        receipts += [_receipt(status) for status in value.get("statuses") or []]
        ignored += [f"an error ({described(error)})" for error in value.get("errors") or []]
    return Reading(tuple(turns), tuple(receipts), tuple(ignored))


def _values(content: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], str]]:
    for entry in content["entry"]:
        for change in entry["changes"]:
            yield change["value"], str(change["field"])


def _left_out(message: Mapping[str, Any]) -> str:
    reasons = "; ".join(described(error) for error in message.get("errors") or [])
    return f"a message of type {str(message['type'])[:40]!r}" + (f" ({reasons})" * bool(reasons))


def _turn(message: Mapping[str, Any], names: Mapping[str, Any]) -> Turn:
    kind, customer = str(message["type"]), str(message["from"])
    profile = (names.get(customer) or {}).get("profile") or {}
    found = message[kind]
    pressed, text = _said(kind, found)
    sent_at = float(message["timestamp"])
    return Turn(
        id=str(message["id"]),
        customer=customer,
        text=text,
        pressed=pressed,
        sent_at=sent_at,
        order=sent_at,
        attachments=_attachments(kind, found),
        location=_location(found) if kind == "location" else None,
        name=str(profile.get("name") or ""),
    )


def _said(kind: str, found: Any) -> tuple[str, str]:
    """Return what was pressed and what was written."""
    if kind == "text":
        return "", str(found["body"])
    if kind == "button":  # below a template; its payload is the template's author's
        return "", str(found["text"])
    if kind == "interactive":
        reply = found.get(found["type"]) or {}
        return str(reply.get("id") or ""), str(reply.get("title") or reply.get("body") or "")
    return "", str(found.get("caption") or "") if kind in _MEDIA else ""


def _attachments(kind: str, found: Any) -> tuple[Attachment, ...]:
    if kind == "contacts":
        return tuple(_contact(one) for one in found)
    if kind not in _MEDIA:
        return ()
    name, mime_type = str(found.get("filename") or ""), str(found.get("mime_type") or "")
    return (Attachment(_MEDIA[kind], id=str(found["id"]), name=name, mime_type=mime_type),)


def _contact(contact: Mapping[str, Any]) -> Attachment:
    phones = contact.get("phones") or [{}]
    name = (contact.get("name") or {}).get("formatted_name")
    return Attachment("contact", id=str(phones[0].get("phone") or ""), name=str(name or ""))


def _location(found: Mapping[str, Any]) -> Location:
    return Location(
        float(found["latitude"]),
        float(found["longitude"]),
        str(found.get("name") or ""),
        str(found.get("address") or ""),
    )


def _receipt(status: Mapping[str, Any]) -> Receipt:
    failed = status["status"] == "failed"
    errors = "; ".join(described(error) for error in status.get("errors") or [])
    failure = f"WhatsApp could not deliver it: {errors or 'it does not say why'}" if failed else ""
    return Receipt(str(status["id"]), failure)
