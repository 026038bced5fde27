"""Rules that are lists of phrases.

A phrase's pattern is searched in the bot's own words: what stands in quotation marks is somebody
else's or to be typed, and an address is neither. Every phrase is searched in every text, so that a
bilingual text is judged in both its languages; the scripts keep the two apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from emotion_component.reply_rules.reply import (
    Finding,
    Reply,
    Rule,
    Said,
    Variation,
    allowing_lines,
    is_upsetting,
    name_words,
)

# Stands for a character that is not the bot's own; no pattern matches it.
_MASK: Final = "\ufffc"
# A quotation longer than this is more likely two stray marks.
_LONGEST_QUOTE: Final = 60
_NOT_OWN: Final = re.compile(
    rf"(?:https?://|www\.)[\x21-\x7e]+"
    rf"|“[^”\n]{{0,{_LONGEST_QUOTE}}}”|「[^」\n]{{0,{_LONGEST_QUOTE}}}」"
    rf"|《[^》\n]{{0,{_LONGEST_QUOTE}}}》|\"[^\"\n]{{0,{_LONGEST_QUOTE}}}\"",
    re.IGNORECASE,
)
_CLAUSE: Final = re.compile(r"[^,.;:!?\n，。；：！？]*$")
_SENTENCE_END: Final = re.compile(r"[!?](?=\W|$)|\.(?=\s|$)|[。！？\n]")


@dataclass(frozen=True)
class Phrase:
    """Words that a rule is about.

    Attributes:
        pattern: Matches them; case does not count, and ’ is read as '.
        instead: What to say instead, as a sentence or a quotation in the phrase's language.
        only_upset: Whether it is wrong only to a customer who feels bad or had trouble.
        not_after: Where this is found before it in the same clause, the phrase is harmless.
        in_questions: Whether it is wrong in a question as well; an offer is a question.
        fine_in: Words of a reply's name under which it is harmless.
    """

    pattern: re.Pattern[str]
    instead: str
    only_upset: bool = False
    not_after: re.Pattern[str] | None = None
    in_questions: bool = True
    fine_in: frozenset[str] = frozenset()

    def spans(self, text: str, reply: Reply, variation: Variation) -> Iterator[tuple[int, int]]:
        """Find where the phrase stands in a text that `own_words` gave."""
        if self.only_upset and not is_upsetting(reply, variation):
            return
        if self.fine_in & name_words(reply.name):
            return
        for match in self.pattern.finditer(text):
            if not self._is_harmless(text, match):
                yield match.span()

    def _is_harmless(self, text: str, match: re.Match[str]) -> bool:
        before = _CLAUSE.search(text, 0, match.start())
        if self.not_after and before and self.not_after.search(before[0]):
            return True
        return not self.in_questions and in_question(text, match.end())


@dataclass(frozen=True)
class PhraseRule:
    """A rule that holds where none of its phrases is found."""

    rule: Rule
    phrases: tuple[Phrase, ...]

    def find(self, reply: Reply, variation: Variation, said: Said) -> Iterator[Finding]:
        """Find the phrases; of those that overlap, the first and longest."""
        own = own_words(said.text)
        found = [
            (start, -end, phrase.instead)
            for phrase in self.phrases
            for start, end in phrase.spans(own, reply, variation)
        ]
        reached = 0
        for start, minus_end, instead in sorted(found):
            if start >= reached:
                reached = -minus_end
                yield at(self.rule, reply, variation, said, (start, reached), instead)


def compiled(pattern: str) -> re.Pattern[str]:
    """Compile a phrase; a space in it stands for any white space."""
    return re.compile(pattern.replace(" ", r"\s+"), re.IGNORECASE)


def own_words(text: str) -> str:
    """Mask what is quoted and addresses; each character keeps its place."""
    masked = _NOT_OWN.sub(lambda match: _MASK * len(match[0]), text)
    return masked.replace("’", "'")


def in_question(text: str, position: int) -> bool:
    """Whether the sentence that a position lies in ends with a question mark."""
    end = _SENTENCE_END.search(text, position)
    return end is not None and end[0] in "?？"


def at(
    rule: Rule,
    reply: Reply,
    variation: Variation,
    said: Said,
    span: tuple[int, int],
    instead: str,
) -> Finding:
    """State a finding at a span of a text."""
    return Finding(
        rule,
        reply.name,
        said.line,
        allowing_lines(reply, variation, said),
        said.text[span[0] : span[1]],
        span[0],
        instead,
    )
