"""From which score on a label counts as given."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from emotion_component.evaluation.metrics import f1_scores

Floats = npt.NDArray[np.float32]

CANDIDATES: Final = tuple(np.round(np.arange(0.05, 0.9, 0.025), 3).tolist())


def tuned(truth: Floats, scores: Floats) -> list[float]:
    """Choose the threshold of each label, for a good F1 on rows that are not here.

    A label with a dozen rows has its best threshold by chance. Where the scores are honest
    probabilities, those alone tell a better one; whether they are is seen on these rows, where the
    thresholds of each half that are best on the other one stand against it.

    Args:
        truth: `[rows, labels]`, 1 where the label holds; at least two rows.
        scores: `[rows, labels]`, 0 to 1.

    Returns:
        A threshold for each label, 0 to 1.
    """
    expected = expected_best(scores)
    crossed = np.zeros(scores.shape, np.bool_)
    for half, other in ((0, 1), (1, 0)):
        fitted = np.array(best(truth[other::2], scores[other::2]))
        crossed[half::2] = scores[half::2] >= fitted
    by_scores = f1_scores(truth > 0, scores >= np.array(expected)).macro
    by_truth = f1_scores(truth > 0, crossed).macro
    return expected if by_scores >= by_truth else best(truth, scores)


def best(truth: Floats, scores: Floats) -> list[float]:
    """Choose the threshold of each label that gives it the best F1 on these very rows.

    Args:
        truth: `[rows, labels]`, 1 where the label holds.
        scores: `[rows, labels]`, 0 to 1.

    Returns:
        One of `CANDIDATES` for each label; the lowest of equals.
    """
    f1 = np.stack([f1_scores(truth > 0, scores >= at).f1 for at in CANDIDATES])
    return [CANDIDATES[int(found)] for found in f1.argmax(axis=0)]


def expected_best(scores: Floats) -> list[float]:
    """Choose the threshold of each label that gives it the best F1 to be expected of its scores.

    Where scores are probabilities, a label is best given from half of the best F1 that can be
    reached on (Lipton, Elkan and Naryanaswamy 2014, https://arxiv.org/abs/1402.1892). That F1 is
    estimated from the scores themselves: those given, and all of them, add up to the hits and the
    rows that are to be expected.

    Args:
        scores: `[rows, labels]`, 0 to 1.
    """
    falling = -np.sort(-scores.astype(np.float64), axis=0)
    given = np.arange(1, len(scores) + 1)[:, np.newaxis]
    f1 = 2 * falling.cumsum(axis=0) / (given + falling.sum(axis=0))
    return [round(float(found), 4) for found in f1.max(axis=0) / 2]
