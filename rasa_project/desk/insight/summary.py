"""A conversation in a few of the customer's own words: nothing is written, only chosen.

Kept are the opening request, the turns in which the customer felt most, and what can be looked up:
order numbers, amounts, dates, addresses. The same turns always give the same summary.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

MOST_TELLING: Final = 3
MOST_FACTS: Final = 12
MAX_CHARACTERS: Final = 240
# What opens a conversation without saying what it is about.
_NO_REQUEST: Final = frozenset({
    "greet", "goodbye", "affirm", "deny", "thanks", "chitchat", "bot_challenge", "talk_to_human",
    "nlu_fallback", "provide_order_number",
})  # fmt: skip
# Letters that a request needs; Chinese says as much in a third of them.
_REQUEST_LETTERS: Final = 12
_HAN_COUNTS: Final = 3
# Below this a turn's feeling is too faint to be worth a line.
_LEAST_HEAT: Final = 0.15

_LETTER = re.compile(r"[^\W\d_]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_SENTENCE_END = re.compile(r"[.!?。！？…]+[\"'”’」]?\s*|\n+")

_MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
# In the order in which a stretch of text is claimed; what one has taken, no later one takes.
_KINDS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("email", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)),
    ("link", re.compile(r"https?://[^\s<>\"'）)，。]+")),
    (
        "amount",
        re.compile(
            r"(?:[$€£¥￥]|USD|EUR|GBP|RMB|CNY)\s?\d[\d,]*(?:\.\d+)?"
            r"|\d[\d,]*(?:\.\d+)?\s?(?:[$€£¥￥]|USD|EUR|GBP|RMB|CNY|dollars?|euros?|pounds?"
            r"|块钱|元|块)",
            re.IGNORECASE,
        ),
    ),
    (
        "date",
        re.compile(
            r"\b\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\b|\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b"
            rf"|\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTHS}\b(?: \d{{4}})?"
            rf"|\b{_MONTHS} \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? \d{{4}})?"
            r"|(?:\d{4}年)?\d{1,2}月\d{1,2}[日号]?",
            re.IGNORECASE,
        ),
    ),
    ("time", re.compile(r"\b\d{1,2}:\d{2}(?:\s?[ap]\.?m\.?)?|\b\d{1,2}\s?[ap]m\b", re.IGNORECASE)),
    (
        "duration",
        re.compile(
            r"\b\d+ (?:minutes?|hours?|days?|weeks?|months?|times?)\b"
            r"|\d+\s?(?:分钟|个?小时|天|个?星期|周|个月|次)",
            re.IGNORECASE,
        ),
    ),
    ("phone", re.compile(r"(?<![A-Za-z0-9_-])\+?\d[\d ()-]{7,16}\d(?![A-Za-z0-9_-])", re.ASCII)),
    (
        "reference",
        re.compile(
            r"(?<![A-Za-z0-9])(?:[A-Za-z]{1,4}[-#]?\d{3,}|#\d{3,}|\d{4,})(?![A-Za-z0-9])", re.ASCII
        ),
    ),
)


@dataclass(frozen=True)
class Turn:
    """One message of the customer.

    Attributes:
        id: Of the message.
        text: As written.
        emotion: As stored, or none.
        intent: What the bot took it for, or none.
        at: Seconds since 1970.
    """

    id: int
    text: str
    emotion: dict[str, Any] | None
    intent: str | None
    at: float


def summarize(turns: Sequence[Turn]) -> dict[str, Any]:
    """Choose what stands for a conversation.

    Args:
        turns: The customer's messages, oldest first.

    Returns:
        `opening`, a line or none; `telling`, up to `MOST_TELLING` lines in their order; `facts`,
        each with its `kind` and its `text` as written, no two the same.
    """
    opening = _opening(turns)
    telling = [turn for turn in _most_felt(turns) if turn is not opening]
    chosen = sorted(_distinct(telling, opening)[:MOST_TELLING], key=lambda turn: (turn.at, turn.id))
    return {
        "opening": None if opening is None else _line(opening),
        "telling": [_line(turn) for turn in chosen],
        "facts": facts(turn.text for turn in turns),
    }


def facts(texts: Any) -> list[dict[str, str]]:
    """Find what can be looked up: references, amounts, dates; the latest are kept."""
    found: dict[tuple[str, str], str] = {}
    for text in texts:
        for kind, words in _facts_in(text):
            found.pop((kind, words.lower()), None)  # said again: later is more telling
            found[kind, words.lower()] = words
    latest = list(found.items())[-MOST_FACTS:]
    return [
        {"kind": kind, "text": words.upper() if kind == "reference" else words}
        for (kind, _), words in latest
    ]


def heat(emotion: dict[str, Any] | None) -> float:
    """Say how much a customer felt in a turn, 0 to 1, pleasant or not."""
    if not emotion or emotion.get("abstained") or emotion.get("name") == "neutral":
        return 0.0
    intensity, valence = emotion.get("intensity") or 0.0, emotion.get("valence") or 0.0
    # What went wrong tells an agent more than a thank-you of the same strength.
    return float(intensity) * (1.0 if valence < 0 else 0.5)


def _facts_in(text: str) -> list[tuple[str, str]]:
    places: list[tuple[int, str, str]] = []
    for kind, pattern in _KINDS:
        for match in pattern.finditer(text):
            places.append((match.start(), kind, match.group().strip()))
        text = pattern.sub(lambda match: "\0" * len(match.group()), text)
    return [(kind, words) for _, kind, words in sorted(places)]


def _opening(turns: Sequence[Turn]) -> Turn | None:
    """Return the first turn that says what the customer wants, else the first with words."""
    spoken = [turn for turn in turns if _letters(turn.text)]
    asking = (
        turn
        for turn in spoken
        if turn.intent not in _NO_REQUEST and _letters(turn.text) >= _REQUEST_LETTERS
    )
    return next(asking, spoken[0] if spoken else None)


def _letters(text: str) -> int:
    return len(_LETTER.findall(text)) + (_HAN_COUNTS - 1) * len(_HAN.findall(text))


def _most_felt(turns: Sequence[Turn]) -> list[Turn]:
    felt = [turn for turn in turns if heat(turn.emotion) >= _LEAST_HEAT]
    return sorted(felt, key=lambda turn: (-heat(turn.emotion), -turn.at, turn.id))


def _distinct(turns: Sequence[Turn], opening: Turn | None) -> list[Turn]:
    """Leave out what was said before in the same words."""
    seen = {_key(opening.text)} if opening else set()
    kept = []
    for turn in turns:
        if (key := _key(turn.text)) and key not in seen:
            seen.add(key)
            kept.append(turn)
    return kept


def _key(text: str) -> str:
    return "".join(_LETTER.findall(text)).lower()


def _line(turn: Turn) -> dict[str, Any]:
    return {"id": turn.id, "text": _short(turn.text), "emotion": turn.emotion, "at": turn.at}


def _short(text: str) -> str:
    """Cut after a sentence that still fits, else after a word."""
    text = text.strip()
    if len(text) <= MAX_CHARACTERS:
        return text
    ends = [match.end() for match in _SENTENCE_END.finditer(text) if match.end() <= MAX_CHARACTERS]
    if ends and ends[-1] >= MAX_CHARACTERS // 3:
        return text[: ends[-1]].strip() + " …"
    cut = text[:MAX_CHARACTERS]
    return (cut.rsplit(" ", 1)[0] if " " in cut[MAX_CHARACTERS // 2 :] else cut) + "…"
