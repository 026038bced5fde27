"""Reads Twilio's webhooks.

"Twilio's request to your incoming message Webhook URL" and "Monitor the status of your message" at
https://www.twilio.com/docs/messaging/guides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from multidict import MultiDict

from rasa_project.channels.messaging.providers.twilio_errors import meaning
from rasa_project.channels.messaging.request import Answer
from rasa_project.channels.messaging.turn import (
    Attachment,
    AttachmentKind,
    Location,
    Reading,
    Receipt,
    Turn,
)

_MOST_FIELDS: Final = 200  # a message with ten pictures has some fifty
_MOST_MEDIA: Final = 10
_FAILED: Final = frozenset({"failed", "undelivered"})
_KINDS: Final[dict[str, AttachmentKind]] = {
    "image": "image",
    "video": "video",
    "audio": "audio",
    "text/vcard": "contact",
    "text/x-vcard": "contact",
}
# Another answer than TwiML would reach the customer as a message.
_NOTHING_TO_SAY: Final = Answer(
    '<?xml version="1.0" encoding="UTF-8"?><Response></Response>',
    content_type="text/xml; charset=utf-8",
)


@dataclass(frozen=True)
class Line:
    """What is ours of an account's messages.

    Attributes:
        scheme: Before a number in Twilio's addresses, such as `whatsapp:`.
        sender: Our number, or the SID of our Messaging Service.
        title: The channel's, for people.
    """

    scheme: str
    sender: str
    title: str


def form_of(body: bytes) -> MultiDict[str]:
    """Return a request's parameters.

    Raises:
        ValueError: It has none, or too many.
    """
    pairs = parse_qsl(
        body.decode(), keep_blank_values=True, strict_parsing=False, max_num_fields=_MOST_FIELDS
    )
    return MultiDict(pairs)


def read_webhook(form: Mapping[str, str], line: Line) -> Reading:
    """Read a request: a message that came in, or a status of one that went out."""
    if "MessageStatus" in form:
        return Reading(receipts=(_receipt(form, line.title),), answer=_NOTHING_TO_SAY)
    if why_not := _why_not(form, line):
        return Reading(ignored=(why_not,), answer=_NOTHING_TO_SAY)
    return Reading(turns=(_turn(form, line.scheme),), answer=_NOTHING_TO_SAY)


def _why_not(form: Mapping[str, str], line: Line) -> str:
    """Say why a message is not for the bot, or nothing."""
    scheme = form["From"].partition(":")[0] if ":" in form["From"] else ""
    if scheme != line.scheme.rstrip(":"):
        return f"a message by {scheme[:20] or 'SMS'}"
    own = {form["To"].removeprefix(line.scheme), form.get("MessagingServiceSid", "")}
    if line.sender not in own:
        return "a message to another sender"
    if form["From"] == form["To"]:
        return "our own message"
    if "OtherRecipients0" in form:
        return "a message to a group"
    if keyword := form.get("OptOutType"):
        return f"the keyword {keyword[:20]}, which Twilio has answered"
    return ""


def _turn(form: Mapping[str, str], scheme: str) -> Turn:
    name, customer = form["MessageSid"], form["From"].removeprefix(scheme)
    if not name or not customer:
        raise ValueError("MessageSid")
    return Turn(
        id=name,
        customer=customer,
        text=form.get("Body", ""),
        attachments=tuple(_attachments(form)),
        location=_location(form),
        name=form.get("ProfileName", ""),
        extra={"country": form["FromCountry"]} if form.get("FromCountry") else {},
    )


def _attachments(form: Mapping[str, str]) -> list[Attachment]:
    count = min(int(form.get("NumMedia") or 0), _MOST_MEDIA)
    return [
        _attachment(form[f"MediaUrl{number}"], form.get(f"MediaContentType{number}", ""))
        for number in range(count)
    ]


def _attachment(url: str, mime_type: str) -> Attachment:
    kind = _KINDS.get(mime_type) or _KINDS.get(mime_type.partition("/")[0]) or "file"
    return Attachment(kind, id=url.rpartition("/")[2], url=url, mime_type=mime_type)


def _location(form: Mapping[str, str]) -> Location | None:
    if not form.get("Latitude") or not form.get("Longitude"):
        return None
    return Location(
        float(form["Latitude"]),
        float(form["Longitude"]),
        form.get("Label", ""),
        form.get("Address", ""),
    )


def _receipt(form: Mapping[str, str], title: str) -> Receipt:
    failure = ""
    if form["MessageStatus"] in _FAILED:
        words = form.get("ErrorMessage") or form.get("ChannelStatusMessage") or ""
        failure = f"{title} could not deliver it: {meaning(form.get('ErrorCode', ''), words)}"
    return Receipt(form["MessageSid"], failure)
