"""Whether a reply should open with a word on the customer's emotion, and with which.

The words are replies named `utter_acknowledge_<emotion>`, and `utter_acknowledge_<emotion>_strong`
from `STRONG_INTENSITY` on. This package's are in `acknowledgements.yml`; a bot that defines one of
these names in its own domain is heard instead.

An acknowledgement is due once a turn, on its first reply. None is due where it would sound false:
before a reply that the bot's author keeps plain, where the reply says the same itself, while a
human has the conversation, and where the model abstained.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, Final

from emotion_component import labels, trajectory
from emotion_component.errors import ConfigurationError

PREFIX: Final = "utter_acknowledge_"
STRONG_SUFFIX: Final = "_strong"
# From the middle of the scale on, calm words would belittle what the customer wrote.
STRONG_INTENSITY: Final = 0.6
# The message property under which a reply keeps what it opened with.
PROPERTY: Final = "acknowledgement"

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

# Conversations remembered at once; the oldest is forgotten first. One entry is about 200 bytes.
_REMEMBERED: Final = 10_000


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
        self, reply: str, text: str | None, tracker: Any, known: Collection[str]
    ) -> tuple[str, str] | None:
        """Say which acknowledgement belongs before a reply.

        Args:
            reply: Name of the reply.
            text: Its words; `None` for an image or a custom payload alone, which carries none and
                leaves the acknowledgement to the next reply of the turn.
            tracker: Rasa's tracker; `sender_id`, `slots` and `events` are read.
            known: Names of every reply there is.

        Returns:
            The emotion and the name of the reply that acknowledges it; `None` where none is due.
        """
        if not text or not self._is_first(tracker) or _human_has_it(tracker):
            return None
        if any(fnmatchcase(reply, pattern) for pattern in self._plain):
            return None
        emotion = _emotion_of_this_turn(tracker.events)
        if not emotion or emotion.get("abstained") or emotion["name"] not in self._emotions:
            return None
        name = str(emotion["name"])
        if _says_it_already(text, name):
            return None
        chosen = _tone(PREFIX + name, float(emotion["intensity"]), known)
        return (name, chosen) if chosen else None

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


def open_with(reply: dict[str, Any], emotion: str, words: str) -> dict[str, Any]:
    """Put the words before a reply's text and note them as the property `acknowledgement`."""
    text = str(reply["text"])
    # Chinese sentences follow each other without a space.
    space = "" if words[-1:] in "。！？…~～" else " "
    noted = {"emotion": emotion, "text": words}
    return {**reply, "text": f"{words}{space}{text}", PROPERTY: noted}


def opening_of(message: Any) -> str | None:
    """The acknowledgement that a bot message opened with, `None` where it had none."""
    noted = (message.metadata or {}).get(PROPERTY)
    return str(noted["text"]) if isinstance(noted, Mapping) and noted.get("text") else None


def words_after_opening(message: Any) -> str:
    """A bot message's text without its acknowledgement."""
    text = message.text or ""
    return text.removeprefix(opening_of(message) or "").lstrip()


def _names(settings: Mapping[str, Any], key: str, default: list[str]) -> list[str]:
    value = settings.get(key, default)
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise ConfigurationError(
            f"`{key}` must be a list of names. Received: {key}={value!r}. "
            "Set it in endpoints.yml under nlg."
        )
    return value


def _tone(calm: str, intensity: float, known: Collection[str]) -> str | None:
    strong = calm + STRONG_SUFFIX
    if intensity >= STRONG_INTENSITY and strong in known:
        return strong
    return calm if calm in known else None


def _human_has_it(tracker: Any) -> bool:
    slot = tracker.slots.get(trajectory.HANDOFF_SLOT)
    return slot is not None and slot.value not in (None, trajectory.BOT_STATE)


def _emotion_of_this_turn(events: Any) -> Mapping[str, Any] | None:
    newest = trajectory.recent_turns(events, turns=1)
    return newest[0].emotion if newest else None


def _says_it_already(text: str, emotion: str) -> bool:
    if emotion in labels.POSITIVE:
        return any(pattern.search(text) for pattern in (_REGRET, _WARMTH, _SETBACK))
    return bool(_REGRET.search(text))
