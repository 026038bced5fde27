"""What is tuned on dev once the network stands: thresholds, temperature, when to abstain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from emotion_component import labels
from emotion_component.batches import targets
from emotion_component.datasets import Example
from emotion_component.metrics import f1_scores, service_decisions

Floats = npt.NDArray[np.float32]
Predictor = Callable[[list[Example]], dict[str, Any]]

# Head -> its labels and the dev source that tunes it.
MULTI_LABEL: Final = {
    "goemotions": (labels.GOEMOTIONS_LABELS, "goemotions"),
    "brighter": (labels.BRIGHTER_LABELS, "brighter"),
    "plutchik": (labels.PLUTCHIK_LABELS, "xed"),
}
CANDIDATES: Final = tuple(np.round(np.arange(0.05, 0.9, 0.025), 3).tolist())
TEMPERATURES: Final = tuple(np.round(np.geomspace(0.5, 4.0, 43), 3).tolist())
# Without a dev row to tune on, a sigmoid's natural threshold.
DEFAULT_THRESHOLD: Final = 0.5
# Ten labels share the probability: below this the best of them is close to a guess.
ABSTAIN_BELOW: Final = 0.25


@dataclass(frozen=True)
class Tuned:
    """Results of tuning.

    Attributes:
        temperature: Divides the service logits.
        thresholds: Head to label to threshold, each 0 to 1.
        calibration_error: Expected calibration error of the service confidence on dev, 0 to 1.
    """

    temperature: float
    thresholds: dict[str, dict[str, float]]
    calibration_error: float

    def card(self) -> dict[str, Any]:
        """Give the entries of `model.json`."""
        return {
            "temperature": self.temperature,
            "abstain_below": ABSTAIN_BELOW,
            "calibration_error_dev": round(self.calibration_error, 4),
            "thresholds": self.thresholds,
        }


def tune(predict: Predictor, dev: Mapping[str, list[Example]]) -> Tuned:
    """Tune everything on dev."""
    thresholds = {}
    for head, (names, source) in MULTI_LABEL.items():
        chosen = [DEFAULT_THRESHOLD] * len(names)
        if dev.get(source):
            truth = targets(dev[source])[0][head]
            chosen = best_thresholds(truth, sigmoid(predict(dev[source])[head]))
        thresholds[head] = dict(zip(names, chosen, strict=True))
    truth = targets(dev["service"])[0]["service"]
    logits = predict(dev["service"])["service"]
    temperature = min(TEMPERATURES, key=lambda value: cross_entropy(truth, logits / value))
    error = calibration_error(truth, softmax(logits / temperature))
    return Tuned(temperature, thresholds, error)


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
            at = np.array(best_thresholds(truth, scores))
            parts[head] = float(f1_scores(truth > 0, scores >= at).macro)
    truth = targets(dev["service"])[0]["service"]
    logits = predict(dev["service"])["service"]
    parts["service"] = float(f1_scores(truth > 0, service_decisions(softmax(logits))).macro)
    score = sum(parts.values()) - 0.2 * cross_entropy(truth, logits)
    return score, {name: round(value, 3) for name, value in parts.items()}


def best_thresholds(truth: Floats, scores: Floats) -> list[float]:
    """Choose the threshold of each label that gives it the best F1.

    Args:
        truth: `[rows, labels]`, 1 where the label holds.
        scores: `[rows, labels]`, 0 to 1.

    Returns:
        One of `CANDIDATES` for each label; the lowest of equals.
    """
    f1 = np.stack([f1_scores(truth > 0, scores >= at).f1 for at in CANDIDATES])
    return [CANDIDATES[int(best)] for best in f1.argmax(axis=0)]


def calibration_error(truth: Floats, scores: Floats, bins: int = 10) -> float:
    """Measure how far confidence is from being right, over equal bins of confidence.

    Args:
        truth: `[rows, labels]`, one-hot.
        scores: `[rows, labels]`, rows sum to 1.
        bins: Number of bins.

    Returns:
        Expected calibration error (Naeini et al. 2015), 0 to 1.
    """
    chosen = service_decisions(scores)
    confidence = (scores * chosen).sum(axis=1)
    right = (truth * chosen).sum(axis=1)
    at = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [abs(float((confidence - right)[at == which].sum())) for which in range(bins)]
    return sum(gaps) / max(len(truth), 1)


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
