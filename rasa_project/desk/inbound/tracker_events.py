"""What the desk understands of Rasa's events: a row of its table `events`, read into a fact.

Everything in an event may come from a customer or from somebody's custom action, so nothing is
taken for granted: texts are made storable, numbers finite, sizes bounded.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from rasa_project import attachments
from rasa_project.desk.store.models import ID_CHARACTERS

MAX_TEXT_CHARACTERS: Final = 20_000
MAX_FACT_CHARACTERS: Final = 200
MAX_AGENT_CHARACTERS: Final = 80
MAX_BUTTONS: Final = 20
MAX_NAME_CHARACTERS: Final = 120  # of an intent or action
# What every turn begins or ends with; it says nothing about what the bot tried.
_MECHANICS: Final = frozenset({"action_listen", "action_session_start", "action_extract_slots"})
_SPEAKERS: Final = frozenset({"agent", "system"})
_EMOTION_NUMBERS: Final = (
    *("confidence", "intensity", "valence", "arousal"),
    *("trend", "streak", "forecast"),
)


@dataclass(frozen=True)
class Row:
    """A row of Rasa's table `events`."""

    id: int
    sender_id: str
    type_name: str
    timestamp: float
    data: str
    name: str | None = None  # of an event that came from elsewhere

    @property
    def source(self) -> str:
        """Name the event, also after the table was made anew and its ids begin again."""
        return self.name or f"{self.id}@{self.timestamp!r}@{self.sender_id}"


def row(
    id: int, sender_id: Any, type_name: Any, timestamp: Any, data: str, name: str | None = None
) -> Row:
    """Return a row whose conversation and time can be stored.

    Raises:
        BrokenEvent: They cannot.
    """
    if not isinstance(sender_id, str) or not 0 < len(sender_id) <= ID_CHARACTERS:
        raise BrokenEvent("it belongs to no conversation")
    when = number(timestamp)
    if when is None:
        raise BrokenEvent("it has no time")
    return Row(id, sender_id, str(type_name), when, data, name)


@dataclass(frozen=True)
class CustomerTurn:
    """The customer said something."""

    text: str
    title: str | None  # of the button that was pressed, where the client says so
    emotion: dict[str, Any] | None
    channel: str | None
    language: str | None
    intent: str | None = None
    intent_confidence: float | None = None
    attachments: tuple[dict[str, Any], ...] = ()
    reply_until: float | None = None  # seconds since 1970; none where the channel sets no end


@dataclass(frozen=True)
class Utterance:
    """Something was said to the customer."""

    sender: str
    agent: str | None
    text: str
    message_id: str | None
    buttons: list[dict[str, str]]
    attachments: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class SlotValue:
    """A slot has a new value."""

    name: str
    value: Any


@dataclass(frozen=True)
class Decision:
    """A policy decided to hand over, by an action."""

    decision: dict[str, Any]
    action: str | None = None


@dataclass(frozen=True)
class ActionTaken:
    """The bot did something."""

    action: str
    confidence: float | None


@dataclass(frozen=True)
class SlotsReset:
    """All slots went back to their first values; after a restart the bot has the conversation."""

    restarted: bool


Fact = CustomerTurn | Utterance | SlotValue | Decision | ActionTaken | SlotsReset


class BrokenEvent(ValueError):
    """A row that is not an event as Rasa writes them."""


def read(row: Row) -> Fact | None:
    """Read a row.

    Returns:
        What it means to the desk, or None where it means nothing.

    Raises:
        BrokenEvent: The row's JSON is broken or of another shape.
    """
    reader = _READERS.get(row.type_name)
    if reader is None:
        return None
    try:
        event = _storable(json.loads(row.data))
    except (ValueError, TypeError, RecursionError) as error:
        raise BrokenEvent(f"its JSON cannot be read: {error}") from error
    if not isinstance(event, dict):
        raise BrokenEvent("it is no JSON object")
    return reader(event)


def _user(event: dict[str, Any]) -> Fact | None:
    metadata = _object(event.get("metadata"))
    if metadata.get("is_external"):  # a trigger from outside; the customer said nothing
        return None
    parsed = _object(event.get("parse_data"))
    emotion = read_emotion(parsed.get("emotion"))
    intent = _object(parsed.get("intent"))
    return CustomerTurn(
        text=_text(event.get("text")),
        title=_optional_text(metadata.get("title")),
        emotion=emotion,
        channel=_optional_text(event.get("input_channel")),
        language=(emotion or {}).get("language") or _optional_text(metadata.get("language")),
        intent=_name(intent.get("name")),
        intent_confidence=number(intent.get("confidence")),
        attachments=tuple(attachments.read(metadata)),
        reply_until=number(metadata.get("reply_until")),
    )


