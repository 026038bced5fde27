"""What a customer did on a channel, in the words of no provider."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal
from urllib.parse import quote, unquote

from rasa_project.channels.messaging.request import Answer

_PLAIN: Final = ":@+=,;"
ID_CHARACTERS: Final = 200
MAX_TEXT_CHARACTERS: Final = 20_000  # as in the chat of the web page
AttachmentKind = Literal["image", "audio", "video", "file", "sticker", "contact", "other"]

# Words would make a Chinese customer's photo an English message; these are read by everybody.
_SIGNS: Final[dict[str, str]] = {
    "image": "📷", "audio": "🎤", "video": "🎬", "file": "📎", "sticker": "🙂", "contact": "👤",
    "other": "📎",
}  # fmt: skip
_LOCATION_SIGN: Final = "📍"


@dataclass(frozen=True)
class Attachment:
    """Something sent along, as the provider tells of it.

    Attributes:
        kind: What it is.
        id: By which the provider gives it out.
        url: Where it stands, for providers that say so.
        name: Of the file.
        mime_type: As the provider says.
        size: Bytes.
        text: What stands for it in a line of text, such as a sticker's emoji.
    """

    kind: AttachmentKind
    id: str = ""
    url: str = ""
    name: str = ""
    mime_type: str = ""
    size: int | None = None
    text: str = ""


@dataclass(frozen=True)
class Location:
    """Where the customer is, or what they point to; degrees."""

    latitude: float
    longitude: float
    name: str = ""
    address: str = ""


@dataclass(frozen=True)
class Turn:
    """One thing that a customer sent.

    Attributes:
        id: The provider's id of it, the same whenever it is delivered again.
        customer: The provider's address of the customer, where answers go.
        text: What was written; a caption counts.
        order: Puts a customer's turns in order, where deliveries may overtake each other: a
            counter of the provider's or its time in seconds, always the same of the two.
        sent_at: When the customer sent it, seconds since 1970; none where nobody says.
        window_from: From when the channel's window for answers counts, seconds since 1970, where
            this opens it for a shorter time than a message does; else it counts from `sent_at`.
        pressed: What came back from a pressed button: `Button.token`.
        begin: What Rasa hears in place of the text, where the customer only opened the chat; a
            payload from the settings.
        attachments: What was sent along.
        location: Likewise.
        language: As the provider or the customer's device says, such as `zh-Hans`.
        time_zone: Likewise, such as `Asia/Shanghai` or `UTC+8`.
        name: What the customer calls themselves.
        edits: This is the text's new wording, and no new message.
        route: What the provider needs to answer beside the customer's address; JSON-ready.
        extra: What else bots may want to know, JSON-ready; becomes metadata.
    """

    id: str
    customer: str
    text: str = ""
    order: float | None = None
    sent_at: float | None = None
    window_from: float | None = None
    pressed: str = ""
    begin: str = ""
    attachments: tuple[Attachment, ...] = ()
    location: Location | None = None
    language: str = ""
    time_zone: str = ""
    name: str = ""
    edits: bool = False
    route: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return it JSON-ready and storable on any database."""
        stored: dict[str, Any] = storable(asdict(self))
        stored["id"], stored["customer"] = short(self.id), short(self.customer)
        stored["text"] = stored["text"][:MAX_TEXT_CHARACTERS]
        return stored

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Turn:
        """Read what `to_dict` gave."""
        values = dict(stored)
        values["attachments"] = tuple(Attachment(**one) for one in stored["attachments"])
        values["location"] = Location(**stored["location"]) if stored["location"] else None
        return cls(**values)

    def words(self) -> str:
        """Return what Rasa hears: what was written, else a sign for what was sent.

        A slash at the beginning goes: what is typed must not pass for a button's payload, which
        sets slots.
        """
        if self.begin:
            return self.begin
        text = self.text.strip().lstrip("/").strip()
        signs = [one.text or _SIGNS[one.kind] for one in self.attachments]
        return text or " ".join([*signs, *([_LOCATION_SIGN] if self.location else [])])

    def metadata(self) -> dict[str, Any]:
        """Return what the conversation keeps beside the words; only what is known."""
        found: dict[str, Any] = {
            **self.extra,
            "message_id": self.id,
            "language": self.language.replace("_", "-").split("-")[0].lower(),
            "locale": self.language,
            "time_zone": self.time_zone,
            "name": self.name,
            "attachments": [_known(asdict(one)) for one in self.attachments],
            "location": _known(asdict(self.location)) if self.location else None,
        }
        return {key: value for key, value in found.items() if value not in (None, "", [])}


@dataclass(frozen=True)
class Receipt:
    """What became of a message that was sent.

    Attributes:
        remote_id: The provider's id of it.
        failure: Why it did not reach the customer, in words; empty where it did.
    """

    remote_id: str
    failure: str = ""


@dataclass(frozen=True)
class Reading:
    """A delivery, understood.

    Attributes:
        turns: What customers did.
        receipts: What became of our messages.
        ignored: What else it held, each in words for the log.
        answer: What the provider wants to hear at once.
    """

    turns: tuple[Turn, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    ignored: tuple[str, ...] = ()
    answer: Answer = field(default_factory=Answer)


def conversation_of(channel: str, customer: str) -> str:
    """Return Rasa's id of a customer's conversation, of characters that an address may hold.

    Rasa's HTTP API does not undo the quoting of an id, so an id must need none.
    """
    quoted = quote(customer, safe=_PLAIN).replace("~", "%7E").replace("%", "~")
    return f"{channel}:{quoted}"


def customer_in(conversation: str, channel: str) -> str:
    """Return whose conversation it is; the id itself where it was not made here."""
    if not conversation.startswith(f"{channel}:"):
        return conversation
    return unquote(conversation[len(channel) + 1 :].replace("~", "%"))


def storable(value: Any) -> Any:
    """Return JSON-ready content without what a database refuses: lone surrogates and NUL."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode().replace("\0", "")
    if isinstance(value, Mapping):
        return {storable(str(key)): storable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [storable(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def short(name: str) -> str:
    """Return an id that fits its column; one too long is known by its digest."""
    name = storable(name)
    if len(name) <= ID_CHARACTERS:
        return name
    return f"sha256-{hashlib.sha256(name.encode()).hexdigest()}"


def _known(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, "")}
