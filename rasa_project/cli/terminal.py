"""Text for a terminal: colours where there is one, lines that fit, nobody's control characters."""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from collections.abc import Iterator
from typing import Final

WIDTH: Final = 80

# What a line may break between: spaces, words, and each Chinese character or emoji.
_PIECES: Final = re.compile(
    r" |[\u2e80-\uffef\U00010000-\U0010ffff]|[^ \u2e80-\uffef]+?(?= |$|[\u2e80-\uffef])"
)
_COLOURS: Final = {"bold": "1", "red": "31", "yellow": "33", "green": "32", "soft": "2"}


def paint(text: str, colour: str) -> str:
    """Colour a text where standard output is a terminal and `NO_COLOR` is not set."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        return text
    return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m"


def printable(text: str) -> str:
    """Put a customer's text on one line, without what would steer the terminal."""
    kept = ("�" if _is_control(sign) and not sign.isspace() else sign for sign in text)
    return " ".join("".join(kept).split())


def columns(text: str) -> int:
    """Count the columns that a text takes: a Chinese character takes two."""
    return sum(map(_columns, text))


def shorten(text: str, width: int) -> str:
    """Cut a text to a number of columns, at least 1, with an ellipsis where it was longer."""
    if columns(text) <= width:
        return text
    kept, used = [], 1
    for sign in text:
        used += _columns(sign)
        if used > width:
            break
        kept.append(sign)
    return "".join(kept).rstrip() + "…"


def pad(text: str, width: int) -> str:
    """Fill a text with spaces up to a number of columns."""
    return text + " " * max(0, width - columns(text))


def wrap(text: str, indent: str = "", width: int = WIDTH) -> str:
    """Break a text into lines: between words, and within a run without spaces that is too long."""
    return "\n".join(indent + line for line in _lines(text, width - columns(indent)))


def _lines(text: str, width: int) -> Iterator[str]:
    line = ""
    for piece in _PIECES.findall(" ".join(text.split())):
        while columns(line + piece) > width and columns(piece.strip()):
            if line:
                yield line.rstrip()
                line = ""
            else:  # one word wider than a line
                head = _fitting(piece, width)
                yield head
                piece = piece[len(head) :]
        line += piece if line or piece != " " else ""
    if line:
        yield line.rstrip()


def _fitting(text: str, width: int) -> str:
    """Give as many characters as fit, at least one."""
    kept = 1
    while kept < len(text) and columns(text[: kept + 1]) <= width:
        kept += 1
    return text[:kept]


def _columns(sign: str) -> int:
    if unicodedata.combining(sign) or unicodedata.category(sign) in {"Cf", "Mn"}:
        return 0
    return 2 if unicodedata.east_asian_width(sign) in {"W", "F"} else 1


def _is_control(sign: str) -> bool:
    # Direction marks (Cf) could show a line in another order than it was written.
    return unicodedata.category(sign) in {"Cc", "Cs"} or sign in "\u202a\u202b\u202c\u202d\u202e"
