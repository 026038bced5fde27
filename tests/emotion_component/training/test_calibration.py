"""Thresholds, temperatures and when to abstain."""

from __future__ import annotations

import numpy as np
import pytest

from emotion_component import labels
from emotion_component.datasets.corpus import Corpus
from emotion_component.datasets.sources import Example
from emotion_component.evaluation.reliability import Answered
from emotion_component.training import batches, calibration
from emotion_component.training.calibration import Floats


def boastful(rows: int, right: int, zeal: float) -> tuple[Floats, Floats]:
    """Give truth and logits of a model that always says the first label."""
    truth = np.zeros((rows, 10), np.float32)
    truth[:right, 0], truth[right:, 9] = 1, 1
    logits = np.zeros_like(truth)
    logits[:, 0] = zeal
    return truth, logits


def test_each_language_is_cooled_as_far_as_it_boasts() -> None:
    english, chinese = boastful(10, 7, 12.0), boastful(10, 7, 4.0)
    truth, logits = (np.concatenate(pair) for pair in zip(english, chinese, strict=True))
    spoken = ["en"] * 10 + ["zh"] * 10
    found = calibration.best_temperatures(truth, logits, spoken)
    assert found["en"] == pytest.approx(3 * found["zh"], rel=0.1)
    assert found["zh"] > 1
    assert calibration.best_temperatures(*english, ["en"] * 10)["zh"] == 1.0


@pytest.mark.parametrize(
    ("curve", "expected"),
    [
        ([(0.0, 1.0, 0.7), (0.2, 0.98, 0.71), (0.3, 0.93, 0.725), (0.4, 0.9, 0.74)], 0.3),
        ([(0.0, 1.0, 0.7), (0.24, 0.95, 0.705), (0.4, 0.5, 0.9)], 0.24),  # too much silence
        ([(0.0, 1.0, 0.7), (0.25, 1.0, 0.7), (0.5, 0.95, 0.71)], 0.25),  # too little gain
    ],
)
def test_silence_begins_where_it_is_worth_its_price(
    curve: list[tuple[float, float, float]], expected: float
) -> None:
    chosen = calibration.abstain_point([Answered(*point) for point in curve])
    assert chosen.confidence == expected


def test_a_model_is_tuned_by_language_and_for_groups_of_labels(toy_corpus: Corpus) -> None:
    def predict(examples: list[Example]) -> dict[str, Floats]:
        values, _ = batches.targets(examples)
        return {head: 6 * target - 3 for head, target in values.items()}

    tuned = calibration.tune(predict, toy_corpus.dev)
    card = tuned.card()
    assert set(card["temperature"]) == {"en", "zh"}
    assert list(card["thresholds"]["ekman"]) == [*labels.EKMAN_GROUPS, "neutral"]
    assert list(card["thresholds"]["sentiment"]) == [*labels.SENTIMENT_GROUPS, "neutral"]
    assert card["abstain_dev"]["accuracy"] == 1.0
    without = calibration.tune(predict, {"service": toy_corpus.dev["service"]})
    assert set(without.thresholds["ekman"].values()) == {calibration.DEFAULT_THRESHOLD}


def test_a_softmax_sums_to_one_even_for_huge_logits() -> None:
    values = calibration.softmax(np.array([[1e4, 0.0], [-1e4, 0.0]], np.float32))
    np.testing.assert_allclose(values, [[1, 0], [0, 1]])
