"""Confidence against being right, and what silence buys."""

from __future__ import annotations

import numpy as np
import pytest

from emotion_component.evaluation.metrics import Bools, Floats
from emotion_component.evaluation.reliability import (
    Answered,
    calibration_error,
    reliability,
    risk_coverage,
)


def always(label: int, confidence: float, rows: int) -> Floats:
    scores = np.zeros((rows, 10), np.float32)
    scores[:, label], scores[:, 9 - label] = confidence, 1 - confidence
    return scores


def true(label: int, rows: int) -> Bools:
    truth = np.zeros((rows, 10), bool)
    truth[:, label] = True
    return truth


def test_a_model_that_is_right_as_often_as_it_says_is_calibrated() -> None:
    truth = np.concatenate([true(0, 8), true(9, 2)])
    assert calibration_error(truth, always(0, 0.8, 10)) == pytest.approx(0, abs=1e-6)
    assert calibration_error(true(9, 10), always(0, 0.8, 10)) == pytest.approx(0.8)


def test_rows_fall_into_bins_by_confidence_the_surest_into_the_last() -> None:
    scores = np.concatenate([always(0, 0.55, 2), always(0, 1.0, 1)])
    bins = reliability(np.concatenate([true(0, 1), true(9, 1), true(0, 1)]), scores)
    assert [part.rows for part in bins] == [0, 0, 0, 0, 0, 2, 0, 0, 0, 1]
    assert bins[5] == pytest.approx((0.5, 2, 0.55, 0.5))
    assert bins[9] == (0.9, 1, 1.0, 1.0)
    assert bins[0] == (0.0, 0, 0.0, 0.0)


def test_accuracy_is_followed_while_doubtful_answers_are_held_back() -> None:
    scores = np.concatenate([always(0, 0.6, 2), always(0, 0.9, 2)])
    curve = risk_coverage(np.concatenate([true(9, 2), true(0, 2)]), scores)
    assert curve[0] == Answered(0.0, 1.0, 0.5)
    by_confidence = {point.confidence: point for point in curve}
    assert by_confidence[0.61] == Answered(0.61, 0.5, 1.0)
    assert by_confidence[0.95] == Answered(0.95, 0.0, 1.0)
