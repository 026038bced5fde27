"""What an evaluation says of service messages beyond F1: confusion, confidence, silence, slices."""

from __future__ import annotations

from typing import Any

import numpy as np

from emotion_component import labels
from emotion_component.evaluation import vader
from emotion_component.evaluation.metrics import Bools, Floats, auroc, is_negative, negative_scores
from emotion_component.evaluation.reliability import (
    answered,
    calibration_error,
    confidence_and_right,
    reliability,
    risk_coverage,
)
from emotion_component.evaluation.scored import Scored
from emotion_component.evaluation.slices import slice_scores


def service_report(scored: Scored, abstain_below: float) -> dict[str, Any]:
    """Report on service messages.

    Args:
        scored: Of the taxonomy `voices`.
        abstain_below: Confidence under which the model declines to say.

    Returns:
        `negative_auroc`, how well the summed score of the negative labels ranks messages that
        have one of them above those that do not (0 to 1, null where only one kind occurs), and
        `vader_auroc` of VADER's rules on the same rows (null where it is not installed, which
        `vader` then says); `accuracy`; `confusion` with a row a true label; `calibration_error`
        over ten bins and those bins as `reliability`; `risk_coverage` and the `abstain` point on
        it; `slices`.
    """
    truth, scores = scored.labelled.truth, scored.scores
    confidence, right = confidence_and_right(truth, scores)
    negative = is_negative(truth)
    return {
        "negative_auroc": _rounded(auroc(negative, negative_scores(scores))),
        **_vader(scored.labelled.texts, negative),
        "accuracy": round(float(right.mean()), 4),
        "confusion": {
            "labels": list(labels.SERVICE_LABELS),
            "rows": _confusion(truth, scored.decided),
        },
        "calibration_error": round(calibration_error(truth, scores), 4),
        "reliability": [_record(part._asdict()) for part in reliability(truth, scores)],
        "risk_coverage": [_record(point._asdict()) for point in risk_coverage(truth, scores)],
        "abstain": _record(answered(confidence, right, abstain_below)._asdict()),
        "slices": slice_scores(scored.labelled.texts, truth, scores),
    }


def _vader(texts: list[str], negative: Bools) -> dict[str, Any]:
    """Score the rules of VADER on the same rows, or say that they are not there."""
    scores = vader.negative_scores(texts)
    if scores is None:
        return {"vader_auroc": None, "vader": "not installed: pip install vaderSentiment"}
    return {"vader_auroc": _rounded(auroc(negative, scores))}


def _confusion(truth: Bools, decided: Bools) -> list[list[int]]:
    """Count rows by true label (down) and given label (across)."""
    counts: Floats = truth.astype(np.float32).T @ decided.astype(np.float32)
    return [[int(count) for count in row] for row in counts.tolist()]


def _record(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: round(value, 4) if isinstance(value, float) else value
        for name, value in values.items()
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
