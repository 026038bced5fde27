"""What a model is scored on when no file is named: the standard set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from emotion_component import labels, language
from emotion_component.datasets import SERVICE_MESSAGES
from emotion_component.datasets.sources import folder
from emotion_component.evaluation.dialogues import Dialogues, read_dialogues
from emotion_component.evaluation.labelled import (
    DIALOGUES,
    Labelled,
    judge_source,
    read_labelled,
    unseen,
)
from emotion_component.evaluation.metrics import Bools

LANGUAGES: Final = {"en": "English", "zh": "Chinese"}


@dataclass(frozen=True)
class EvaluationSet:
    """Rows to score under one heading.

    Attributes:
        name: For readers.
        data: The file, or the files in words.
        source: One of `labelled.KNOWN`.
        rows: Labelled texts or dialogues.
        language: Of all rows, `en` or `zh`; `None` where nobody said.
    """

    name: str
    data: str
    source: str
    rows: Labelled | Dialogues
    language: str | None = None


def from_file(
    path: Path,
    source: str | None = None,
    limit: int | None = None,
    unseen_voices: bool = False,
) -> EvaluationSet:
    """Read one file; see `report.evaluate` for the arguments."""
    source = source or judge_source(path)
    read: Labelled | Dialogues
    if source == DIALOGUES:
        read = read_dialogues(path, limit)
    else:
        read = read_labelled(path, source, limit, unseen_voices)
    return EvaluationSet(path.name, str(path), source, read)


def standard(limit: int | None = None) -> list[EvaluationSet]:
    """Read the standard set: what no shipped model was trained or tuned on, but for STC-3's dev.

    Args:
        limit: Read at most this many rows of each file.

    Returns:
        GoEmotions test, BRIGHTER test by language, service messages of unseen voices by language,
        STC-3 dialogues of the dev fold by language, and SMP2020 test where the data folder has it.

    Raises:
        DataError: If the data folder or a file of it is not there, or a row cannot be used.
    """
    home = folder()

    def read(file: str, source: str, name: str, language: str) -> EvaluationSet:
        return replace(from_file(home / file, source, limit), name=name, language=language)

    sets = [read("goemotions/test.jsonl", "goemotions", "GoEmotions, test", "en")]
    for short, long in LANGUAGES.items():
        name = f"BRIGHTER, test, {long}"
        sets.append(read(f"brighter/{short}_test.jsonl", "brighter", name, short))
    sets += _service_sets(home, limit)
    for short, long in LANGUAGES.items():
        name = f"STC-3 dialogues, dev fold, {long}"
        sets.append(read(f"stc3/{short}.jsonl", DIALOGUES, name, short))
    if (home / "smp2020/test.jsonl").is_file():
        sets.append(read("smp2020/test.jsonl", "smp2020", "SMP2020, test, Chinese", "zh"))
    return sets


def _service_sets(home: Path, limit: int | None) -> Iterator[EvaluationSet]:
    """Put the service messages of unseen voices together, by language."""
    paths = [*sorted(home.glob("voices/*.jsonl")), *sorted(SERVICE_MESSAGES.glob("*.jsonl"))]
    texts: list[str] = []
    truth = [np.zeros((0, len(labels.SERVICE_LABELS)), np.bool_)]
    for path in paths:
        read = unseen(path, limit)
        texts += read.texts
        truth.append(read.truth)
    yield from _by_language(texts, np.concatenate(truth))


def _by_language(texts: list[str], truth: Bools) -> Iterator[EvaluationSet]:
    spoken = language.each(texts)
    for short, long in LANGUAGES.items():
        at = [row for row, name in enumerate(spoken) if name == short]
        if at:
            rows = Labelled("voices", [texts[row] for row in at], truth[at])
            name = f"Service messages by unseen voices, {long}"
            data = "voices/*.jsonl of the data folder, data/emotion/*.jsonl"
            yield EvaluationSet(name, data, "voices", rows, short)
