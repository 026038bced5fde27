"""How a customer's emotion develops over a conversation.

Reads the events of a tracker from their end, so that a turn costs the same at the start of a
conversation and after thousands of turns. Turns that a fallback reverted count: a bot that fails
is when emotion matters most, and `tracker.events` still holds them.

Standard library only. Events are read by attribute (`type_name`, `parse_data`, ...), which is what
Rasa's event objects offer, so nothing here imports Rasa.
"""

from __future__ import annotations

from collections.abc import Mapping, Reversible, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from emotion_component import labels

# Longer than any streak that a policy waits for, short enough to cost microseconds.
LOOK_BACK_TURNS: Final = 12
# One turn seldom leaves more than 20 events; a turn that leaves hundreds must not be walked whole.
LOOK_BACK_EVENTS: Final = 400

# Weight of the newest turn in the smoothed valence: with one half, two calm turns undo most of a
# single outburst.
SMOOTHING: Final = 0.5
# The trend compares the smoothed valence now with that of this many turns ago.
TREND_TURNS: Final = 3

HANDOFF_SLOT: Final = "handoff_state"
BOT_STATE: Final = "bot"

# A customer who starts anew, or comes back after the session expired, starts from nothing.
_BOUNDARIES: Final = frozenset({"restart", "session_started"})


class Trajectory(NamedTuple):
    """Where a conversation's emotion is heading.

    Attributes:
        trend: Change of the smoothed valence over the last turns, -1 (worse) to 1 (better).
        streak: How many turns in a row up to this one were negative; 0 where this one is not.
    """

    trend: float
    streak: int


@dataclass(frozen=True)
class Turn:
    """One customer message and what the bot did about it.

    Attributes:
        emotion: The message property `emotion`; `None` where the message had none (a button).
        intent: Name of the intent, `None` where the pipeline found none.
        actions: Names of the actions that followed, in order.
    """

    emotion: Mapping[str, Any] | None
    intent: str | None
    actions: tuple[str, ...]


def recent_turns(
    events: Reversible[Any],
    turns: int = LOOK_BACK_TURNS,
    max_events: int = LOOK_BACK_EVENTS,
) -> list[Turn]:
    """Collect the newest turns of a conversation, oldest first.

    The walk ends at the last handback (the slot `handoff_state` set to `bot`), at a restart or a
    session start, after `turns` customer messages or after `max_events` events.

    Args:
        events: The tracker's events, newest last: a list or a deque.
        turns: Most customer messages to return, at least 1.
        max_events: Most events to look at, at least 1.
    """
    found: list[Turn] = []
    actions: list[str] = []
    for seen, event in enumerate(reversed(events)):
        kind = event.type_name
        if seen >= max_events or kind in _BOUNDARIES or _is_handback(event):
            break
        if kind == "action":
            actions.append(str(event.action_name))
        elif kind == "user":
            found.append(_turn(event, actions))
            actions = []
            if len(found) >= turns:
                break
    found.reverse()
    return found


def earlier_emotions(
    events: Reversible[Any], turns: int = LOOK_BACK_TURNS
) -> list[Mapping[str, Any]]:
    """Collect the emotions of the newest turns, oldest first; turns without one are left out."""
    return [turn.emotion for turn in recent_turns(events, turns) if turn.emotion]


def follow(emotions: Sequence[Mapping[str, Any]]) -> Trajectory:
    """Work out trend and streak.

    Turns on which the model abstained say nothing about the customer: they neither prolong nor
    end a streak, and the trend passes over them.

    Args:
        emotions: `emotion` properties, newest last, this turn's included.
    """
    told = [emotion for emotion in emotions if not emotion.get("abstained")]
    return Trajectory(trend=_trend(told), streak=_streak(told))


def is_negative(emotion: Mapping[str, Any] | None) -> bool:
    """Say whether an emotion is one of `labels.NEGATIVE` and not an abstention."""
    if not emotion or emotion.get("abstained"):
        return False
    return emotion["name"] in labels.NEGATIVE


def _turn(event: Any, actions_newest_first: Sequence[str]) -> Turn:
    parsed = event.parse_data or {}
    emotion = parsed.get("emotion")
    return Turn(
        emotion=emotion if _is_ours(emotion) else None,
        intent=(parsed.get("intent") or {}).get("name"),
        actions=tuple(reversed(actions_newest_first)),
    )


def _is_ours(emotion: Any) -> bool:
    # Another component may use the same property name for something else.
    return (
        isinstance(emotion, Mapping)
        and emotion.get("name") in labels.SERVICE_LABELS
        and all(isinstance(emotion.get(key), (int, float)) for key in ("valence", "intensity"))
    )


def _is_handback(event: Any) -> bool:
    return bool(
        event.type_name == "slot" and event.key == HANDOFF_SLOT and event.value == BOT_STATE
    )


def _streak(emotions: Sequence[Mapping[str, Any]]) -> int:
    length = 0
    for emotion in reversed(emotions):
        if not is_negative(emotion):
            break
        length += 1
    return length


def _trend(emotions: Sequence[Mapping[str, Any]]) -> float:
    if len(emotions) < 2:
        return 0.0
    smoothed = [float(emotions[0]["valence"])]
    for emotion in emotions[1:]:
        smoothed.append(SMOOTHING * float(emotion["valence"]) + (1 - SMOOTHING) * smoothed[-1])
    change = smoothed[-1] - smoothed[max(0, len(smoothed) - 1 - TREND_TURNS)]
    return round(max(-1.0, min(1.0, change)), 4)
