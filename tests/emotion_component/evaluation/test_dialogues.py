"""Dialogues and how their customers found them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from emotion_component.datasets.corpus import fold
from emotion_component.errors import DataError, RowError
from emotion_component.evaluation.dialogues import read_dialogues

DEV = [str(number) for number in range(100) if fold(str(number)) == "dev"]
TRAIN = next(str(number) for number in range(100) if fold(str(number)) == "train")


def row(identity: str, share: float, *turns: tuple[str, str]) -> str:
    said = [{"sender": sender, "text": text} for sender, text in turns]
    return json.dumps({"id": identity, "turns": said, "frac_dissatisfied": share}) + "\n"


def test_dialogues_of_the_dev_fold_are_read_with_their_customers_turns(tmp_path: Path) -> None:
    path = tmp_path / "en.jsonl"
    path.write_text(
        row(DEV[0], 0.6, ("customer", "late"), ("helpdesk", "sorry"), ("customer", "still late"))
        + row(TRAIN, 0.9, ("customer", "seen in training"))
        + row(DEV[1], 0.5, ("customer", "thanks"))
        + row(DEV[2], 0.9, ("helpdesk", "anybody there?"))
    )
    read = read_dialogues(path)
    assert read.turns == ["late", "still late", "thanks"]
    assert read.dissatisfied.tolist() == [True, False]
    scores = np.array([0.7, 0.4, 0.1], np.float32)
    np.testing.assert_allclose(read.largest(scores), [0.7, 0.1])
    np.testing.assert_allclose(read.last(scores), [0.4, 0.1])
    assert read.lengths().tolist() == [14, 6]


def test_a_fold_without_dialogues_and_a_row_without_votes_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "en.jsonl"
    path.write_text(row(TRAIN, 0.9, ("customer", "seen in training")))
    with pytest.raises(DataError, match="holds no dialogues of the dev fold"):
        read_dialogues(path)
    path.write_text(json.dumps({"id": DEV[0], "turns": []}))
    with pytest.raises(RowError, match=r"line 1: not a row of stc3.*frac_dissatisfied"):
        read_dialogues(path)
