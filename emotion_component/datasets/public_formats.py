"""The forms in which the public data sets are published, read as rows of `datasets`."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from emotion_component import labels
from emotion_component.datasets.jsonl import Row
from emotion_component.errors import FetchError

# XED numbers Plutchik's labels from 1, as `PLUTCHIK_LABELS` lists them; 9 is neutral. One of its
# files was also published with the numbers as a Python set.
_XED_NUMBERS: Final = re.compile(r"\{?'?[1-9]'?(?:, '?[1-9]'?)*\}?")
# Shorter ones are punctuation, names and yes or no.
_XED_SHORTEST: Final = 4


def goemotions(raw: Path) -> Iterator[Row]:
    """Read `text <tab> label numbers <tab> id`."""
    for line in _lines(raw):
        text, numbers, name = line.split("\t")
        names = [labels.GOEMOTIONS_LABELS[int(number)] for number in numbers.split(",")]
        yield {"id": name, "text": text, "labels": names}


def xed(raw: Path) -> Iterator[Row]:
    """Read `text <tab> label numbers`.

    Very short texts are left out, and so are lines of another form: the Chinese file was
    published with a part of its aligned subtitles among its rows.

    Raises:
        ValueError: If no line is of this form.
    """
    rows = 0
    for number, line in enumerate(_lines(raw)):
        text, _, numbers = line.partition("\t")
        if _XED_NUMBERS.fullmatch(numbers) and len(text.strip()) >= _XED_SHORTEST:
            rows += 1
            yield {"id": number, "text": text, "labels": _plutchik(numbers)}
    if not rows:
        raise ValueError("no line holds a text and label numbers")


def xed_neutral(raw: Path) -> Iterator[Row]:
    """Read `9 <tab> text`."""
    for number, line in enumerate(_lines(raw)):
        numbers, _, text = line.partition("\t")
        if text.strip():
            yield {"id": number, "text": text, "labels": _plutchik(numbers)}


def _plutchik(numbers: str) -> list[str]:
    names = [labels.PLUTCHIK_LABELS[int(n) - 1] for n in re.findall("[1-9]", numbers)]
    if not names:
        raise ValueError(f"no label number in {numbers!r}")
    return names


def brighter(raw: Path) -> Iterator[Row]:
    """Read a Parquet table: `id`, `text`, and a grade from 0 to 3 for each label.

    Raises:
        FetchError: If `pyarrow` is not installed.
    """
    try:
        parquet = importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise FetchError(
            "BRIGHTER is published as Parquet: pip install 'attune[parquet]'."
        ) from error
    for row in parquet.read_table(raw).to_pylist():
        # English was not annotated for disgust.
        grades = {n: int(row[n]) for n in labels.BRIGHTER_LABELS if row.get(n) is not None}
        names = [name for name, grade in grades.items() if grade]
        yield {"id": row["id"], "text": row["text"], "labels": names, "intensity": grades}


def stc3(raw: Path) -> Iterator[Row]:
    """Read a JSON list of dialogues, each judged by 19 people from -2 to 2 on A, S and E."""
    for dialogue in _json(raw):
        turns = [
            {"sender": turn["sender"], "text": " ".join(turn["utterances"]).strip()}
            for turn in dialogue["turns"]
        ]
        scores = [one["quality"] for one in dialogue["annotations"]]
        votes = {
            side: {str(v): sum(int(s[side]) == v for s in scores) for v in range(-2, 3)}
            for side in ("A", "S", "E")
        }
        yield {
            "id": str(dialogue["id"]),
            "turns": turns,
            "votes": votes,
            "frac_dissatisfied": sum(int(s["S"]) < 0 for s in scores) / len(scores),
        }


def smp2020(raw: Path) -> Iterator[Row]:
    """Read a JSON list of `id`, `content` and `label`."""
    for row in _json(raw):
        yield {"id": row["id"], "text": row["content"], "label": row["label"]}


def _lines(raw: Path) -> Iterator[str]:
    """Read lines that end with a line feed; other separators belong to the texts."""
    with raw.open(encoding="utf-8-sig", newline="\n") as lines:
        for line in lines:
            if line.strip():
                yield line.rstrip("\r\n")


def _json(raw: Path) -> list[dict[str, Any]]:
    content = json.loads(raw.read_text(encoding="utf-8-sig"))
    if not isinstance(content, list):
        raise ValueError(f"a list was expected. Received: {type(content).__name__}")
    return content
