"""Corrections as training data, read by the reader of `emotion train` itself."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from emotion_component import labels
from emotion_component.datasets import own_data
from emotion_component.datasets.own_data import OwnData
from rasa_project.desk.corrections import corrections, export
from rasa_project.desk.store.database import Store
from tests.rasa_project.desk.rows import add_agent, add_message, add_ticket, feeling


def test_emotion_train_reads_what_is_exported(store: Store, tmp_path: Path) -> None:
    li, _ = add_agent(store, "li"), add_ticket(store)
    texts = ["great, late\nagain 🙄", "又晚了，真行", "  "]
    for at, text in enumerate(texts):
        message = add_message(store, text, float(at), emotion=feeling("joy", 0.6, 0.7))
        with store.write() as session:
            corrections.correct(session, message, li, "frustration")
    file = tmp_path / "corrections.jsonl"
    assert export.export_emotions(store, file) == 2
    examples = own_data.read(OwnData(file))
    voice = export.voice_of("c")
    assert [(one.text, one.identity) for one in examples] == [(t, voice) for t in texts[:2]]
    chosen = [labels.SERVICE_LABELS[one.targets["service"].argmax()] for one in examples]
    assert chosen == ["frustration"] * 2
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "c" not in {json.loads(line)["voice"] for line in file.open()}


def test_judged_handoffs_go_out_with_the_turns_before_them(store: Store, tmp_path: Path) -> None:
    li, ticket = add_agent(store, "li"), add_ticket(store)  # opened at second 1
    add_message(store, "where is it", 0.5, emotion=feeling("worry", 0.4))
    add_message(store, "after the handoff", 2.0)
    with store.write() as session:
        corrections.judge(session, ticket, li, "earlier")
    file = tmp_path / "handoffs.jsonl"
    assert export.export_handoffs(store, file) == 1
    (row,) = [json.loads(line) for line in file.open()]
    assert row.pop("judged_at") > 1
    assert row == {
        "verdict": "earlier",
        "voice": export.voice_of("c"),
        "score": 0.5,
        "reasons": [],
        "turns": [{"text": "where is it", "emotion": feeling("worry", 0.4)}],
        "judged_by": "li",
    }


def test_a_file_that_cannot_be_written_is_said(store: Store, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        export.export_emotions(store, tmp_path / "nowhere" / "file")
