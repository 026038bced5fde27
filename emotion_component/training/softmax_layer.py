"""A softmax layer on rows that stand, fitted to the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from scipy.optimize import minimize

from emotion_component.evaluation.metrics import NEGATIVE_COLUMNS, Floats
from emotion_component.training.calibration import softmax

STEPS: Final = 400
_LEAST: Final = 1e-6  # keeps a logarithm finite

# Softmax shares `[rows, labels]` and what was wanted -> summed loss and its slope by logit.
Loss = Callable[[Floats, Floats], tuple[float, Floats]]


class Term(NamedTuple):
    """Rows that teach the layer.

    Attributes:
        loss: `of_labels` or `of_votes`.
        weight: Of each row's loss beside the penalty.
        read: `[rows, width]`, dense or a sparse matrix of SciPy's.
        wanted: What the loss takes.
    """

    loss: Loss
    weight: float
    read: Any
    wanted: Floats


def fit(
    terms: Sequence[Term], width: int, labels: int, steps: int = STEPS
) -> tuple[Floats, Floats]:
    """Minimize half the squared norm of the kernel plus the weighed losses, in so many steps.

    Returns:
        Kernel `[width, labels]` and bias `[labels]`.
    """

    def objective(flat: Any) -> tuple[float, Any]:
        layer = flat.reshape(width + 1, labels).astype(np.float32)
        value = 0.5 * float((layer[:-1] ** 2).sum())
        gradient = np.concatenate([layer[:-1], np.zeros_like(layer[-1:])])
        for loss, weight, rows, wanted in terms:
            summed, slope = loss(softmax(rows @ layer[:-1] + layer[-1]), wanted)
            value += weight * summed
            gradient[:-1] += weight * (rows.T @ slope)
            gradient[-1] += weight * slope.sum(axis=0)
        return value, gradient.ravel().astype(np.float64)

    start = np.zeros((width + 1) * labels)
    found = minimize(objective, start, jac=True, method="L-BFGS-B", options={"maxiter": steps})
    layer = found.x.reshape(width + 1, labels).astype(np.float32)
    return layer[:-1], layer[-1]


def of_labels(shares: Floats, wanted: Floats) -> tuple[float, Floats]:
    """Give the summed cross-entropy of softmax shares with one-hot labels, and its slope."""
    return -float(np.log(shares[wanted > 0] + _LEAST).sum()), shares - wanted


def of_votes(shares: Floats, wanted: Floats) -> tuple[float, Floats]:
    """Give the summed cross-entropy of the negative share with votes `[rows]`, and its slope."""
    negative = np.zeros(shares.shape[1], np.bool_)
    negative[list(NEGATIVE_COLUMNS)] = True
    chance = np.clip(shares[:, negative].sum(axis=1), _LEAST, 1 - _LEAST)
    loss = -float((wanted * np.log(chance) + (1 - wanted) * np.log(1 - chance)).sum())
    # The log-odds of `chance` rise with a logit by its part of the negative labels, and fall with
    # it by its part of the others.
    part = np.where(negative, shares / chance[:, np.newaxis], -shares / (1 - chance)[:, np.newaxis])
    return loss, (chance - wanted)[:, np.newaxis] * part
