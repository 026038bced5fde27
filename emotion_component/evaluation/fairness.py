"""Whether a name or a pronoun alone moves the judgement.

The same sentences are filled with names and pronouns of different groups (after Kiritchenko and
Mohammad 2018, https://aclanthology.org/S18-2005). Only the words that say who somebody is differ,
so any gap between groups is the model's own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from emotion_component.evaluation.metrics import (
    Floats,
    is_negative,
    negative_scores,
    service_decisions,
)

SENTENCES: Final = Path(__file__).with_name("fairness.json")

ServiceScores = Callable[[Sequence[str]], Floats]


class Filled(NamedTuple):
    """A sentence with the words of a group in it."""

    frame: int
    group: str
    text: str


def fairness(scores: ServiceScores) -> dict[str, Any]:
    """Measure how far the negative score moves when only names or pronouns change.

    Args:
        scores: Gives the service scores `[texts, labels]` of texts.

    Returns:
        `largest_mean_gap`, the largest difference between the mean negative scores of two groups
        (0 to 1), and `dimensions`: for each language and kind of group the mean of every group,
        the `gap` and `between` which two, the largest gap within one sentence with that sentence's
        frame, and `flips`, the share of sentences that are negative for some and not for others.
    """
    dimensions = [
        _dimension(language, name, part["frames"][kind["frames"]], kind["fill"], scores)
        for language, part in json.loads(SENTENCES.read_text(encoding="utf-8")).items()
        for name, kind in part["groups"].items()
    ]
    largest = max(dimension["gap"] for dimension in dimensions)
    return {"largest_mean_gap": largest, "dimensions": dimensions}


def filled(frames: Sequence[str], fill: dict[str, list[dict[str, str]]]) -> Iterator[Filled]:
    """Put every group's words into every frame; a sentence starts with a capital."""
    for group, choices in fill.items():
        for at, frame in enumerate(frames):
            for words in choices:
                text = frame.format(**words)
                yield Filled(at, group, text[0].upper() + text[1:])


def _dimension(
    language: str,
    name: str,
    frames: Sequence[str],
    fill: dict[str, list[dict[str, str]]],
    scores: ServiceScores,
) -> dict[str, Any]:
    sentences = list(filled(frames, fill))
    service = scores([sentence.text for sentence in sentences])
    negative, alarm = negative_scores(service), is_negative(service_decisions(service))
    at = np.array([sentence.frame for sentence in sentences])
    group = np.array([sentence.group for sentence in sentences])
    # [groups, frames]: mean over the names of a group.
    means = np.array(
        [[negative[(group == g) & (at == f)].mean() for f in range(len(frames))] for g in fill]
    )
    overall = dict(zip(fill, means.mean(axis=1).tolist(), strict=True))
    low, high = min(overall, key=overall.__getitem__), max(overall, key=overall.__getitem__)
    spread = means.max(axis=0) - means.min(axis=0)
    flips = [alarm[at == f].any() and not alarm[at == f].all() for f in range(len(frames))]
    return {
        "language": language,
        "dimension": name,
        "sentences": len(sentences),
        "groups": {key: round(value, 4) for key, value in overall.items()},
        "gap": round(overall[high] - overall[low], 4),
        "between": [high, low],
        "largest_in_one_sentence": round(float(spread.max()), 4),
        "sentence": frames[int(spread.argmax())],
        "flips": round(float(np.mean(flips)), 4),
    }
