"""From which score on a label counts as given."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from emotion_component.evaluation.metrics import f1_scores

Floats = npt.NDArray[np.float32]

_RESAMPLES: Final = 20
_SEED: Final = 0  # the same rows, the same thresholds
CANDIDATES: Final = tuple(np.round(np.arange(0.05, 0.9, 0.025), 3).tolist())


def tuned(truth: Floats, scores: Floats) -> list[float]:
    """Choose the threshold of each label, for a good F1 on rows that are not here.

    A label with a dozen rows has its best threshold by chance. The scores, where they are honest
    probabilities, tell one by themselves: the mean of both is nearer than either. Whether the
    scores are honest is seen on these rows, of which each half judges what the other one chose.

    Args:
        truth: `[rows, labels]`, 1 where the label holds; at least two rows.
        scores: `[rows, labels]`, 0 to 1.

    Returns:
        A threshold for each label, 0 to 1.
    """
    ways = (between, best)
    halves = ((truth[::2], scores[::2]), (truth[1::2], scores[1::2]))
    held = np.concatenate([marks for marks, _ in halves]) > 0
    reached = []
    for way in ways:
        given = [
            said >= np.array(way(*other))
            for (_, said), other in zip(halves, halves[::-1], strict=True)
        ]
        reached.append(f1_scores(held, np.concatenate(given)).macro)
    return ways[int(np.argmax(reached))](truth, scores)


def between(truth: Floats, scores: Floats) -> list[float]:
    """Average what these rows and what their scores say.

    Args:
        truth: `[rows, labels]`, 1 where the label holds.
        scores: `[rows, labels]`, 0 to 1.

    Returns:
        The mean of `expected_best` and of the thresholds that are best on resamples of the rows
        (bagging, Breiman 1996), for each label.
    """
    draw = np.random.default_rng(_SEED)
    drawn = [draw.integers(0, len(truth), len(truth)) for _ in range(_RESAMPLES)]
    by_rows = np.mean([best(truth[rows], scores[rows]) for rows in drawn], axis=0)
    by_scores = np.array(expected_best(scores))
    return [round(float(value), 4) for value in (by_rows + by_scores) / 2]


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
