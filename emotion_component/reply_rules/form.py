"""`language-missing`, `text-repeated` and `too-long`: what a reply's variations must be."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from emotion_component import language
from emotion_component.language import Language
from emotion_component.reply_rules.phrases import at
from emotion_component.reply_rules.reply import (
    Finding,
    Reply,
    Rule,
    Said,
    Variation,
)

# A bubble on a phone holds about 40 Latin letters or 20 Han characters a line. Eight lines are
# what is seen at once above an open keyboard; of a longer text, the end with its question is not.
MOST_COLUMNS: Final = 320
# A project speaks a language when at least this share of its replies does: a lone reply in another
# language is an exception, not a promise for all.
SPOKEN_SHARE: Final = 0.5
_NAMES: Final[dict[Language, str]] = {"en": "English", "zh": "Chinese"}
_PLACEHOLDER: Final = re.compile(r"\{\w+\}")

LANGUAGE_MISSING: Final = Rule(
    "language-missing",
    "error",
    "has no variation in a language of the project's other replies",
    "A customer who is answered in another language than a turn before cannot read the answer.",
)
TEXT_REPEATED: Final = Rule(
    "text-repeated",
    "warning",
    "is the same text as an earlier variation",
    "Variations are there so that the same words do not come twice; this one adds none.",
)
TOO_LONG: Final = Rule(
    "too-long",
    "warning",
    "is too long for a chat bubble",
    "On a phone the end of it, where the question stands, is below what is seen at once.",
)


@dataclass(frozen=True)
class LengthRule:
    """Holds each text to `MOST_COLUMNS`."""

    def find(self, reply: Reply, variation: Variation, said: Said) -> Iterator[Finding]:
        """Find a text that is too long."""
        width = columns(said.text)
        if width > MOST_COLUMNS:
            instead = (
                f"split it, or leave out what was not asked: {width} columns of {MOST_COLUMNS} "
                "(a Han character counts two)"
            )
            yield at(TOO_LONG, reply, variation, said, (0, len(said.text)), instead)


LENGTH: Final = LengthRule()


def columns(text: str) -> int:
    """The width of a text: 2 for each wide character, such as a Han one, and 1 for any other."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def repeated(reply: Reply) -> Iterator[Finding]:
    """Find variations that say the same under the same conditions, on the same channel."""
    seen: dict[object, int] = {}
    for variation in reply.variations:
        words = tuple(_bare(said.text) for said in variation.says)
        if not any(words):
            continue
        where = (variation.channel, frozenset(variation.conditions), variation.buttons)
        if (first := seen.get((words, where))) is None:
            seen[words, where] = variation.line
            continue
        said = variation.says[0]
        instead = f"word it differently, or take it out: it stands in line {first} already"
        yield at(TEXT_REPEATED, reply, variation, said, (0, len(said.text)), instead)


def missing_languages(replies: Sequence[Reply]) -> Iterator[Finding]:
    """Find replies that lack a language of the project.

    Args:
        replies: All of the project's, since they tell which languages it speaks.
    """
    spoken = [(reply, _languages(reply)) for reply in replies]
    speaking = [languages for _, languages in spoken if languages]
    counts = Counter(name for languages in speaking for name in languages)
    project = [name for name in _NAMES if counts[name] >= SPOKEN_SHARE * len(speaking) > 0]
    for reply, languages in spoken:
        for name in project:
            if languages and name not in languages:
                instead = f"add a variation in {_NAMES[name]}"
                lines = frozenset({reply.line})
                yield Finding(LANGUAGE_MISSING, reply.name, reply.line, lines, "", 0, instead)


def _bare(text: str) -> str:
    return " ".join(text.casefold().split())


def _languages(reply: Reply) -> set[Language]:
    """The languages of a reply; none where it holds no words of its own."""
    texts = (said.text for variation in reply.variations for said in variation.says)
    return {spoken for text in texts if (spoken := language.detect(_PLACEHOLDER.sub(" ", text)))}
