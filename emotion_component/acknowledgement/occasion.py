"""Whether a reply should open with a word on the customer's emotion.

One is due once a turn, on its first reply. None is due where it would sound false: before a reply
that the bot's author keeps plain, where the reply says the same itself, while a human has the
conversation, where the model abstained, after the customer objected, on a second thanks in a row,
where the same was acknowledged a moment ago and has not grown stronger, and for joy that may be
sarcasm.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final

from emotion_component import labels, trajectory
from emotion_component.acknowledgement import wording
from emotion_component.acknowledgement.memory import Past
from emotion_component.errors import ConfigurationError

# Replies that are a courtesy of their own, speak of the bot, admit that nothing was understood
# (agreeing with what one did not understand is false), or pass the conversation on.
PLAIN_REPLIES: Final = (
    "utter_acknowledge*",
    "utter_ask_rephrase*",
    "utter_bot_challenge*",
    "utter_bye*",
    "utter_default*",
    "utter_fallback*",
    "utter_goodbye*",
    "utter_greet*",
    "utter_handback*",
    "utter_handoff*",
    "utter_hello*",
    "utter_iamabot*",
    "utter_out_of_scope*",
    "utter_please_rephrase*",
    "utter_restart*",
    "utter_session_start*",
    "utter_thank*",
    "utter_welcome*",
    "utter_you_are_welcome*",
    "utter_youre_welcome*",
)

# What a reply may already say itself. An apology twice in one bubble is one too many.
_REGRET = re.compile(
    r"\b(?:sorry|apolog\w+|regret\w*|unfortunately)\b|抱歉|对不起|不好意思|遗憾|歉意|可惜",
    re.IGNORECASE,
)
_WARMTH = re.compile(
    r"\b(?:welcome|glad|happy to|great|pleasure|thanks|thank you)\b"
    r"|不客气|高兴|太好了|太棒了|谢谢|感谢|欢迎",
    re.IGNORECASE,
)
# A cheerful opening before bad news is false.
_SETBACK = re.compile(
    r"\b(?:can't|cannot|couldn't|could not|unable|not found|no longer|won't)\b"
    r"|无法|不能|没能|没有|未能",
    re.IGNORECASE,
)
# How a thanks is answered: by a reply of the bot's own as well as by an acknowledgement.
_WELCOME = re.compile(
    r"\b(?:welcome|any time|anytime|no problem|happy to help|my pleasure|don't mention it)\b"
    r"|不客气|不用谢|不谢|应该的|能帮上忙",
    re.IGNORECASE,
)

# A word of joy to somebody who is angry is the worst that can be said here, its absence the least
# loss. Of 3,000 service messages, 411 were read as joy or gratitude and 17 of these wrongly, most
# of them shouted complaints; from this confidence on 4 remain, and nine in ten of the right ones.
POSITIVE_CONFIDENCE: Final = 0.7

# What a calm question shows ("what is my balance": confusion, .11) is next to nothing. Of the
# negative messages of the dev voices that are recognized, 5 of 1,025 English and 14 of 749 Chinese
# ones lie below.
LEAST_INTENSITY: Final = 0.2

# Conversations remembered at once; the oldest is forgotten first. One entry is about 200 bytes.
_REMEMBERED: Final = 10_000


@dataclass(frozen=True)
class Occasion:
    """An acknowledgement that is due.

    Attributes:
        emotion: Service label.
        intensity: From 0 to 1.
        terse: Whether the customer writes few words.
        names: The replies whose words fit, the one to prefer first; at least one.
    """

    emotion: str
    intensity: float
    terse: bool
    names: tuple[str, ...]


class Acknowledger:
    """Decides turn by turn; remembers on which turn of a conversation a reply was given.

    The memory is needed because a custom action's replies are all generated before the first of
    them reaches the tracker.

    Args:
        emotions: Service labels to acknowledge.
        plain: Patterns (`utter_faq*`) of replies that never carry an acknowledgement.
    """

    def __init__(self, emotions: Collection[str], plain: Sequence[str]) -> None:
        self._emotions = frozenset(emotions)
        self._plain = tuple(plain)
        self._opened: OrderedDict[str, str] = OrderedDict()

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> Acknowledger:
        """Read `acknowledge` and `plain_replies`; the latter adds to `PLAIN_REPLIES`.

        Raises:
            ConfigurationError: If a value is not a list, or names no service label.
        """
        emotions = _names(settings, "acknowledge", list(labels.SERVICE_LABELS))
        for emotion in emotions:
            if emotion not in labels.SERVICE_LABELS:
                raise ConfigurationError(
                    f"`acknowledge` must list emotions out of {', '.join(labels.SERVICE_LABELS)}. "
                    f"Received: {emotion!r}. Set it in endpoints.yml under nlg."
                )
        plain = _names(settings, "plain_replies", [])
        return cls(emotions, [*PLAIN_REPLIES, *plain])

    def due(
        self, reply: str, text: str | None, tracker: Any, past: Past, known: Collection[str]
    ) -> Occasion | None:
        """Say which acknowledgement belongs before a reply.

        Args:
            reply: Name of the reply.
            text: Its words; `None` for an image or a custom payload alone, which carries none and
                leaves the acknowledgement to the next reply of the turn.
            tracker: Rasa's tracker; `sender_id`, `slots` and `events` are read.
            past: What `recall` read from its events.
            known: Names of every reply there is.

        Returns:
            The occasion; `None` where no acknowledgement is due.
        """
        if not text or not self._is_first(tracker) or _human_has_it(tracker):
            return None
        if past.memory.objected or any(fnmatchcase(reply, each) for each in self._plain):
            return None
        turns = trajectory.recent_turns(tracker.events, turns=2)
        emotion = turns[-1].emotion if turns else None
        if not emotion or emotion.get("abstained") or emotion["name"] not in self._emotions:
            return None
        name, intensity = str(emotion["name"]), float(emotion["intensity"])
        if intensity < LEAST_INTENSITY:
            return None
        if _says_it_already(text, name) or _is_stale(name, intensity, past):
            return None
        intent = turns[-1].intent
        if name in labels.POSITIVE and (
            float(emotion.get("confidence", 1.0)) < POSITIVE_CONFIDENCE
            or wording.is_trouble(intent, known)
            or (name == "gratitude" and _was_thanked_before(turns, past))
        ):
            return None
        terse = wording.is_terse(past.texts)
        fitting = wording.names(name, intensity, intent, terse, known)
        return Occasion(name, intensity, terse, tuple(fitting)) if fitting else None

    def _is_first(self, tracker: Any) -> bool:
        """Whether this is the first reply of the turn; remembers that it was given."""
        turn = None
        for event in reversed(tracker.events):
            if event.type_name == "bot":
                return False
            if event.type_name == "user":
                turn = str(event.message_id or event.timestamp)
                break
        if turn is None or self._opened.get(tracker.sender_id) == turn:
            return False
        self._opened[tracker.sender_id] = turn
        self._opened.move_to_end(tracker.sender_id)
        if len(self._opened) > _REMEMBERED:
            self._opened.popitem(last=False)
        return True


def _names(settings: Mapping[str, Any], key: str, default: list[str]) -> list[str]:
    value = settings.get(key, default)
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise ConfigurationError(
            f"`{key}` must be a list of names. Received: {key}={value!r}. "
            "Set it in endpoints.yml under nlg."
        )
    return value


def _human_has_it(tracker: Any) -> bool:
    slot = tracker.slots.get(trajectory.HANDOFF_SLOT)
    return slot is not None and slot.value not in (None, trajectory.BOT_STATE)


def _says_it_already(text: str, emotion: str) -> bool:
    if emotion in labels.POSITIVE:
        return any(pattern.search(text) for pattern in (_REGRET, _WARMTH, _SETBACK))
    return bool(_REGRET.search(text))


def _is_stale(emotion: str, intensity: float, past: Past) -> bool:
    """Whether the same was acknowledged a moment ago, in words as strong."""
    if past.latest is None or _matter(str(past.latest.get("emotion"))) != _matter(emotion):
        return False
    heard = past.latest.get("intensity")
    return heard is None or wording.step_of(intensity) <= wording.step_of(float(heard))


def _matter(emotion: str) -> str:
    return "complaint" if emotion in wording.COMPLAINT else emotion


def _was_thanked_before(turns: Sequence[trajectory.Turn], past: Past) -> bool:
    before = turns[0].emotion if len(turns) > 1 else None
    thanked = bool(before and before["name"] == "gratitude" and not before.get("abstained"))
    return thanked or any(_WELCOME.search(answer) for answer in past.answers)
