"""Trackers and domains for tests: real ones of Rasa, with the package's own slots."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from emotion_component import labels
from emotion_component.rasa_importer import missing_from


def domain(content: dict[str, Any] | None = None) -> Domain:
    """A bot's domain with this package's merged in, as `EmotionImporter` does."""
    theirs = Domain.from_dict(content or {"intents": ["complain", "talk_to_human"]})
    return theirs.merge(Domain.from_dict(missing_from(theirs.as_dict())))


def emotion(
    name: str, intensity: float = 0.5, *, language: str = "en", abstained: bool = False
) -> dict[str, Any]:
    """The message property `emotion`, as far as the adapters read it."""
    return {
        "name": name,
        "intensity": intensity,
        "confidence": 1.0,
        "valence": labels.SERVICE_AFFECT[name].valence,
        "language": language,
        "abstained": abstained,
    }


def said(
    felt: dict[str, Any] | None = None,
    intent: str = "complain",
    metadata: dict[str, Any] | None = None,
    text: str = "…",
) -> UserUttered:
    """A customer's message."""
    parsed: dict[str, Any] = {"text": text, "intent": {"name": intent}, "entities": []}
    if felt:
        parsed["emotion"] = felt
    return UserUttered(text, parsed["intent"], [], parsed, metadata=metadata)


def tracker(
    events: Iterable[Event], of: Domain | None = None, language: str | None = "en"
) -> DialogueStateTracker:
    """A conversation; its slot `language` is set first unless `None`."""
    before: list[Event] = [SlotSet("language", language)] if language else []
    slots = (of or domain()).slots
    return DialogueStateTracker.from_events("customer", [*before, *events], slots=slots)