def _bot(event: dict[str, Any]) -> Fact | None:
    metadata, data = _object(event.get("metadata")), _object(event.get("data"))
    buttons = [_button(entry) for entry in _list(data.get("buttons")) if isinstance(entry, dict)]
    files = tuple(attachments.read(metadata))
    text = _text(event.get("text")) or _text_of_media(data) or attachments.stand_in(files)
    if not text and not buttons:
        return None
    sender = metadata.get("sender")
    return Utterance(
        sender=sender if sender in _SPEAKERS else "bot",
        agent=(_optional_text(metadata.get("agent")) or "")[:MAX_AGENT_CHARACTERS] or None
        if sender == "agent"
        else None,
        text=text,
        message_id=_optional_text(metadata.get("message_id")),
        buttons=buttons[:MAX_BUTTONS],
        attachments=files,
    )


def _slot(event: dict[str, Any]) -> Fact | None:
    name = event.get("name")
    if not isinstance(name, str):
        raise BrokenEvent("a slot event names no slot")
    if _object(event.get("metadata")).get("sender") == "desk":
        return None  # the desk's own doing; by now it may be past that
    return SlotValue(name, event.get("value"))


def _action(event: dict[str, Any]) -> Fact | None:
    decision = _object(event.get("metadata")).get("escalation")
    name = _name(event.get("name"))
    if not isinstance(decision, dict) or not decision.get("escalate"):
        if name is None or name in _MECHANICS:
            return None
        return ActionTaken(name, number(event.get("confidence")))
    reasons = [entry for entry in _list(decision.get("reasons")) if isinstance(entry, dict)]
    score = number(decision.get("score")) or 0.0
    return Decision({"score": score, "reasons": reasons[:10]}, name)


def read_emotion(value: Any) -> dict[str, Any] | None:
    """Keep of a turn's emotion what the desk shows; None where there is none."""
    if not isinstance(value, Mapping) or not isinstance(value.get("name"), str):
        return None
    emotion: dict[str, Any] = {key: number(value.get(key)) for key in _EMOTION_NUMBERS}
    return {
        **emotion,
        "name": value["name"][:40],
        "abstained": bool(value.get("abstained")),
        "language": _optional_text(value.get("language")),
        **({"declined": True} if value.get("declined") is True else {}),
    }


def fact_text(value: Any) -> str | None:
    """Put a slot's value into one short line; None for an empty one."""
    if value is None or value == "" or value == []:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text[:MAX_FACT_CHARACTERS]


def number(value: Any) -> float | None:
    """Return a finite number, or None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if math.isfinite(value) else None


def _storable(value: Any) -> Any:
    """Replace what neither a database nor a browser takes: lone surrogates, NUL, NaN."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode().replace("\0", "\ufffd")
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list):
        return [_storable(entry) for entry in value]
    if isinstance(value, dict):
        return {_storable(key): _storable(entry) for key, entry in value.items()}
    return value


def _text_of_media(data: dict[str, Any]) -> str:
    """Stand in for an utterance without text, so that the agent knows that something was shown."""
    for key in ("image", "attachment", "custom", "elements"):
        if data.get(key):
            return f"[{key}] {fact_text(data[key])}"
    return ""


def _button(entry: dict[str, Any]) -> dict[str, str]:
    title = _text(entry.get("title"))[:MAX_FACT_CHARACTERS]
    return {"title": title, "payload": _text(entry.get("payload"))[:MAX_FACT_CHARACTERS] or title}


def _text(value: Any) -> str:
    return value[:MAX_TEXT_CHARACTERS] if isinstance(value, str) else ""


def _optional_text(value: Any) -> str | None:
    return value[:MAX_FACT_CHARACTERS] if isinstance(value, str) and value else None


def _name(value: Any) -> str | None:
    return value[:MAX_NAME_CHARACTERS] if isinstance(value, str) and value else None


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


_READERS: Final[dict[str, Callable[[dict[str, Any]], Fact | None]]] = {
    "user": _user,
    "bot": _bot,
    "slot": _slot,
    "action": _action,
    "restart": lambda _event: SlotsReset(restarted=True),
    "reset_slots": lambda _event: SlotsReset(restarted=False),
}
