"""How a customer's emotion develops over a conversation, read from its tracker's events.

What is told of the whole conversation is a `Course`, which each turn hands on to the next in the
message property `emotion`: a turn reads the newest one before it, and costs the same at the start
of a conversation and after thousands of turns. Turns that a fallback reverted count: a bot that
fails is when emotion matters most, and `tracker.events` still holds them.

Standard library only. Events are read by attribute (`type_name`, `parse_data`, ...), which is what
Rasa's event objects offer, so nothing here imports Rasa.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Reversible, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from emotion_component import labels, survey
from emotion_component.course import Course, is_negative

# Longer than any streak that a policy waits for, short enough to cost microseconds.
LOOK_BACK_TURNS: Final = 12
# One turn seldom leaves more than 20 events; a turn that leaves hundreds must not be walked whole.
LOOK_BACK_EVENTS: Final = 400

HANDOFF_SLOT: Final = "handoff_state"
BOT_STATE: Final = "bot"

# A customer who starts anew, or comes back after the session expired, starts from nothing.
BOUNDARIES: Final = frozenset({"restart", "session_started"})


__all__ = ["Course", "Trajectory", "Turn", "is_negative"]


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
    for event in _newest_first(events, max_events):
        if event.type_name == "action":
            actions.append(str(event.action_name))
        elif event.type_name == "user":
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


def so_far(events: Reversible[Any], max_events: int = LOOK_BACK_EVENTS) -> Course:
    """Tell how the conversation went up to its newest turn.

    The newest turn that carries a course ends the walk; turns after it, which have an emotion but
    no course (written by an older version of this package, or put there by another tool), are gone
    through one by one. Nothing before a handback, a restart or a session start counts.

    Args:
        events: The tracker's events, newest last: a list or a deque.
        max_events: Most events to look at, at least 1.

    Returns:
        The course; one of no turns where the conversation has none yet.
    """
    course = Course()
    since: list[tuple[Mapping[str, Any], str]] = []
    for event in _newest_first(events, max_events):
        emotion = _turn(event, ()).emotion if event.type_name == "user" else None
        if emotion is None:
            continue
        carried = Course.from_emotion(emotion)
        if carried is not None:
            course = carried
            break
        since.append((emotion, str(event.text or "")))
    for emotion, text in reversed(since):
        course = course.after(emotion, text)
    return course


def follow(emotions: Sequence[Mapping[str, Any]]) -> Trajectory:
    """Work out trend and streak.

    Turns on which the model abstained say nothing about the customer: they neither prolong nor
    end a streak, and the trend passes over them.

    Args:
        emotions: `emotion` properties, newest last, this turn's included.
    """
    course = Course()
    for emotion in emotions:
        course = course.after(emotion)
    return Trajectory(trend=course.trend, streak=course.streak)


def _newest_first(events: Reversible[Any], max_events: int) -> Iterator[Any]:
    """Walk back to the last handback, restart or session start, at most so many events."""
    survey_turn = False
    for seen, event in enumerate(reversed(events)):
        if seen >= max_events or event.type_name in BOUNDARIES or _is_handback(event):
            return
        survey_turn = survey_turn or survey.marks_answer(event)
        if survey_turn and event.type_name == "user":
            survey_turn = False  # an answer to the desk's survey, and no concern of the customer's
        else:
            yield event


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
        and all(_is_finite(emotion.get(key)) for key in ("valence", "intensity"))
    )


def _is_handback(event: Any) -> bool:
    return bool(
        event.type_name == "slot" and event.key == HANDOFF_SLOT and event.value == BOT_STATE
    )


def _is_finite(value: Any) -> bool:
    return isinstance(value, (int, float)) and math.isfinite(value)
