"""What the escalation policy's decisions leave in a tracker, and how to read it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from emotion_component import escalation, trajectory
from rasa_project.conversations.conversation import StoredEvent
from rasa_project.replay.episode import DECLINED

# Where an action's metadata hold the decision that chose it.
METADATA: Final = "escalation"
HELD_SLOT: Final = "escalation_held"
SLOTS: Final = frozenset({trajectory.HANDOFF_SLOT, "escalation_reason", HELD_SLOT})
_BOUNDARIES: Final = frozenset({"restart", "session_started"})


def begins_anew(event: StoredEvent) -> bool:
    """Tell whether nothing before an event is weighed any more: a fresh start or a handback."""
    handback = event.type_name == "slot" and event.key == trajectory.HANDOFF_SLOT
    return event.type_name in _BOUNDARIES or (handback and event.value == trajectory.BOT_STATE)


def is_policys(event: StoredEvent) -> bool:
    """Tell whether an event records a decision of the policy, which a replay decides anew."""
    if event.type_name == "slot":
        return event.key in SLOTS and event.value != trajectory.BOT_STATE
    return event.type_name == "action" and isinstance(event.metadata.get(METADATA), Mapping)


def is_policys_handoff(events: Sequence[StoredEvent], position: int) -> bool:
    """Tell who gave the conversation to a human where the slot is set at a position.

    The next action tells: the policy sets the slot before its action, a rule's action after it.
    """
    for event in events[position + 1 :]:
        if event.type_name == "action":
            return is_policys(event)
        if event.type_name == "user":
            return False
    return False


def offer(action: str, time: float, decision: escalation.Decision) -> StoredEvent:
    """Make the event that an offer would have left."""
    content = {"event": "action", "name": action, "metadata": {METADATA: decision}}
    return StoredEvent("action", time, content)


def read_decision(value: Any) -> dict[str, Any] | None:
    """Read a decision from a tracker, `None` where it is none.

    Decisions that were stored before there were offers say `escalate` in place of `verdict`, and
    have no levels.
    """
    if not isinstance(value, Mapping) or not _is_number(value.get("score")):
        return None
    levels = value.get("levels")
    known = levels if isinstance(levels, Mapping) else {}
    return {
        **value,
        "levels": {str(name): level for name, level in known.items() if _is_number(level)},
        "reasons": _entries(value.get("reasons"), "says", "weight"),
        "held": _entries(value.get("held"), "says", "verdict", "by"),
    }


def _entries(value: Any, *needed: str) -> list[dict[str, Any]]:
    entries = value if isinstance(value, list) else []
    return [dict(each) for each in entries if isinstance(each, Mapping) and _has(each, needed)]


def _has(entry: Mapping[str, Any], needed: tuple[str, ...]) -> bool:
    weight = entry.get("weight", 0.0)
    texts = (entry.get(name) for name in needed if name != "weight")
    return _is_number(weight) and all(isinstance(text, str) for text in texts)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and math.isfinite(value)


def verdict_of(decision: Mapping[str, Any]) -> str | None:
    """Name what a stored decision did; `None` where it did nothing.

    Decisions that were stored before there were offers say `escalate` only.
    """
    verdict = decision.get("verdict")
    if verdict in (escalation.HANDOFF, escalation.OFFER):
        return str(verdict)
    if verdict is None and decision.get("escalate"):
        return escalation.HANDOFF
    return DECLINED if decision.get("answer") == escalation.DECLINED else None
