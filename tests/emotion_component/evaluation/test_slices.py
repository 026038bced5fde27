"""Service messages sorted by what may make them hard."""

from __future__ import annotations

import numpy as np
import pytest

from emotion_component import labels
from emotion_component.evaluation.metrics import Bools, Floats
from emotion_component.evaluation.slices import CALM, length, slice_scores


def hot(*names: str) -> Bools:
    return np.array([[name == label for label in labels.SERVICE_LABELS] for name in names])


def sure(*names: str) -> Floats:
    return np.where(hot(*names), 0.91, 0.01).astype(np.float32)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("refund?", "1-2"),
        ("don't know", "1-2"),
        ("where is my order", "3-10"),
        ("word " * 30, "11-30"),
        ("word " * 31, ">30"),
        ("谢谢！", "1-2"),
        ("我的快递还没到", "3-10"),
        ("催" * 31, ">30"),
        ("😡", "1-2"),
    ],
)
def test_length_is_counted_in_words_and_in_characters_of_chinese(text: str, expected: str) -> None:
    assert length(text) == expected


def test_each_slice_is_scored_by_itself() -> None:
    texts = ["thank you 🙏", "REFUND me now", "it does not work", "还没到货", "谢谢"]
    truth = hot("gratitude", "anger", "frustration", "worry", "gratitude")
    scores = sure("gratitude", "neutral", "frustration", "worry", "joy")
    found = slice_scores(texts, truth, scores)
    assert {kind: {v: row["rows"] for v, row in part.items()} for kind, part in found.items()} == {
        "language": {"en": 3, "zh": 2},
        "length": {"1-2": 2, "3-10": 3},
        "emoji": {"no": 4, "yes": 1},
        "negation": {"no": 3, "yes": 2},
        "capitals": {"no": 4, "yes": 1},
    }
    assert found["language"]["zh"] == {
        "rows": 2,
        "macro_f1": 0.5,
        "accuracy": 0.5,
        "negative_auroc": 1.0,
    }
    assert found["capitals"]["yes"]["negative_auroc"] is None


def test_calm_messages_with_negative_words_are_watched_for_false_alarms() -> None:
    texts = [
        "please cancel my order",
        "my screen is broken, warranty?",
        "这个坏了怎么退货",
        "awful",
    ]
    truth = hot("neutral", "neutral", "neutral", "anger")
    found = slice_scores(texts, truth, sure("neutral", "frustration", "neutral", "anger"))[CALM]
    assert found["yes"]["rows"] == 3
    assert found["yes"]["false_alarms"] == pytest.approx(1 / 3, abs=1e-4)
    assert found["yes"]["negative_auroc"] == pytest.approx(2.5 / 3, abs=1e-4)
    assert CALM not in slice_scores(["awful"], hot("anger"), sure("anger"))
