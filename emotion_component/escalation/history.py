"""What escalation needs to know of a conversation's newest turns.

Standard library only. Events are read by attribute, as in `emotion_component.trajectory`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Reversible, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from emotion_component import trajectory
from emotion_component.escalation.settings import Settings

ACCEPTED: Final = "accepted"
DECLINED: Final = "declined"

Entities = frozenset[tuple[str, str]]

# What `EmotionClassifier` puts among the entities of every message; the customer named none of it.
_OURS: Final = frozenset({"emotion", "emotion_intensity", "emotion_trend", "language"})
_NO_LETTERS: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Turn:
    """One customer message and what the bot did about it.

    Attributes:
        emotion: The message property `emotion`; `None` where the message had none (a button).
        intent: Name of the intent, `None` where the pipeline found none.
        actions: Names of the actions that followed, in order.
        text: What the customer wrote; empty where nothing was.
        entities: Names and values of what the customer named.
        offered: Whether the bot offered a human on this turn, in whatever words.
        asked: Whether it asked a question of its own, which a yes or no would answer.
    """

    emotion: Mapping[str, Any] | None = None
    intent: str | None = None
    actions: tuple[str, ...] = ()
    text: str = ""
    entities: Entities = frozenset()
    offered: bool = False
    asked: bool = False


def read_turns(events: Reversible[Any], settings: Settings) -> list[Turn]:
    """Collect the newest turns, oldest first.

    The walk ends where that of `trajectory.recent_turns` ends: at the last handback, a restart or
    a session start, after `trajectory.LOOK_BACK_TURNS` messages or `LOOK_BACK_EVENTS` events.
    """
    recent = trajectory.recent_turns(events)
    found: list[Turn] = []
    slots: list[Any] = []
    # Nothing is read beyond the messages that the first walk found.
    for event in islice(reversed(events), trajectory.LOOK_BACK_EVENTS):
        if len(found) == len(recent):
            break
        if event.type_name == "slot":
            slots.append(event)
        elif event.type_name == "user":
            found.append(_turn(recent[-1 - len(found)], event, slots, settings))
            slots = []
    found.reverse()
    return found


def answer_to_offer(turns: Sequence[Turn], settings: Settings) -> str | None:
    """Read the newest message as the answer to an offer that the policy made on the turn before.

    What a reply of the bot's own offered (`settings.own_offers`) is answered by the bot's own
    stories and rules.

    Returns:
        `accepted`, `declined`, or `None`: no offer, or something else was said.
    """
    if len(turns) < 2 or settings.offer_action not in turns[-2].actions:
        return None
    if says_no(turns[-1], settings):
        return DECLINED
    now = turns[-1]
    words = plain_words(now.text) in _plain(settings.accept_texts)
    return ACCEPTED if words or now.intent in settings.accept_intents else None


def says_no(turn: Turn, settings: Settings) -> bool:
    """Tell whether a message is a no."""
    words = plain_words(turn.text) in _plain(settings.decline_texts)
    return words or turn.intent in settings.decline_intents


def plain_words(text: str) -> str:
    """Strip a message of case, punctuation and white space, so that `Yes!` is `yes`."""
    return _NO_LETTERS.sub("", text).casefold()


@lru_cache(maxsize=8)
def _plain(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(plain_words(text) for text in texts)


def _turn(turn: trajectory.Turn, event: Any, slots: Sequence[Any], settings: Settings) -> Turn:
    own_offer = any(_is_among(slot, settings.own_offers) for slot in slots)
    return Turn(
        emotion=turn.emotion,
        intent=turn.intent,
        actions=turn.actions,
        text=str(getattr(event, "text", None) or ""),
        entities=_entities(event),
        offered=own_offer or settings.offer_action in turn.actions,
        asked=any(_is_among(slot, settings.own_questions) for slot in slots),
    )


def _entities(event: Any) -> Entities:
    named = (event.parse_data or {}).get("entities") or []
    return frozenset(
        (str(entity.get("entity")), str(entity.get("value")))
        for entity in named
        if isinstance(entity, Mapping) and entity.get("entity") not in _OURS
    )


def _is_among(slot: Any, values: Mapping[str, tuple[Any, ...]]) -> bool:
    return slot.value in values.get(slot.key, ())
