"""What is tuned on dev once the network stands: thresholds, temperatures, when to abstain."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from emotion_component import labels, language
from emotion_component.datasets.sources import Example
from emotion_component.evaluation.metrics import f1_scores, group_scores, service_decisions
from emotion_component.evaluation.reliability import Answered, calibration_error, risk_coverage
from emotion_component.language import LANGUAGES
from emotion_component.training import thresholds
from emotion_component.training.batches import targets

Floats = npt.NDArray[np.float32]
Predictor = Callable[[list[Example]], dict[str, Any]]

TEMPERATURES: Final[tuple[float, ...]] = tuple(np.round(np.geomspace(0.5, 4.0, 43), 3).tolist())
# Without a dev row to tune on: a sigmoid's natural threshold, and scores as the network gives them.
DEFAULT_THRESHOLD: Final = 0.5
DEFAULT_TEMPERATURE: Final = 1.0
# Silence is worth its price when the answers that remain are right at least two points more often,
# and it must stay the exception: at most one message in ten. A bot that hears "neutral" too often
# misses complaints, which costs more than a wrong shade of displeasure.
LEAST_GAIN: Final = 0.02
MOST_SILENCED: Final = 0.10
# Where no threshold keeps to both. Ten labels share the probability: below this the best of them
# is close to a guess.
ABSTAIN_BELOW: Final = 0.25


@dataclass(frozen=True)
class Tuned:
    """Results of tuning.

    Attributes:
        temperature: Language to what divides the service logits of its messages.
        thresholds: Head to label to threshold, each 0 to 1; `ekman` and `sentiment` hold those
            of the groups of GoEmotions labels, `brighter` those for Chinese texts and
            `brighter_en` those for English ones.
        calibration_error: Expected calibration error of the service confidence on dev, 0 to 1.
        abstain: The point of dev's risk-coverage curve below whose confidence the model abstains.
    """

    temperature: dict[str, float]
    thresholds: dict[str, dict[str, float]]
    calibration_error: float
    abstain: Answered

    def card(self) -> dict[str, Any]:
        """Give the entries of `model.json`."""
        return {
            "temperature": self.temperature,
            "abstain_below": self.abstain.confidence,
            "abstain_dev": {
                "coverage": round(self.abstain.coverage, 4),
                "accuracy": round(self.abstain.accuracy, 4),
            },
            "calibration_error_dev": round(self.calibration_error, 4),
            "thresholds": self.thresholds,
        }


def tune(predict: Predictor, dev: Mapping[str, list[Example]]) -> Tuned:
    """Tune everything on dev.

    Args:
        predict: Gives the logits of every head for examples.
        dev: Source name to examples; `service` must hold some.
    """
    chosen = {**_brighter(predict, dev), **_goemotions(predict, dev)}
    truth = targets(dev["service"])[0]["service"]
    logits = predict(dev["service"])["service"]
    spoken = language.each([example.text for example in dev["service"]])
    temperature = best_temperatures(truth, logits, spoken)
    scores = softmax(logits / np.array([[temperature[name]] for name in spoken], np.float32))
    error = calibration_error(truth > 0, scores)
    return Tuned(temperature, chosen, error, abstain_point(risk_coverage(truth > 0, scores)))


def _brighter(predict: Predictor, dev: Mapping[str, list[Example]]) -> dict[str, dict[str, float]]:
    """Tune BRIGHTER's labels on the texts of each language."""
    names, known = labels.BRIGHTER_LABELS, dev.get("brighter", [])
    chosen = {}
    for key, wanted in (("brighter_en", "en"), ("brighter", "zh")):
        rows = [row for row in known if language.each([row.text]) == [wanted]]
        # A model of one language answers the other as well as it can, with the same thresholds.
        truth, scores = _known(predict, rows or known, "brighter", len(names))
        chosen[key] = _named_thresholds(truth, scores, names)
    return chosen


def _goemotions(
    predict: Predictor, dev: Mapping[str, list[Example]]
) -> dict[str, dict[str, float]]:
    """Tune the labels of GoEmotions and their groups."""
    names = labels.GOEMOTIONS_LABELS
    truth, scores = _known(predict, dev.get("goemotions", []), "goemotions", len(names))
    chosen = {"goemotions": _named_thresholds(truth, scores, names)}
    for grouping, groups in labels.GOEMOTIONS_GROUPINGS.items():
        chosen[grouping] = _named_thresholds(
            group_scores(truth, names, groups), group_scores(scores, names, groups), list(groups)
        )
    return chosen


