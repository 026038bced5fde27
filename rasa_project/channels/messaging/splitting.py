"""Long texts in pieces that a channel takes, cut where people would cut them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Final

Measure = Callable[[str], int]

# From the best place to the worst: paragraphs, lines, sentences, clauses, words.
_PLACES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"\n\s*\n",
        r"\n",
        r"(?<=[.!?…])\s+|(?<=[。！？])",
        r"(?<=[,;:])\s+|(?<=[，；：、])",
        r"\s+",
    )
)
_JOINER: Final = "\u200d"
_REGIONAL: Final = range(0x1F1E6, 0x1F200)
_SKIN: Final = range(0x1F3FB, 0x1F400)


def utf16(text: str) -> int:
    """Return a text's length in UTF-16 code units, as Telegram counts."""
    return len(text.encode("utf-16-le", "replace")) // 2


def utf8(text: str) -> int:
    """Return a text's length in bytes of UTF-8, as WeChat counts."""
    return len(text.encode("utf-8", "replace"))


def split(text: str, limit: int, measure: Measure = len) -> list[str]:
    """Cut a text into pieces of at most `limit`.

    Args:
        text: Any text; spaces around the cuts go.
        limit: The most that a piece may measure; at least 20.
        measure: What the channel counts; characters unless said otherwise.

    Returns:
        The pieces in order, none of them empty.
    """
    pieces: list[str] = []
    rest = text.strip()
    while rest:
        if measure(rest) <= limit:
            pieces.append(rest)
            break
        head = _longest_fit(rest, limit, measure)
        at = _cut(rest, head)
        pieces.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return pieces


def split_end(text: str, limit: int, measure: Measure = len) -> tuple[str, str]:
    """Cut off the end of a text that is longer than `limit`, as much as fits, at the best place.

    Args:
        text: Without spaces around.
        limit: The most that the end may measure; at least 20.
        measure: What the channel counts.

    Returns:
        The beginning, which may be of any length, and the end.
    """
    for place in _PLACES:
        ends = (match.end() for match in place.finditer(text))
        at = next((end for end in ends if measure(text[end:]) <= limit), len(text))
        if at < len(text):
            return text[:at].rstrip(), text[at:]
    end = split(text, limit, measure)[-1]
    return text[: -len(end)], end


def _longest_fit(text: str, limit: int, measure: Measure) -> int:
    """Return how many characters of the beginning fit, by halving."""
    low, high = 1, min(len(text), limit)
    while low < high:
        middle = (low + high + 1) // 2
        if measure(text[:middle]) <= limit:
            low = middle
        else:
            high = middle - 1
    return low


def _cut(text: str, fit: int) -> int:
    """Return where to cut: the last good place of the best kind in the second half of the fit."""
    for place in _PLACES:
        # One character beyond: a cut right behind a full stop needs the space that follows it.
        found = [match.start() for match in place.finditer(text, 0, fit + 1)]
        good = [at for at in found if fit // 2 <= at <= fit and at > 0]
        if good:
            return good[-1]
    return _before_cluster(text, fit)


def _before_cluster(text: str, at: int) -> int:
    """Move a cut before the signs that belong together, such as a family or a flag."""
    for earlier in range(at, max(at // 2, 0), -1):
        if not _joined(text, earlier):
            return earlier
    return at


def _joined(text: str, at: int) -> bool:
    if at >= len(text):
        return False
    before, after = text[at - 1], text[at]
    if _JOINER in (before, after) or unicodedata.combining(after) or ord(after) in _SKIN:
        return True
    if unicodedata.category(after) in {"Mn", "Me"}:  # variation selectors too
        return True
    return ord(before) in _REGIONAL and ord(after) in _REGIONAL and _odd_flags(text, at)


def _odd_flags(text: str, at: int) -> bool:
    start = at
    while start and ord(text[start - 1]) in _REGIONAL:
        start -= 1
    return (at - start) % 2 == 1
