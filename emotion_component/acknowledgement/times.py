"""How late something is, or how long was waited, as far as the customer said so.

An acknowledgement may name "three weeks" only where the customer wrote it of the delay itself. A
time that was promised ("you said 3 days"), feared or denied is not one. Standard library only.
"""

from __future__ import annotations

import re
from typing import Final

from emotion_component.language import Language

# Longer messages are pasted text. Reading all of one would hold up every other conversation.
MOST_CHARACTERS: Final = 2_000

LATE_BY: Final = "late_by"
WAITED: Final = "waited"

_EN_SPAN: Final = (
    r"(?P<span>(?:(?:over|almost|nearly|more than|about|around) )?"
    r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|several"
    r"|a few|a couple of) (?:(?:whole|full|working|business) )?(?:hour|day|week|month|year)s?)\b"
)
_ZH_SPAN: Final = (
    r"(?P<span>(?:快|将近|整整|足足)?(?:大半|好几|十几|几十|几|\d{1,3}|[一二两三四五六七八九十]{1,3}|半)"
    r"多?个?多?(?:工作)?(?:小时|钟头|天|周|星期|礼拜|月)多?)"
)
_SAID: Final[dict[Language, dict[str, tuple[re.Pattern[str], ...]]]] = {
    "en": {
        LATE_BY: (
            re.compile(rf"\b{_EN_SPAN} (?:late|overdue|behind|delayed|past due)\b", re.IGNORECASE),
            re.compile(rf"\b(?:late|overdue|delayed) by {_EN_SPAN}", re.IGNORECASE),
        ),
        WAITED: (
            re.compile(rf"\bwait(?:ed|ing)(?: \w+){{0,4}}? for {_EN_SPAN}", re.IGNORECASE),
            re.compile(rf"\bwait(?:ed|ing) {_EN_SPAN}", re.IGNORECASE),
            re.compile(rf"\b(?:it'?s|it has) been {_EN_SPAN}", re.IGNORECASE),
        ),
    },
    "zh": {
        LATE_BY: (
            re.compile(rf"(?:晚|迟|迟到|延迟|延误|超时|超期|逾期|delay)\s*(?:已经)?了?{_ZH_SPAN}"),
            re.compile(rf"过了?预计(?:时间|日期){_ZH_SPAN}"),
        ),
        WAITED: (re.compile(rf"等(?:了|了已经|了快|都)?{_ZH_SPAN}"),),
    },
}
LANGUAGES: Final = tuple(_SAID)
_CLAUSE_END: Final = re.compile(r"[,.;:!?…，。；：！？、\n]")
# Words before the span, in its clause, that make it something else than what has passed.
_NOT_SO: Final[dict[Language, re.Pattern[str]]] = {
    "en": re.compile(
        r"\b(?:if|will|would|might|could|may|can|not|never|gonna|going to|be|told|said|says|mind"
        r"|promised?)\b|n't\b|\bcant\b|\bdont\b|'ll\b",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"如果|要是|万一|会不会|不会|可能|没有?|别|是不是|不是|还要|还得|要等|说好|说的|答应|再"
    ),
}


def said_times(text: str, spoken: Language) -> dict[str, str]:
    """Find how late something is and how long was waited.

    Args:
        text: The customer's message.
        spoken: The language of the words that are to name the time; a time that was written in
            the other language is left out.

    Returns:
        `late_by` and `waited`, each only where the message says so, in its own words.
    """
    plain = text[:MOST_CHARACTERS].replace("’", "'")
    found = {name: _first(patterns, plain, spoken) for name, patterns in _SAID[spoken].items()}
    return {name: span for name, span in found.items() if span}


def _first(patterns: tuple[re.Pattern[str], ...], text: str, spoken: Language) -> str | None:
    for pattern in patterns:
        for match in pattern.finditer(text):
            before = _CLAUSE_END.split(text[: match.start("span")])[-1]
            after = _CLAUSE_END.split(text[match.end("span") :])[0]
            asked = spoken == "zh" and re.search(r"[吗么]$", after)
            if not _NOT_SO[spoken].search(before) and not asked:
                return match["span"].lower()
    return None
