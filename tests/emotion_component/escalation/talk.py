"""Short conversations of Rasa's own events, and what escalation makes of them."""

from __future__ import annotations

from typing import Any

from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUttered

from emotion_component import escalation, labels
from emotion_component.escalation import Decision, Settings

# A Wednesday, noon in UTC.
NOON = 1_700_049_600.0


def felt(
    name: str, intensity: float = 0.6, *, confidence: float = 0.9, abstained: bool = False
) -> dict[str, Any]:
    """The message property `emotion`."""
    return {
        "name": name,
        "intensity": intensity,
        "confidence": confidence,
        "valence": labels.SERVICE_AFFECT[name].valence,
        "abstained": abstained,
    }


def turn(
    name: str | None,
    intent: str | None = "complain",
    *actions: str,
    intensity: float = 0.6,
    text: str = "…",
    entities: dict[str, str] | None = None,
    slots: dict[str, Any] | None = None,
) -> list[Event]:
    """A message, the slots that it set, and the bot's actions."""
    emotion = felt(name, intensity) if name else None
    named = [{"entity": key, "value": value} for key, value in (entities or {}).items()]
    parsed = {"text": text, "intent": {"name": intent}, "entities": named, "emotion": emotion}
    return [
        UserUttered(text, parsed["intent"], named, parsed),
        *[ActionExecuted(action) for action in actions],
        *[SlotSet(key, value) for key, value in (slots or {}).items()],
    ]


def weigh(*turns: list[Event], now: float = NOON, **settings: Any) -> Decision:
    """The decision on the newest turn."""
    events = [event for each in turns for event in each]
    return escalation.weigh(events, Settings.from_config(settings), now=now)


def outcome(decision: Decision) -> tuple[str, list[str]]:
    """The verdict and what held it back."""
    return decision["verdict"], [hold["by"] for hold in decision["held"]]


def fired(decision: Decision) -> dict[str, float]:
    """The signals that fired and what each weighs."""
    return {reason["signal"]: reason["weight"] for reason in decision["reasons"]}