def _known(
    predict: Predictor, examples: list[Example], head: str, width: int
) -> tuple[Floats, Floats]:
    """Give truth and scores of a head `[rows, width]`; no rows without examples."""
    if not examples:
        return np.zeros((0, width), np.float32), np.zeros((0, width), np.float32)
    return targets(examples)[0][head], sigmoid(predict(examples)[head])


def _named_thresholds(truth: Floats, scores: Floats, names: Sequence[str]) -> dict[str, float]:
    enough = len(truth) > 1
    chosen = thresholds.tuned(truth, scores) if enough else [DEFAULT_THRESHOLD] * len(names)
    return dict(zip(names, chosen, strict=True))


def best_temperatures(truth: Floats, logits: Floats, spoken: Sequence[str]) -> dict[str, float]:
    """Fit one temperature a language (Guo et al. 2017, https://arxiv.org/abs/1706.04599).

    Args:
        truth: `[rows, labels]`, one-hot.
        logits: `[rows, labels]`.
        spoken: Language of each row, one of `LANGUAGES`.

    Returns:
        Language to the one of `TEMPERATURES` with the lowest cross-entropy; 1 without a row.
    """
    found: dict[str, float] = {}
    for name in LANGUAGES:
        mine = np.array([other == name for other in spoken], bool)
        found[name] = DEFAULT_TEMPERATURE
        if mine.any():
            found[name] = _best_temperature(truth[mine], logits[mine])
    return found


def _best_temperature(truth: Floats, logits: Floats) -> float:
    errors = [cross_entropy(truth, logits / value) for value in TEMPERATURES]
    return TEMPERATURES[int(np.argmin(errors))]


def abstain_point(curve: Sequence[Answered]) -> Answered:
    """Choose below which confidence to abstain.

    Args:
        curve: From `risk_coverage`, rising confidence, the first point answering everything.

    Returns:
        The point of the smallest confidence at which the answers given are right at least
        `LEAST_GAIN` more often than all would be, with at most `MOST_SILENCED` of them held back;
        where there is none, the point of `ABSTAIN_BELOW`.
    """
    for point in curve:
        if point.coverage < 1 - MOST_SILENCED:
            break
        if point.accuracy - curve[0].accuracy >= LEAST_GAIN:
            return point
    return min(curve, key=lambda point: abs(point.confidence - ABSTAIN_BELOW))


def dev_score(
    predict: Predictor, dev: Mapping[str, list[Example]]
) -> tuple[float, dict[str, float]]:
    """Score a network while it trains.

    Returns:
        The number that early stopping follows, and its parts: macro-F1 of the GoEmotions labels
        at thresholds tuned on the same rows, macro-F1 of the service labels, and the cross-entropy
        of these, which counts because a few hundred rows make a jumpy F1.
    """
    parts: dict[str, float] = {}
    for head in ("goemotions", "brighter"):
        if dev.get(head):
            truth = targets(dev[head])[0][head]
            scores = sigmoid(predict(dev[head])[head])
            at = np.array(thresholds.best(truth, scores))
            parts[head] = float(f1_scores(truth > 0, scores >= at).macro)
    truth = targets(dev["service"])[0]["service"]
    logits = predict(dev["service"])["service"]
    parts["service"] = service_macro_f1(truth, logits)
    score = sum(parts.values()) - 0.2 * cross_entropy(truth, logits)
    return score, {name: round(value, 3) for name, value in parts.items()}


def service_macro_f1(truth: Floats, logits: Floats) -> float:
    """Score service logits `[rows, labels]` against one-hot labels; 0 to 1."""
    return float(f1_scores(truth > 0, service_decisions(softmax(logits))).macro)


def cross_entropy(truth: Floats, logits: Floats) -> float:
    """Average the cross-entropy of a softmax over rows, in nats."""
    return float(-(truth * np.log(softmax(logits) + 1e-9)).sum(axis=1).mean())


def softmax(logits: Floats) -> Floats:
    """Turn logits `[rows, labels]` into probabilities that sum to 1 in each row."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)


def sigmoid(logits: Floats) -> Floats:
    """Turn logits into probabilities, each by itself."""
    return np.asarray(1.0 / (1.0 + np.exp(-logits)), np.float32)
