"""The figures of `benchmarks.escalation` in one language: ranking, calibration, cost, lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.stats import spearmanr
from sklearn.metrics import average_precision_score

from benchmarks.escalation.baselines import baselines
from benchmarks.escalation.stc3 import Dialogue
from emotion_component.datasets.corpus import fold
from emotion_component.evaluation.comparison import compare_rankings
from emotion_component.evaluation.metrics import auroc

Values = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

ALARMS: Final = tuple(round(0.05 * step, 2) for step in range(2, 17))
# How many needless handoffs one missed customer is worth.
PRICES: Final = (1, 2, 5, 10)
_BINS: Final = 10


def figures(dialogues: Sequence[Dialogue], chances: Sequence[Sequence[float]]) -> dict[str, Any]:
    """Measure chances against how dialogues ended.

    Args:
        dialogues: Of one language.
        chances: Of each dialogue after each turn, 0 to 1, by models that were not fitted on it.

    Returns:
        `auroc` with its `interval`, `average_precision` and `share_correlation` (Spearman, with
        the share of dissatisfied votes) of the chance at the end; `baselines`, each compared in
        pairs; `by_turn` and `calibration_error` of the chances after every turn; `forecast`, the
        chances while turns are still to come; `costs`, what an alarm at each chance misses, raises
        needlessly, and how many turns it leaves; `cheapest`, the best alarm by price of a miss.
    """
    ended = np.array([each.dissatisfied for each in dialogues])
    last = np.array([chance[-1] for chance in chances])
    shares = [each.share for each in dialogues]
    # Against a constant, whose AUROC is .5 on every draw: this is the plain interval.
    alone = compared(ended, last, np.zeros(len(last)))
    return {
        "dialogues": len(dialogues),
        "dissatisfied": round(float(ended.mean()), 4),
        "auroc": alone["model"],
        "interval": [round(bound + 0.5, 4) for bound in alone["interval"]],
        "average_precision": round(float(average_precision_score(ended, last)), 4),
        "share_correlation": round(float(spearmanr(shares, last)[0]), 4),
        "baselines": {
            name: compared(ended, last, scores)
            | {"average_precision": round(float(average_precision_score(ended, scores)), 4)}
            for name, scores in baselines(dialogues).items()
        },
        "by_turn": by_turn(dialogues, chances),
        "calibration_error": calibration_error(*_rows(dialogues, chances)[:2]),
        "forecast": forecast(dialogues, chances),
        "costs": (curve := [cost(dialogues, chances, alarm) for alarm in ALARMS]),
        "cheapest": cheapest(curve, float(ended.mean())),
    }


def compared(truth: Bools, ours: Values, theirs: Values) -> dict[str, Any]:
    """Compare two rankings; see `evaluation.comparison.difference`."""
    found = compare_rankings(truth, ours.astype(np.float32), theirs.astype(np.float32))
    if found is None:
        raise SystemExit("All dialogues ended alike; read more of them (--limit).")
    return found


def by_turn(dialogues: Sequence[Dialogue], chances: Sequence[Sequence[float]]) -> list[Any]:
    """Measure after the first turn, the second and so on, over dialogues that got so far."""
    found = []
    for at in range(max(map(len, chances))):
        reached = [index for index, chance in enumerate(chances) if len(chance) > at]
        ended = np.array([dialogues[index].dissatisfied for index in reached])
        scores = np.array([chances[index][at] for index in reached])
        ranked = auroc(ended, scores.astype(np.float32))
        found.append(
            {
                "turn": at + 1,
                "dialogues": len(reached),
                "auroc": None if ranked is None else round(ranked, 4),
                "mean_chance": round(float(scores.mean()), 4),
                "dissatisfied": round(float(ended.mean()), 4),
            }
        )
    return found


def forecast(dialogues: Sequence[Dialogue], chances: Sequence[Sequence[float]]) -> dict[str, Any]:
    """Measure the chances at turns that are not the last, against this message's displeasure."""
    ended, scores, now = _rows(dialogues, chances, before_the_end=True)
    told = compared(ended, scores, now)
    return {
        "turns": len(ended),
        "auroc": told["model"],
        "this_message_alone": told["against"],
        "difference": told["difference"],
        "interval": told["interval"],
        "calibration_error": calibration_error(ended, scores),
    }


def calibration_error(truth: Bools, scores: Values) -> float:
    """Give the expected calibration error over ten equal bins (Naeini et al. 2015), 0 to 1."""
    at = np.minimum((scores * _BINS).astype(int), _BINS - 1)
    gaps = [abs((scores - truth)[at == each].sum()) for each in range(_BINS)]
    return round(float(sum(gaps) / len(truth)), 4)


def cost(
    dialogues: Sequence[Dialogue], chances: Sequence[Sequence[float]], alarm: float
) -> dict[str, float]:
    """Say what happens when the alarm is raised on the first turn with such a chance.

    Returns:
        `missed`, share of dissatisfied customers without an alarm; `needless`, share of the others
        with one; of the dissatisfied with an alarm, the mean `turns_left` of the customer after
        it, and the share `before_last_turn`.
    """
    first = [
        next((at for at, chance in enumerate(told) if chance >= alarm), None) for told in chances
    ]
    bad = [at for each, at in zip(dialogues, first, strict=True) if each.dissatisfied]
    good = [at for each, at in zip(dialogues, first, strict=True) if not each.dissatisfied]
    left = [
        len(each.courses) - 1 - at
        for each, at in zip(dialogues, first, strict=True)
        if each.dissatisfied and at is not None
    ]
    return {
        "alarm_at": alarm,
        "missed": round(sum(at is None for at in bad) / len(bad), 4),
        "needless": round(sum(at is not None for at in good) / len(good), 4),
        "turns_left": round(float(np.mean(left)), 4) if left else 0.0,
        "before_last_turn": round(float(np.mean([each > 0 for each in left])), 4) if left else 0.0,
    }


def cheapest(curve: Sequence[Mapping[str, float]], rate: float) -> dict[str, float]:
    """Choose the alarm with the least cost where a miss costs as much as so many needless ones."""
    return {
        f"a miss costs {price}": min(
            curve, key=lambda at: price * rate * at["missed"] + (1 - rate) * at["needless"]
        )["alarm_at"]
        for price in PRICES
    }


def leak(dialogues: Sequence[Dialogue]) -> dict[str, float | None]:
    """Measure how well the strongest message ranks dialogues inside and outside the dev fold."""
    found: dict[str, float | None] = {}
    for name, inside in (("train", False), ("dev", True)):
        told = [each for each in dialogues if (fold(each.id) == "dev") is inside]
        peaks = np.array([each.courses[-1].peak for each in told], np.float32)
        ranked = auroc(np.array([each.dissatisfied for each in told], np.bool_), peaks)
        found[name] = None if ranked is None else round(ranked, 4)
    return found


def _rows(
    dialogues: Sequence[Dialogue],
    chances: Sequence[Sequence[float]],
    before_the_end: bool = False,
) -> tuple[Bools, Values, Values]:
    """Give, turn by turn, how its dialogue ended, the chance, and the message's displeasure."""
    rows = [
        (each.dissatisfied, chance, course.now)
        for each, told in zip(dialogues, chances, strict=True)
        for course, chance in list(zip(each.courses, told, strict=True))[
            : -1 if before_the_end else None
        ]
    ]
    ended, scores, now = zip(*rows, strict=True)
    return np.array(ended), np.array(scores), np.array(now)
