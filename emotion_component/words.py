"""Where the words of a message stand, in English and Chinese.

A word here is what a reader would cross out as one thing: an English word with its apostrophe, a
Chinese word, a number, an address, an emoji with its repetitions, a run of punctuation.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from typing import Final

from emotion_component.language import HAN

Span = tuple[int, int]

_MARKS: Final = r"\u0300-\u036f"  # combining accents, which `\w` leaves out
_LETTER: Final = rf"(?:[^\W_{HAN}][{_MARKS}]*)"
_PICTURE: Final = (
    r"[\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2b00-\u2bff\U0001f000-\U0001f1e5"
    r"\U0001f200-\U0001faff][\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff]*"
)
_EMOJI: Final = rf"(?:[\U0001f1e6-\U0001f1ff]{{2}}|{_PICTURE}(?:\u200d{_PICTURE})*)"
_WORD: Final = re.compile(
    rf"""
    (?P<address>(?:https?://|www\.)[^\s{HAN}]+|[\w.+-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]+[A-Za-z0-9])
    |(?P<number>[^\W{HAN}]*\d+(?:[.,:/]\d+)+)
    |(?P<word>{_LETTER}+(?:['’_-]{_LETTER}+)*)
    |(?P<han>[{HAN}]+)
    |(?P<emoji>(?P<one>{_EMOJI})(?P=one)*)
    |(?P<punctuation>(?:(?!{_EMOJI})[^\w\s]|_)+)
    |(?P<other>\S)
    """,
    re.VERBOSE,
)
_CLAUSE_END: Final = re.compile(r"[,.;:!?…，。；：！？、\n]")


def words(text: str) -> list[Span]:
    """Find the words of a text.

    Args:
        text: Any string.

    Returns:
        Start and end (exclusive) of each, in characters and in order; together they hold every
        character that is not white space, each once.
    """
    spans: list[Span] = []
    for match in _WORD.finditer(text):
        if match["han"]:
            spans += _chinese(match["han"], match.start())
        else:
            spans.append(match.span())
    return spans


def _chinese(run: str, offset: int) -> list[Span]:
    """Find the words of a run of Han characters with jieba's dictionary."""
    import jieba

    jieba.setLogLevel(logging.WARNING)  # it tells standard error how long its dictionary took
    return [(offset + start, offset + end) for _, start, end in jieba.tokenize(run)]


def is_word(text: str) -> bool:
    """Tell whether a span says something by itself: any word or sign but punctuation."""
    match = _WORD.match(text)
    return match is not None and not match["punctuation"]


def phrases(text: str, spans: Sequence[Span], most: int) -> list[Span]:
    """Join neighbouring words where there are too many, preferably up to the end of a clause.

    Args:
        text: What the words stand in.
        spans: What `words` gave.
        most: How many phrases may come out, at least 1.

    Returns:
        `spans` as they are where they are few enough; else phrases of about equal length.
    """
    if len(spans) <= most:
        return list(spans)
    joined: list[Span] = []
    first = 0
    for number in range(1, most + 1):
        share = spans[first : number * len(spans) // most]  # up to here is this phrase's turn
        length = _up_to_clause_end(text, share) if number < most else len(share)
        joined.append((share[0][0], share[length - 1][1]))
        first += length
    return joined


def _up_to_clause_end(text: str, spans: Sequence[Span]) -> int:
    """Count the words up to the last end of a clause in the second half, or all of them."""
    for count in range(len(spans), len(spans) // 2, -1):
        start, end = spans[count - 1]
        if _CLAUSE_END.search(text, start, end):
            return count
    return len(spans)
