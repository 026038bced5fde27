"""What labels, groups of labels and rankings are scored by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score

from emotion_component import labels

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]

NEGATIVE_COLUMNS: Final = tuple(labels.SERVICE_LABELS.index(name) for name in labels.NEGATIVE)


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


def negative_scores(scores: Floats) -> Floats:
    """Sum the scores of the negative labels in each row of service scores `[rows, labels]`."""
    # Single precision rounds by the order of the summands: rows that tie would be ranked by chance.
    return np.asarray(scores[:, NEGATIVE_COLUMNS].sum(axis=1, dtype=np.float64), np.float32)


def is_negative(truth: Bools) -> Bools:
    """Mark the rows whose service label is a negative one."""
    return np.asarray(truth[:, NEGATIVE_COLUMNS].any(axis=1))


def auroc(truth: Bools, scores: Floats) -> float | None:
    """Measure how well scores rank rows that are true above those that are not.

    Args:
        truth: `[rows]`.
        scores: `[rows]`, in any unit.

    Returns:
        Area under the ROC curve, 0 to 1; `None` where only one kind of row occurs.
    """
    if truth.all() or not truth.any():
        return None
    return float(roc_auc_score(truth, scores))


def group_scores(
    scores: Floats, names: Sequence[str], groups: Mapping[str, Iterable[str]]
) -> Floats:
    """Give each group the chance that one of its members holds, row by row.

    The members' chances are taken for independent ("noisy or"): two shades of anger that are half
    sure each make anger surer than either.

    Args:
        scores: `[rows, labels]`; marks of 0 and 1 count as scores.
        names: Of the labels, in the order of the columns.
        groups: Group name to the names of its labels.

    Returns:
        `[rows, groups]`, in the order of `groups`.
    """
    columns = [[names.index(member) for member in members] for members in groups.values()]
    return np.stack([1 - np.prod(1 - scores[:, members], axis=1) for members in columns], axis=1)


def _ratio(part: npt.NDArray[np.int64], whole: npt.NDArray[np.int64]) -> Floats:
    """Divide, with 0 where there is nothing to divide by."""
    return np.asarray(part / np.maximum(whole, 1), np.float32)
