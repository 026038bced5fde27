"""What a model answers on labelled texts, read by the rules and thresholds that serving uses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from tqdm import tqdm

from emotion_component import labels, language
from emotion_component.classifier import EmotionModel
from emotion_component.errors import ConfigurationError
from emotion_component.evaluation.labelled import TAXONOMIES, Labelled
from emotion_component.evaluation.metrics import Bools, Floats, group_scores, service_decisions

# Texts between two steps of the progress bar.
CHUNK: Final = 512


@dataclass(frozen=True)
class Scored:
    """Texts, their labels, and what a model answered.

    Attributes:
        labelled: The texts.
        scores: `[texts, outputs]` of the head that answers, probabilities.
        decided: `[texts, labels]`, the labels that were given.
        grouped: For GoEmotions, grouping name to truth and decisions `[texts, groups]`; a
            grouping that the model has no thresholds for is missing.
    """

    labelled: Labelled
    scores: Floats
    decided: Bools
    grouped: dict[str, tuple[Bools, Bools]]


def head_scores(model: EmotionModel, texts: Sequence[str], head: str, title: str) -> Floats:
    """Give the probabilities of one head, with a progress bar on a terminal's standard error.

    Raises:
        ConfigurationError: If the model has no such head.
    """
    # Texts of like length are cheapest together.
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    parts: list[Floats] = []
    bar = tqdm(total=len(texts), desc=title, unit="text", leave=False, disable=None)
    with bar:
        for start in range(0, len(order), CHUNK):
            chunk = [texts[at] for at in order[start : start + CHUNK]]
            outputs = model.probabilities(chunk)
            if head not in outputs:
                raise ConfigurationError(
                    f"The model {model.name} does not answer in `{head}`; it answers in "
                    f"{', '.join(sorted(outputs))}. Give data in one of these."
                )
            parts.append(outputs[head])
            bar.update(len(chunk))
    sorted_scores = np.concatenate(parts)
    scores = np.empty_like(sorted_scores)
    scores[np.array(order)] = sorted_scores
    return scores


def answer(model: EmotionModel, labelled: Labelled, title: str = "scoring") -> Scored:
    """Let a model answer.

    Raises:
        ConfigurationError: If it does not answer in the taxonomy of the texts.
    """
    head, _ = TAXONOMIES[labelled.source]
    scores = head_scores(model, labelled.texts, head, title)
    grouped = _grouped(model, labelled, scores) if labelled.source == "goemotions" else {}
    return Scored(labelled, scores, _decide(model, labelled, scores), grouped)


def _decide(model: EmotionModel, labelled: Labelled, scores: Floats) -> Bools:
    source = labelled.source
    head, names = TAXONOMIES[source]
    if source == "voices":
        return service_decisions(scores)
    if source == "smp2020":
        return _smp2020_decisions(scores)
    tuned = model.card["thresholds"]
    chinese = np.array([language.detect(text) == "zh" for text in labelled.texts], bool)
    at, at_english = (
        np.array([tuned[key][name] for name in names])
        for key in (head, f"{head}_en" if f"{head}_en" in tuned else head)
    )
    return np.asarray(scores >= np.where(chinese[:, np.newaxis], at, at_english))


def _smp2020_decisions(scores: Floats) -> Bools:
    """Choose the label whose service labels have the most probability together."""
    sums = np.zeros((len(scores), len(labels.SMP2020_LABELS)), np.float32)
    for column, name in enumerate(labels.SERVICE_LABELS):
        sums[:, labels.SMP2020_LABELS.index(labels.SERVICE_TO_SMP2020[name])] += scores[:, column]
    return np.asarray(sums.argmax(axis=1)[:, np.newaxis] == np.arange(sums.shape[1]))


def _grouped(
    model: EmotionModel, labelled: Labelled, scores: Floats
) -> dict[str, tuple[Bools, Bools]]:
    """Read GoEmotions scores as groups, for each grouping that the model has thresholds for."""
    found = {}
    for grouping, groups in labels.GOEMOTIONS_GROUPINGS.items():
        thresholds = model.card["thresholds"].get(grouping)
        if thresholds is None:  # a model from before groups were tuned
            continue
        at = np.array([thresholds[name] for name in groups], np.float32)
        truth = group_scores(labelled.truth.astype(np.float32), labels.GOEMOTIONS_LABELS, groups)
        found[grouping] = (
            truth > 0,
            group_scores(scores, labels.GOEMOTIONS_LABELS, groups) >= at,
        )
    return found
