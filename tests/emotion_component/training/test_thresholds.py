"""From which score on a label counts as given."""

from __future__ import annotations

import numpy as np

from emotion_component.evaluation.metrics import f1_scores
from emotion_component.training import thresholds
from emotion_component.training.thresholds import Floats

_ROWS = 2_000


def honest(rows: int, seed: int) -> tuple[Floats, Floats]:
    """Give truth and scores of six rare labels; each score is the chance of its label."""
    draw = np.random.default_rng(seed)
    scores = draw.beta(0.15, 6.0, (rows, 6)).astype(np.float32)
    return (draw.random(scores.shape) < scores).astype(np.float32), scores


def macro_f1(truth: Floats, scores: Floats, at: list[float]) -> float:
    return f1_scores(truth > 0, scores >= np.array(at)).macro


def test_the_threshold_that_separates_a_label_is_the_best() -> None:
    truth = np.array([[1], [1], [0], [0]], np.float32)
    scores = np.array([[0.72], [0.66], [0.61], [0.2]], np.float32)
    (found,) = thresholds.best(truth, scores)
    assert 0.61 < found <= 0.66


def test_half_of_the_best_expected_f1_is_the_best_for_honest_scores() -> None:
    truth, scores = honest(200_000, seed=1)
    at = thresholds.expected_best(scores)
    fitted = thresholds.best(truth, scores)
    np.testing.assert_allclose(at, fitted, atol=0.03)
    reached = f1_scores(truth > 0, scores >= np.array(at)).f1
    np.testing.assert_allclose(at, reached / 2, atol=0.01)


def test_honest_scores_count_beside_the_rows() -> None:
    gains, counted = [], 0
    for seed in range(10):
        truth, scores = honest(_ROWS, seed)
        counted += thresholds.tuned(truth, scores) == thresholds.between(truth, scores)
        unseen = honest(50_000, seed + 100)
        best = macro_f1(*unseen, thresholds.best(truth, scores))
        gains.append(macro_f1(*unseen, thresholds.tuned(truth, scores)) - best)
    assert counted >= 7  # on two thousand rows chance has its say
    assert np.mean(gains) > 0.004


def test_scores_that_boast_do_not() -> None:
    truth, scores = honest(_ROWS, seed=3)
    boasting = scores**0.25
    at = thresholds.tuned(truth, boasting)
    assert at == thresholds.best(truth, boasting)
    unseen, said = honest(50_000, seed=4)
    between = thresholds.between(truth, boasting)
    assert macro_f1(unseen, said**0.25, at) > macro_f1(unseen, said**0.25, between)
