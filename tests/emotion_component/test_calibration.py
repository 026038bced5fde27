"""Thresholds, temperature and the calibration error."""

from __future__ import annotations

import numpy as np
import pytest

from emotion_component import calibration


def test_the_threshold_that_separates_a_label_is_found() -> None:
    truth = np.array([[1], [1], [0], [0]], np.float32)
    scores = np.array([[0.72], [0.66], [0.61], [0.2]], np.float32)
    (found,) = calibration.best_thresholds(truth, scores)
    assert 0.61 < found <= 0.66


def test_a_model_that_is_right_as_often_as_it_says_is_calibrated() -> None:
    scores = np.zeros((10, 10), np.float32)
    scores[:, 0], scores[:, 9] = 0.8, 0.2
    truth = np.zeros_like(scores)
    truth[:8, 0], truth[8:, 9] = 1, 1
    assert calibration.calibration_error(truth, scores) == pytest.approx(0, abs=1e-6)
    truth[:] = np.eye(10)[9]
    assert calibration.calibration_error(truth, scores) == pytest.approx(0.8)


def test_a_boastful_model_is_cooled_by_the_temperature() -> None:
    rows = 10
    truth = np.zeros((rows, 10), np.float32)
    truth[:7, 0], truth[7:, 9] = 1, 1
    logits = np.zeros_like(truth)
    logits[:, 0] = 12.0
    best = min(
        calibration.TEMPERATURES,
        key=lambda value: calibration.cross_entropy(truth, logits / value),
    )
    assert best > 2


def test_a_softmax_sums_to_one_even_for_huge_logits() -> None:
    values = calibration.softmax(np.array([[1e4, 0.0], [-1e4, 0.0]], np.float32))
    np.testing.assert_allclose(values, [[1, 0], [0, 1]])
