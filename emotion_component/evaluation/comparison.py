"""Two models on the same rows: differences, and how far chance alone would move them.

The interval is the percentile interval of a paired bootstrap (Efron and Tibshirani 1993, chapter
13; for classifiers Berg-Kirkpatrick et al. 2012, https://aclanthology.org/D12-1091): rows are drawn
anew with replacement, both models are scored on the same draw, and the differences are sorted.
Messages of one voice resemble each other, so for messages by few voices the true interval is wider.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from emotion_component.evaluation.metrics import Bools, Floats, auroc, f1_scores

RESAMPLES: Final = 1_000
LEVEL: Final = 0.95
SEED: Final = 20_240_607

Counts = npt.NDArray[np.float32]
Values = npt.NDArray[np.float64]


def compare_decisions(
    truth: Bools, ours: Bools, theirs: Bools, names: Sequence[str]
) -> dict[str, Any]:
    """Compare F1 scores.

    Args:
        truth: `[rows, labels]`.
        ours: `[rows, labels]`, decisions of the model that is judged.
        theirs: `[rows, labels]`, decisions of the other.
        names: Of the labels.

    Returns:
        `macro_f1`, `micro_f1` and `per_label`, each difference as `difference` gives it; labels
        that do not occur are left out.
    """
    counts = _draw(len(truth))
    mine, other = (_resampled_f1(truth, decided, counts) for decided in (ours, theirs))
    plain, plain_other = f1_scores(truth, ours), f1_scores(truth, theirs)
    per_label = {
        name: difference(
            float(plain.f1[at]), float(plain_other.f1[at]), mine[0][:, at] - other[0][:, at]
        )
        for at, name in enumerate(names)
        if plain.support[at]
    }
    return {
        "macro_f1": difference(plain.macro, plain_other.macro, mine[1] - other[1]),
        "micro_f1": difference(plain.micro, plain_other.micro, mine[2] - other[2]),
        "per_label": per_label,
    }


def compare_rankings(truth: Bools, ours: Floats, theirs: Floats) -> dict[str, Any] | None:
    """Compare AUROC; `None` where only one kind of row occurs.

    Args:
        truth: `[rows]`.
        ours: `[rows]`, scores of the model that is judged.
        theirs: `[rows]`, scores of the other.
    """
    mine, other = auroc(truth, ours), auroc(truth, theirs)
    if mine is None or other is None:
        return None
    counts = _draw(len(truth))
    drawn = _resampled_auroc(truth, ours, counts) - _resampled_auroc(truth, theirs, counts)
    return difference(mine, other, drawn)


def difference(ours: float, theirs: float, drawn: Values) -> dict[str, Any]:
    """Say how far apart two scores are.

    Args:
        ours: Score of the model that is judged.
        theirs: Score of the other.
        drawn: The difference on each resample; draws on which it is undefined are not numbers.

    Returns:
        `model`, `against`, `difference`, its `interval` of 95 %, and the `winner`: `model` or
        `against` where the interval keeps clear of 0, else `even`.
    """
    tail = (1 - LEVEL) / 2
    usable = drawn[np.isfinite(drawn)]
    low, high = np.quantile(usable if len(usable) else np.zeros(1), [tail, 1 - tail])
    winner = "model" if low > 0 else "against" if high < 0 else "even"
    return {
        "model": round(ours, 4),
        "against": round(theirs, 4),
        "difference": round(ours - theirs, 4),
        "interval": [round(float(low), 4), round(float(high), 4)],
        "winner": winner,
    }


def _draw(rows: int) -> Counts:
    """Draw rows with replacement: how often each is in each resample, `[resamples, rows]`."""
    generator = np.random.default_rng(SEED)
    counts = np.zeros((RESAMPLES, rows), np.float32)
    for resample in counts:
        resample += np.bincount(generator.integers(0, rows, rows), minlength=rows)
    return counts


def _resampled_f1(truth: Bools, decided: Bools, counts: Counts) -> tuple[Values, Values, Values]:
    """Give F1 by label `[resamples, labels]`, macro and micro `[resamples]` on every resample."""
    hits = (counts @ (truth & decided).astype(np.float32)).astype(np.float64)
    support = (counts @ truth.astype(np.float32)).astype(np.float64)
    claims = (counts @ decided.astype(np.float32)).astype(np.float64)
    f1 = 2 * hits / np.maximum(support + claims, 1)
    occurring = support > 0
    macro = (f1 * occurring).sum(axis=1) / np.maximum(occurring.sum(axis=1), 1)
    micro = 2 * hits.sum(axis=1) / np.maximum((support + claims).sum(axis=1), 1)
    return f1, macro, micro


def _resampled_auroc(truth: Bools, scores: Floats, counts: Counts) -> Values:
    """Give AUROC on every resample, ties counted half; not a number where it is undefined."""
    order = np.argsort(scores, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(scores[order]) > 0])
    drawn = counts[:, order].astype(np.float64)
    positive = np.add.reduceat(drawn * truth[order], starts, axis=1)
    negative = np.add.reduceat(drawn * ~truth[order], starts, axis=1)
    below = np.cumsum(negative, axis=1) - negative / 2
    pairs = positive.sum(axis=1) * negative.sum(axis=1)
    won = (positive * below).sum(axis=1)
    return np.divide(won, pairs, out=np.full(len(won), np.nan), where=pairs > 0)
