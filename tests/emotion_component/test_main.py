"""The `emotion` command, as a user runs it."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from emotion_component.classifier import Emotion
from emotion_component.datasets import sources

ROOT = Path(__file__).parents[2]


def emotion(*words: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "emotion_component", *map(str, words)],
        input=stdin,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        timeout=240,
        check=False,
    )


def test_json_prints_one_object_a_text_and_nothing_else(toy_folder: Path) -> None:
    done = emotion("predict", "--model", toy_folder, "--json", "thank you", "谢谢", "")
    assert done.returncode == 0, done.stderr
    printed = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert [row["text"] for row in printed] == ["thank you", "谢谢", ""]
    fields = {field.name for field in dataclasses.fields(Emotion)}
    assert [set(row) for row in printed] == [{"text"} | fields] * 3


def test_lines_of_standard_input_are_judged_in_order_bad_bytes_too(toy_folder: Path) -> None:
    lines = "hello\r\n气死我了\n\n".encode() + b"bad \xff byte\nlast without newline"
    done = emotion("predict", "--model", toy_folder, "--json", stdin=lines)
    assert done.returncode == 0, done.stderr
    texts = [json.loads(line)["text"] for line in done.stdout.decode().splitlines()]
    assert texts == ["hello", "气死我了", "", "bad \ufffd byte", "last without newline"]


def test_without_json_a_reader_gets_a_line_a_text(toy_folder: Path) -> None:
    done = emotion("predict", "--model", toy_folder, "thank you", "/greet")
    first, second = done.stdout.decode().splitlines()
    assert first.endswith("thank you")
    assert second.split() == ["neutral", "abstained", "/greet"]


def test_evaluate_prints_one_object(toy_folder: Path) -> None:
    data = sources.folder() / "goemotions/test.jsonl"
    done = emotion("evaluate", "--model", toy_folder, "--data", data, "--limit", "50", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert {"macro_f1", "micro_f1", "per_label"} <= set(report)
    assert report["rows"] == 50


@pytest.mark.slow
def test_train_writes_a_model_that_predict_can_use(tmp_path: Path) -> None:
    out = tmp_path / "model"
    done = emotion("train", "--out", out, "--epochs", "1", "--limit", "60", "--seed", "3")
    assert done.returncode == 0, done.stderr
    assert b"messages by voices it never saw" in done.stdout
    assert b"epoch 1" in done.stderr
    judged = emotion("predict", "--model", out, "--json", "thanks")
    assert json.loads(judged.stdout)["text"] == "thanks"


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["predict", "--model", "/nowhere", "a"], 1, "No emotion model at /nowhere/model.json"),
        (["predict", "--device", "tpu", "a"], 1, "`device` must be auto, cpu or gpu:N"),
        (["evaluate", "--data", "/nowhere.jsonl"], 1, "No data file at /nowhere.jsonl"),
        (["train", "--epochs", "0"], 2, "must be a whole number above 0. Received: 0"),
        ([], 2, "required: COMMAND"),
    ],
)
def test_what_cannot_be_done_is_said_on_standard_error(
    words: list[str], status: int, says: str
) -> None:
    done = emotion(*words)
    assert (done.returncode, done.stdout) == (status, b"")
    assert says in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()
