"""Which words acknowledge an emotion: the ladder of tones, the cause, what may be filled in.

Standard library only.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from emotion_component.acknowledgement.memory import PROPERTY
from emotion_component.language import HAN

PREFIX: Final = "utter_acknowledge_"
CAUSE_PREFIX: Final = f"{PREFIX}cause_"
BRIEF_SUFFIX: Final = "_brief"
STRONG_SUFFIX: Final = "_strong"

# From the middle of the scale on, calm words would belittle what the customer wrote.
STRONG_INTENSITY: Final = 0.6
# Of service messages that carry an emotion, a quarter lie below: a slight remark ("tinny little
# thing") that a whole sentence of regret would inflate.
BRIEF_INTENSITY: Final = 0.4
# "Where is my order?", "not good enough": who writes so few words wants few.
TERSE_WORDS: Final = 5.0
# One short message after longer ones is an answer, not a manner.
TERSE_TURNS: Final = 3

# Feelings that are one and the same complaint: the model's choice among them may change from
# message to message while the customer's mind does not. Only to these a cause is named. Worry is
# about what has not happened yet, and behind sadness stands more than an order: "a nuisance" is no
# word to somebody who asks for the account of one who died.
COMPLAINT: Final = frozenset({"anger", "frustration", "disappointment"})

_LATIN_WORD: Final = re.compile(r"[A-Za-z\u00c0-\u024f]+(?:['’][A-Za-z]+)*|\d+")
_HAN: Final = re.compile(f"[{HAN}]")
# A Chinese word has one to two characters, 1.6 on average in the service messages of this package.
_HAN_PER_WORD: Final = 1.6
# As Rasa finds them.
_PLACEHOLDER: Final = re.compile(r"{([^\n{}]+?)}")


def step_of(intensity: float) -> int:
    """The step of the ladder that an intensity (0 to 1) is on: 0 brief, 1 calm, 2 strong."""
    return (intensity >= BRIEF_INTENSITY) + (intensity >= STRONG_INTENSITY)


def is_terse(texts: Sequence[str]) -> bool:
    """Whether a customer writes few words, on this message and the ones before.

    Args:
        texts: The customer's messages, newest first. A pressed button, a picture and a lone emoji
            tell nothing of it.
    """
    lengths = [_words(text) for text in texts[:TERSE_TURNS] if not text.startswith("/")]
    told = [length for length in lengths if length]
    return bool(told) and max(told) <= TERSE_WORDS


def names(
    emotion: str, intensity: float, intent: str | None, terse: bool, known: Collection[str]
) -> list[str]:
    """Name the replies whose words fit, the one to prefer first.

    Args:
        emotion: Service label.
        intensity: From 0 to 1.
        intent: What the customer wants, `None` where the pipeline found nothing.
        terse: Whether few words are better.
        known: Names of every reply there is.
    """
    step = step_of(intensity)
    if terse and step == 1:
        step = 0
    general = {0: (BRIEF_SUFFIX, ""), 1: ("",), 2: (STRONG_SUFFIX, "")}[step]
    bases = [(PREFIX + emotion, general)]
    if intent and emotion in COMPLAINT:
        # A cause without brief words of its own is not named briefly.
        of_cause = (BRIEF_SUFFIX,) if step == 0 else general
        bases.insert(0, (CAUSE_PREFIX + intent, of_cause))
    return [name for base, suffixes in bases if (name := _first(base, suffixes, known))]


def is_trouble(intent: str | None, known: Collection[str]) -> bool:
    """Whether the bot's author worded a cause for an intent: then something went wrong.

    Joy and thanks with such an intent are sarcasm ("thank you for ruining my weekend") or misread.
    """
    return intent is not None and bool(
        _first(CAUSE_PREFIX + intent, ("", BRIEF_SUFFIX, STRONG_SUFFIX), known)
    )


def is_overridden(name: str, theirs: Collection[str]) -> bool:
    """Whether a bot words an acknowledgement of this package itself, in one tone for all."""
    return name.removesuffix(STRONG_SUFFIX).removesuffix(BRIEF_SUFFIX) in theirs


def placeholders(wording: str) -> list[str]:
    """The names that a wording wants filled in."""
    return _PLACEHOLDER.findall(wording)


def can_be_filled(wording: str, values: Mapping[str, Any]) -> bool:
    """Whether every placeholder has a value: nothing is named that nobody said."""
    return all(values.get(name) not in (None, "", []) for name in placeholders(wording))


def rank(as_written: str, filled: str, *, terse: bool) -> tuple[int, int]:
    """How well a wording fits: one that names more comes first, and to the terse a shorter one."""
    return len(placeholders(as_written)), -len(filled) if terse else 0


def open_with(reply: dict[str, Any], words: str, emotion: str, intensity: float) -> dict[str, Any]:
    """Put the words before a reply's text and note them as the property `acknowledgement`."""
    # Chinese sentences follow each other without a space.
    space = "" if words[-1:] in "。！？…~～" else " "
    noted = {"emotion": emotion, "intensity": intensity, "text": words}
    return {**reply, "text": f"{words}{space}{reply['text']}", PROPERTY: noted}


def _words(text: str) -> float:
    return len(_LATIN_WORD.findall(text)) + len(_HAN.findall(text)) / _HAN_PER_WORD


def _first(base: str, suffixes: Sequence[str], known: Collection[str]) -> str | None:
    return next((base + suffix for suffix in suffixes if base + suffix in known), None)
