"""Service messages sorted by what may make them hard, such as length, emoji or negation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from emotion_component import language
from emotion_component.evaluation.metrics import (
    Bools,
    Floats,
    auroc,
    f1_scores,
    is_negative,
    negative_scores,
    service_decisions,
)

# Upper bounds of length, in words; in characters where the text is Chinese.
LENGTHS: Final = ((2, "1-2"), (10, "3-10"), (30, "11-30"))
LONGEST: Final = ">30"
CALM: Final = "calm with negative words"

_WORD: Final = re.compile(r"\w+(?:['’]\w+)*")
_CHARACTER: Final = re.compile(r"\w")
# Pictures, and the names in brackets that Chinese keyboards put in their place ("[微笑]").
_EMOJI: Final = re.compile(
    "[\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff\u2600-\u27bf]|\\[[\u4e00-\u9fff]{1,4}\\]"
)
_NEGATION: Final = re.compile(
    r"\b(?:not|no|never|nothing|nobody|none|neither|nor|cannot|without|\w+n['’]?t)\b"
    "|[不没無无别未非莫甭]",
    re.IGNORECASE,
)
# Shorter ones are mostly abbreviations: SMS, PIN, IBAN is the price.
_CAPITALS: Final = re.compile(r"\b[A-Z]{4,}\b")
# Words that sound like trouble and stand in calm requests too ("cancel my broken order").
_NEGATIVE_WORD: Final = re.compile(
    r"\b(?:broken?|breaks?|cancel\w*|refund\w*|return\w*|wrong\w*|problem\w*|issues?|errors?|fail\w*"
    r"|faulty|damage\w*|complain\w*|lost|los[et]|missing|late|delay\w*|stolen|fraud\w*|died|dead"
    r"|death|sick|ill|hospital|block\w*|stuck|leak\w*|crash\w*|bad|hate|terminat\w*|overdue)\b"
    "|坏|取消|退款|退货|退掉|退了|错|投诉|故障|问题|失败|丢|漏|破|损|裂|缺|延误|逾期|注销|解约|去世|生病|住院"
    "|冻结|拒|卡住|死机|停机|骗|盗",
    re.IGNORECASE,
)


def slice_scores(texts: Sequence[str], truth: Bools, scores: Floats) -> dict[str, dict[str, Any]]:
    """Score service messages slice by slice.

    Args:
        texts: Messages.
        truth: `[texts, labels]`, one-hot service labels.
        scores: `[texts, labels]`, probabilities of the service labels.

    Returns:
        Kind of slice to its values, each with `rows`, `macro_f1` (over the labels that occur),
        `accuracy` and `negative_auroc` (null where only one kind occurs); slices without a row are
        left out. For calm messages with negative words, `negative_auroc` ranks them below all
        negative messages, and `false_alarms` is the share of them that is called negative.
    """
    found: dict[str, dict[str, Any]] = {}
    for kind, values in _values(texts).items():
        found[kind] = {}
        for value in dict.fromkeys(sorted(values, key=_order)):
            rows = np.array([other == value for other in values], bool)
            found[kind][value] = _scores(truth[rows], scores[rows])
    calm = ~is_negative(truth) & np.array([bool(_NEGATIVE_WORD.search(t)) for t in texts], bool)
    if calm.any():
        found[CALM] = {"yes": _calm(truth, scores, calm)}
    return found


def _values(texts: Sequence[str]) -> Mapping[str, list[str]]:
    """Say of each text which value of each kind it has."""
    return {
        "language": [language.detect(text) or "none" for text in texts],
        "length": [length(text) for text in texts],
        "emoji": [_yes(_EMOJI, text) for text in texts],
        "negation": [_yes(_NEGATION, text) for text in texts],
        "capitals": [_yes(_CAPITALS, text) for text in texts],
    }


def _yes(pattern: re.Pattern[str], text: str) -> str:
    return "yes" if pattern.search(text) else "no"


def length(text: str) -> str:
    """Name the class of length: in characters for Chinese, else in words."""
    counted = _CHARACTER if language.detect(text) == "zh" else _WORD
    count = len(counted.findall(text))
    return next((name for most, name in LENGTHS if count <= most), LONGEST)


def _order(value: str) -> tuple[int, str]:
    """Sort lengths from short to long, and what is no length by name."""
    names = [name for _, name in LENGTHS] + [LONGEST]
    return (names.index(value) if value in names else 0, value)


def _scores(truth: Bools, scores: Floats) -> dict[str, Any]:
    decided = service_decisions(scores)
    ranked = auroc(is_negative(truth), negative_scores(scores))
    return {
        "rows": len(truth),
        "macro_f1": round(f1_scores(truth, decided).macro, 4),
        "accuracy": round(float((truth & decided).any(axis=1).mean()), 4),
        "negative_auroc": None if ranked is None else round(ranked, 4),
    }


def _calm(truth: Bools, scores: Floats, calm: Bools) -> dict[str, Any]:
    """Score calm messages with negative words, ranked beside all negative messages."""
    beside = calm | is_negative(truth)
    alarms = is_negative(service_decisions(scores[calm]))
    ranked = _scores(truth[beside], scores[beside])["negative_auroc"]
    return {
        **_scores(truth[calm], scores[calm]),
        "negative_auroc": ranked,
        "false_alarms": round(float(alarms.mean()), 4),
    }
