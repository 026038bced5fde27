"""What the chance of dissatisfaction has to beat: text length, word lists, the single message."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from benchmarks.escalation.stc3 import Dialogue
from emotion_component.evaluation import vader

Values = npt.NDArray[np.float64]

# Chinese complaints in plain words, for the same rule that VADER's list serves in English.
_BAD_WORD: Final = re.compile(
    "垃圾|坑|骗|差劲|太差|很差|无语|投诉|失望|恶心|气愤|愤怒|生气|郁闷|烦|崩溃|混蛋|无耻|忽悠|扯淡"
    "|敷衍|推卸|推诿|不负责|没人管|不解决|不理|乱扣|扣费|霸王|坏|烂|慢|卡|糟|破|黑|怒|抓狂|鄙视|可恨"
    "|讨厌|受不了|过分|态度|奇葩|妈的|他妈|尼玛|滚|操|屁|问题|故障|麻烦|怎么回事|什么意思|凭什么"
)
_GOOD_WORD: Final = re.compile(
    "谢谢|感谢|多谢|辛苦|满意|不错|很好|好的|赞|喜欢|开心|高兴|给力|解决了|好了|可爱|棒"
)


def baselines(dialogues: Sequence[Dialogue]) -> dict[str, Values]:
    """Score dialogues of one language by each baseline, `[dialogues]`, higher is worse.

    Returns:
        `text_length`, characters of the customer's text; `vader` (English, where the package is
        installed) or `word_list` (Chinese), the most negative message; `single_turn`, the emotion
        model's strongest displeasure in one message.
    """
    texts = [text for each in dialogues for text in each.texts]
    starts = np.cumsum([0, *(len(each.texts) for each in dialogues)])[:-1]
    found = {
        "text_length": np.add.reduceat(np.array(list(map(len, texts)), np.float64), starts),
        "single_turn": np.array([each.courses[-1].peak for each in dialogues]),
    }
    if dialogues[0].language == "zh":
        found["word_list"] = np.maximum.reduceat(np.array(list(map(_bad_words, texts))), starts)
    elif (scores := vader.negative_scores(texts)) is not None:
        found["vader"] = np.maximum.reduceat(scores.astype(np.float64), starts)
    return found


def _bad_words(text: str) -> float:
    """Count bad words against good ones, on VADER's scale of -1 to 1."""
    total = len(_BAD_WORD.findall(text)) - len(_GOOD_WORD.findall(text))
    return float(total / np.sqrt(total * total + 15))  # VADER's own normalisation
