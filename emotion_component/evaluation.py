"""Scoring a loaded model on a labelled file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score

from emotion_component import labels
from emotion_component.batches import targets
from emotion_component.classifier import EmotionModel
from emotion_component.corpus import fold
from emotion_component.datasets import Example, read, rows
from emotion_component.errors import ConfigurationError, DataError
from emotion_component.metrics import F1, f1_scores, service_decisions

# Source -> the head that answers it and that head's labels.
TAXONOMIES: Final = {
    "goemotions": ("goemotions", labels.GOEMOTIONS_LABELS),
    "brighter": ("brighter", labels.BRIGHTER_LABELS),
    "voices": ("service", labels.SERVICE_LABELS),
}


def evaluate(
    model: EmotionModel,
    path: Path,
    source: str | None = None,
    limit: int | None = None,
    unseen_voices: bool = False,
) -> dict[str, Any]:
    """Score a model on a file.

    Args:
        model: A loaded model.
        path: JSON lines: `text` with `labels` (GoEmotions, XED), `labels` and `intensity`
            (BRIGHTER), or `label`, `intensity` and `voice` (service messages).
        source: A key of `TAXONOMIES`; `None` judges by the fields and the names of the labels.
        limit: Score at most this many rows.
        unseen_voices: Score only service messages by voices that training keeps for testing.

    Returns:
        `macro_f1`, `micro_f1`, `per_label` (precision, recall, f1, support of each label), and
        which data, taxonomy and model they belong to; for service messages also
        `negative_auroc`, how well the summed score of the negative labels ranks messages that
        have one of them above those that do not (0 to 1, null where only one kind occurs).

    Raises:
        DataError: If the file is missing, empty, or holds a row that cannot be used.
        ConfigurationError: If `source` is unknown.
    """
    source = source or judge_source(path)
    if source not in TAXONOMIES:
        raise ConfigurationError(
            f"`--taxonomy` must be one of {', '.join(TAXONOMIES)}. Received: {source}."
        )
    examples = read(path, source, limit)
    if unseen_voices:
        examples = [example for example in examples if fold(example.identity) == "test"]
    if not examples:
        raise DataError(f"{path} holds no rows to score.")
    return {
        "data": str(path),
        "taxonomy": source,
        "rows": len(examples),
        "model": model.name,
        **score(model, examples, source),
    }


def score(model: EmotionModel, examples: Sequence[Example], source: str) -> dict[str, Any]:
    """Score a model on examples of one source; see `evaluate` for what comes back."""
    head, names = TAXONOMIES[source]
    scores = model.probabilities([example.text for example in examples])[head]
    truth = targets(examples)[0][head] > 0
    report = _report(f1_scores(truth, _decisions(model, head, names, scores)), names)
    if source == "voices":
        report["negative_auroc"] = _negative_auroc(truth, scores)
    return report


def _negative_auroc(truth: npt.NDArray[np.bool_], scores: npt.NDArray[np.float32]) -> float | None:
    negative = [labels.SERVICE_LABELS.index(name) for name in labels.NEGATIVE]
    is_negative = truth[:, negative].any(axis=1)
    if is_negative.all() or not is_negative.any():
        return None
    return round(float(roc_auc_score(is_negative, scores[:, negative].sum(axis=1))), 4)


def judge_source(path: Path) -> str:
    """Tell by its fields, then by its labels' names, which taxonomy a file is labelled in.

    Raises:
        DataError: If it is none of `TAXONOMIES`.
    """
    seen: set[str] = set()
    for _, row in rows(path):
        if isinstance(row.get("label"), str):
            return "voices"
        if isinstance(row.get("intensity"), dict):
            return "brighter"
        if isinstance(row.get("labels"), list):
            seen.update(map(str, row["labels"]))
    for source in ("goemotions",):
        if seen and seen <= set(TAXONOMIES[source][1]):
            return source
    raise DataError(
        f"{path} is labelled in no taxonomy the model answers in. Received labels: "
        f"{', '.join(sorted(seen)) or 'none'}. Known taxonomies: {', '.join(TAXONOMIES)}."
    )


def _decisions(
    model: EmotionModel, head: str, names: Sequence[str], scores: npt.NDArray[np.float32]
) -> npt.NDArray[np.bool_]:
    """Read scores as labels, by the rule and the thresholds that serving uses."""
    if head == "service":
        return service_decisions(scores)
    thresholds = model.card["thresholds"][head]
    return np.asarray(scores >= np.array([thresholds[name] for name in names]))


def _report(f1: F1, names: Sequence[str]) -> dict[str, Any]:
    """Lay out scores as JSON types, rounded to four decimals."""
    per_label = {
        name: {
            "precision": round(float(f1.precision[at]), 4),
            "recall": round(float(f1.recall[at]), 4),
            "f1": round(float(f1.f1[at]), 4),
            "support": int(f1.support[at]),
        }
        for at, name in enumerate(names)
    }
    return {
        "macro_f1": round(f1.macro, 4),
        "micro_f1": round(f1.micro, 4),
        "per_label": per_label,
    }
