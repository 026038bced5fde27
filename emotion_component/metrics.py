"""F1 scores over labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from emotion_component import labels

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class F1:
    """Scores of a multi-label or one-hot prediction, each 0 to 1; 0 where undefined.

    Attributes:
        precision: Of each label.
        recall: Of each label.
        f1: Of each label.
        support: Rows that truly have each label.
        macro: Mean of `f1` over the labels that occur in the truth.
        micro: F1 over all decisions together.
    """

    precision: Floats
    recall: Floats
    f1: Floats
    support: npt.NDArray[np.int64]
    macro: float
    micro: float


def f1_scores(truth: Bools, predicted: Bools) -> F1:
    """Score predictions.

    Args:
        truth: `[rows, labels]`.
        predicted: `[rows, labels]`.
    """
    hits = (truth & predicted).sum(axis=0)
    support, claims = truth.sum(axis=0), predicted.sum(axis=0)
    f1 = _ratio(2 * hits, support + claims)
    occurring = f1[support > 0]
    return F1(
        precision=_ratio(hits, claims),
        recall=_ratio(hits, support),
        f1=f1,
        support=support,
        macro=float(occurring.mean()) if occurring.size else 0.0,
        micro=float(_ratio(2 * hits.sum(), (support + claims).sum())),
    )


def service_decisions(scores: Floats) -> Bools:
    """Mark the label that `labels.decide` chooses in each row of service scores."""
    chosen = np.zeros(scores.shape, np.bool_)
    for row, values in enumerate(scores.tolist()):
        name = labels.decide(dict(zip(labels.SERVICE_LABELS, values, strict=True)))
        chosen[row, labels.SERVICE_LABELS.index(name)] = True
    return chosen


def _ratio(part: npt.NDArray[np.int64], whole: npt.NDArray[np.int64]) -> Floats:
    """Divide, with 0 where there is nothing to divide by."""
    return np.asarray(part / np.maximum(whole, 1), np.float32)
