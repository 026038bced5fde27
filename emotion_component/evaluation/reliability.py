"""Whether a confidence can be believed, and what silence below it buys."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from emotion_component.evaluation.metrics import Bools, Floats, service_decisions

BINS: Final = 10
# Confidences at which the risk-coverage curve is read.
STEPS: Final = tuple(np.round(np.arange(0.0, 0.9501, 0.01), 2).tolist())


class Bin(NamedTuple):
    """Rows of similar confidence.

    Attributes:
        low: Lower bound of the confidence, 0 to 1; the upper one is the next bin's.
        rows: How many.
        confidence: Their mean confidence, 0 to 1; 0 without rows.
        accuracy: The share of them that is right, 0 to 1; 0 without rows.
    """

    low: float
    rows: int
    confidence: float
    accuracy: float


class Answered(NamedTuple):
    """What happens when everything below a confidence is left unanswered.

    Attributes:
        confidence: The bound, 0 to 1.
        coverage: Share of rows that are answered, 0 to 1.
        accuracy: Share of the answers that are right, 0 to 1; 1 where nothing is answered.
    """

    confidence: float
    coverage: float
    accuracy: float


def confidence_and_right(truth: Bools, scores: Floats) -> tuple[Floats, Bools]:
    """Read service scores as answers.

    Args:
        truth: `[rows, labels]`, one-hot.
        scores: `[rows, labels]`, rows sum to 1.

    Returns:
        The confidence of each row's answer, and whether it is right, both `[rows]`.
    """
    chosen = service_decisions(scores)
    return np.asarray((scores * chosen).sum(axis=1), np.float32), (truth & chosen).any(axis=1)


def reliability(truth: Bools, scores: Floats, bins: int = BINS) -> list[Bin]:
    """Sort answers into equal bins of confidence; see `confidence_and_right` for the arguments."""
    confidence, right = confidence_and_right(truth, scores)
    at = np.minimum((confidence * bins).astype(int), bins - 1)
    return [
        _bin(which / bins, confidence[at == which], right[at == which]) for which in range(bins)
    ]


def _bin(low: float, confidence: Floats, right: Bools) -> Bin:
    if not len(confidence):
        return Bin(low, 0, 0.0, 0.0)
    return Bin(low, len(confidence), float(confidence.mean()), float(right.mean()))


def calibration_error(truth: Bools, scores: Floats, bins: int = BINS) -> float:
    """Measure how far confidence is from being right, over equal bins of confidence.

    Args:
        truth: `[rows, labels]`, one-hot.
        scores: `[rows, labels]`, rows sum to 1.
        bins: Number of bins.

    Returns:
        Expected calibration error (Naeini et al. 2015), 0 to 1.
    """
    parts = reliability(truth, scores, bins)
    gaps = sum(part.rows * abs(part.confidence - part.accuracy) for part in parts)
    return gaps / max(len(truth), 1)


def risk_coverage(truth: Bools, scores: Floats) -> list[Answered]:
    """Follow accuracy as less and less is answered (El-Yaniv and Wiener 2010).

    Args:
        truth: `[rows, labels]`, one-hot.
        scores: `[rows, labels]`, rows sum to 1.

    Returns:
        One point for each of `STEPS`, from answering everything on.
    """
    confidence, right = confidence_and_right(truth, scores)
    return [answered(confidence, right, step) for step in STEPS]


def answered(confidence: Floats, right: Bools, below: float) -> Answered:
    """Say what remains when answers below a confidence are held back."""
    kept: npt.NDArray[Any] = confidence >= below
    if not kept.any():
        return Answered(below, 0.0, 1.0)
    return Answered(below, float(kept.mean()), float(right[kept].mean()))
