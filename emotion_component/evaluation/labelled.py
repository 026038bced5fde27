"""Labelled texts that a model is scored on, each file in the taxonomy that it is labelled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from emotion_component import labels
from emotion_component.datasets.corpus import fold
from emotion_component.datasets.sources import Example, many_hot, read, rows
from emotion_component.errors import ConfigurationError, DataError, RowError
from emotion_component.evaluation.metrics import Bools

# Taxonomy -> the head that answers in it, and its labels. The labels of SMP2020 are read from the
# service scores (`labels.SERVICE_TO_SMP2020`).
TAXONOMIES: Final = {
    "goemotions": ("goemotions", labels.GOEMOTIONS_LABELS),
    "brighter": ("brighter", labels.BRIGHTER_LABELS),
    "voices": ("service", labels.SERVICE_LABELS),
    "smp2020": ("service", labels.SMP2020_LABELS),
}
# Whole dialogues, judged by votes, are no labelled texts; `dialogues` reads them.
DIALOGUES: Final = "stc3"
KNOWN: Final = (*TAXONOMIES, DIALOGUES)


@dataclass(frozen=True)
class Labelled:
    """Texts with their labels.

    Attributes:
        source: A key of `TAXONOMIES`.
        texts: As written.
        truth: `[texts, labels]`, in the order of the taxonomy's labels.
    """

    source: str
    texts: list[str]
    truth: Bools


def read_labelled(
    path: Path, source: str, limit: int | None = None, unseen_voices: bool = False
) -> Labelled:
    """Read a file of labelled texts.

    Args:
        path: JSON lines: `text` with `labels` (GoEmotions), `labels` and `intensity` (BRIGHTER),
            `label`, `intensity` and `voice` (service messages), or `label` (SMP2020).
        source: A key of `TAXONOMIES`.
        limit: Read at most this many rows.
        unseen_voices: Keep only service messages by voices that training keeps for testing.

    Raises:
        DataError: If the file is missing or holds no rows, or a row cannot be used.
        ConfigurationError: If `source` is unknown, or has no voices.
    """
    if unseen_voices and source != "voices":
        raise ConfigurationError(
            f"`--unseen-voices` is for service messages. {path} is labelled as {source}."
        )
    if source not in TAXONOMIES:
        raise ConfigurationError(
            f"`--taxonomy` must be one of {', '.join(KNOWN)}. Received: {source}."
        )
    found = unseen(path, limit) if unseen_voices else _read_all(path, source, limit)
    if not found.texts:
        which = " by voices that training keeps for testing" if unseen_voices else ""
        raise DataError(f"{path} holds no rows to score{which}.")
    return found


def unseen(path: Path, limit: int | None = None) -> Labelled:
    """Read the service messages by voices that training keeps for testing; perhaps none."""
    examples = read(path, "voices", limit)
    return from_examples([each for each in examples if fold(each.identity) == "test"], "voices")


def _read_all(path: Path, source: str, limit: int | None) -> Labelled:
    if source == "smp2020":
        return _read_smp2020(path, limit)
    return from_examples(read(path, source, limit), source)


def from_examples(examples: Sequence[Example], source: str) -> Labelled:
    """Take texts and labels from examples of one source."""
    head, names = TAXONOMIES[source]
    truth = np.zeros((len(examples), len(names)), np.bool_)
    for row, example in enumerate(examples):
        truth[row] = example.targets[head] > 0
    return Labelled(source, [example.text for example in examples], truth)


def _read_smp2020(path: Path, limit: int | None) -> Labelled:
    texts, truth = [], []
    for number, row in rows(path, limit):
        try:
            truth.append(many_hot([row["label"]], labels.SMP2020_LABELS) > 0)
        except (KeyError, ValueError) as error:
            raise RowError(path, number, f"not a row of smp2020: {error!r}") from error
        texts.append(str(row["text"]))
    width = len(labels.SMP2020_LABELS)
    return Labelled("smp2020", texts, np.array(truth, np.bool_).reshape(len(truth), width))


def judge_source(path: Path) -> str:
    """Tell by its fields, then by its labels' names, which taxonomy a file is labelled in.

    Returns:
        One of `KNOWN`.

    Raises:
        DataError: If it is none of them.
    """
    several: set[str] = set()
    single: set[str] = set()
    for _, row in rows(path):
        if isinstance(row.get("turns"), list):
            return DIALOGUES
        if isinstance(row.get("intensity"), dict):
            return "brighter"
        if isinstance(row.get("label"), str):
            single.add(row["label"])
            if "voice" in row:
                return "voices"
        elif isinstance(row.get("labels"), list):
            several.update(map(str, row["labels"]))
    if not several and not single:
        raise DataError(f"{path} holds no rows to score, or none with `label` or `labels`.")
    fitting = ("goemotions",) if several else ("smp2020", "voices")
    for source in fitting:
        if several | single <= set(TAXONOMIES[source][1]):
            return source
    raise _foreign(path, several | single, fitting)


def _foreign(path: Path, seen: set[str], fitting: Sequence[str]) -> DataError:
    """Name the labels that no taxonomy knows, and the taxonomy that knows most of them."""
    nearest = min(fitting, key=lambda source: len(seen - set(TAXONOMIES[source][1])))
    unknown = sorted(seen - set(TAXONOMIES[nearest][1]))
    return DataError(
        f"{path} is labelled in no taxonomy the model answers in. Received labels: "
        f"{', '.join(sorted(seen))}. The nearest, {nearest}, does not know {', '.join(unknown)}; "
        f"it knows {', '.join(TAXONOMIES[nearest][1])}. Known taxonomies: {', '.join(KNOWN)}."
    )
