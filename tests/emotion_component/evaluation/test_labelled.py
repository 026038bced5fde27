"""Labelled files: which taxonomy they are in, and what cannot be read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from emotion_component.datasets import sources
from emotion_component.errors import ConfigurationError, DataError, RowError
from emotion_component.evaluation.labelled import judge_source, read_labelled


def written(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("goemotions/dev.jsonl", "goemotions"),
        ("brighter/zh_dev.jsonl", "brighter"),
        ("voices/en_sample.jsonl", "voices"),
        ("smp2020/dev.jsonl", "smp2020"),
        ("stc3/en.jsonl", "stc3"),
    ],
)
def test_the_taxonomy_of_a_file_is_judged_by_its_rows(path: str, source: str) -> None:
    assert judge_source(sources.folder() / path) == source


def test_data_in_no_known_taxonomy_are_refused_by_the_names_of_their_labels(tmp_path: Path) -> None:
    path = written(tmp_path / "rows.jsonl", {"text": "a", "labels": ["rage", "joy"]})
    with pytest.raises(DataError, match=r"Received labels: joy, rage\..*does not know rage;"):
        judge_source(path)
    path = written(
        tmp_path / "rows.jsonl", {"text": "a", "label": "happy"}, {"text": "b", "label": "x"}
    )
    with pytest.raises(DataError, match=r"The nearest, smp2020, does not know x; it knows angry"):
        judge_source(path)
    with pytest.raises(DataError, match="holds no rows to score"):
        judge_source(written(path))


def test_rows_of_smp2020_are_read_with_their_labels(tmp_path: Path) -> None:
    row = {"id": 1, "text": "气死我了", "label": "angry"}
    read = read_labelled(written(tmp_path / "rows.jsonl", row), "smp2020")
    assert (read.texts, read.truth.tolist()) == (["气死我了"], [[True] + [False] * 5])
    row["label"] = "rage"
    with pytest.raises(RowError, match=r"line 1: not a row of smp2020.*unknown label `rage`"):
        read_labelled(written(tmp_path / "rows.jsonl", row), "smp2020")


def test_only_service_messages_have_voices() -> None:
    with pytest.raises(ConfigurationError, match="`--unseen-voices` is for service messages"):
        read_labelled(sources.folder() / "smp2020/dev.jsonl", "smp2020", unseen_voices=True)
