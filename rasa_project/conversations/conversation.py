"""A stored conversation, and the events that it is made of.

Events have the attributes of Rasa's own (`type_name`, `parse_data`, `action_name`, ...), as far as
`emotion_component` reads them, so that a conversation can be judged without loading Rasa.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol, TypeGuard

from emotion_component.errors import EmotionError

_EMOTION_NUMBERS: Final = ("valence", "intensity", "confidence")


class ConversationsError(EmotionError):
    """Stored conversations cannot be read; the message names the place and what to do."""


@dataclass(frozen=True)
class StoredEvent:
    """One event of a tracker, read by attribute as Rasa's own event objects are.

    Attributes:
        type_name: Rasa's name of the kind: `user`, `bot`, `action`, `slot`, ...
        timestamp: Seconds since 1970.
        data: The event as Rasa serializes it.
    """

    type_name: str
    timestamp: float
    data: Mapping[str, Any]

    @property
    def text(self) -> str:
        """What was said, empty where nothing was."""
        return _text(self.data.get("text"))

    @property
    def parse_data(self) -> Mapping[str, Any]:
        """What the pipeline found in a customer's message."""
        return _mapping(self.data.get("parse_data"))

    @property
    def intent_name(self) -> str | None:
        """The intent of a customer's message, `None` where the pipeline found none."""
        name = _mapping(self.parse_data.get("intent")).get("name")
        return name if isinstance(name, str) else None

    @property
    def metadata(self) -> Mapping[str, Any]:
        """What channel, policy or desk noted beside the event."""
        return _mapping(self.data.get("metadata"))

    @property
    def name(self) -> str | None:
        """The name of a slot, of an action, or of a form that begins; `None` where one ends."""
        name = self.data.get("name")
        return name if isinstance(name, str) else None

    @property
    def action_name(self) -> str | None:
        """The name of the action that ran."""
        return self.name

    @property
    def policy(self) -> str | None:
        """The policy that chose the action."""
        return _text(self.data.get("policy")) or None

    @property
    def key(self) -> str | None:
        """The name of the slot that was set."""
        return self.name

    @property
    def value(self) -> Any:
        """What the slot was set to."""
        return self.data.get("value")

    def with_emotion(self, emotion: Mapping[str, Any] | None) -> StoredEvent:
        """Give a copy with another message property `emotion`."""
        parsed = {**self.parse_data, "emotion": emotion}
        return replace(self, data={**self.data, "parse_data": parsed})


@dataclass(frozen=True)
class Conversation:
    """A conversation as it was stored, all its sessions.

    Attributes:
        id: Rasa's sender id.
        events: Oldest first.
        broken: How many of its events could not be read and are left out.
    """

    id: str
    events: tuple[StoredEvent, ...]
    broken: int = 0


class Source(Protocol):
    """Where stored conversations are read from.

    Attributes:
        name: What messages call it; holds no password.
    """

    name: str

    def __iter__(self) -> Iterator[Conversation]:
        """Read one conversation after the other; only one is held in memory."""

    def count(self) -> int | None:
        """Count the conversations; `None` where only reading all of them would tell."""

    def find(self, identifier: str) -> Conversation | None:
        """Read one conversation, `None` where it is not there."""


def read(identifier: str, contents: Iterable[Any]) -> Conversation:
    """Make a conversation of serialized events.

    Args:
        identifier: Rasa's sender id.
        contents: An event each: the JSON text or what it holds.
    """
    events: list[StoredEvent] = []
    broken = 0
    for content in contents:
        event = _event(content, events[-1].timestamp if events else 0.0)
        if event:
            events.append(event)
        else:
            broken += 1
    return Conversation(identifier, tuple(events), broken)


def _event(content: Any, before: float) -> StoredEvent | None:
    """Read an event; one without a time of its own gets that of the event before it."""
    if isinstance(content, (str, bytes)):
        try:
            content = json.loads(content)
        except (ValueError, RecursionError):
            return None
    if not isinstance(content, Mapping) or not isinstance(content.get("event"), str):
        return None
    time = content.get("timestamp")
    event = StoredEvent(content["event"], float(time) if _is_number(time) else before, content)
    return _without_broken_emotion(event)


def _without_broken_emotion(event: StoredEvent) -> StoredEvent:
    """Drop an `emotion` that lacks its figures: another component's, or an old export's."""
    emotion = event.parse_data.get("emotion")
    if emotion is None:
        return event
    if isinstance(emotion, Mapping) and all(_is_number(emotion.get(n)) for n in _EMOTION_NUMBERS):
        return event
    return event.with_emotion(None)


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and math.isfinite(value)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
