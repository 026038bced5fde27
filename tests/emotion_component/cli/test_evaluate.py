"""`emotion evaluate`, as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

from emotion_component.datasets import sources
from tests.emotion_component.test_main import emotion

VOICES = "voices/en_sample.jsonl"


def test_several_files_and_a_second_model_stand_in_one_report(
    toy_folder: Path, tmp_path: Path
) -> None:
    data = [sources.folder() / path for path in ("brighter/zh_test.jsonl", VOICES)]
    page = tmp_path / "report.html"
    words = ("--data", data[0], "--data", data[1], "--limit", "60", "--html", page, "--json")
    done = emotion("evaluate", "--model", toy_folder, "--against", toy_folder, *words)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert [one["data"] for one in report["sets"]] == [str(path) for path in data]
    assert report["sets"][1]["against"]["negative_auroc"]["winner"] == "even"
    assert "zh_test.jsonl" in page.read_text(encoding="utf-8")


def test_a_reader_gets_tables_and_the_gap_between_groups(toy_folder: Path) -> None:
    data = sources.folder() / VOICES
    done = emotion("evaluate", "--model", toy_folder, "--data", data, "--limit", "60")
    assert done.returncode == 0, done.stderr
    printed = done.stdout.decode()
    assert printed.startswith("en_sample.jsonl: toy@")
    for word in ("disappointment", "macro-F1", "expected calibration error", "names and pronouns"):
        assert word in printed


def test_labels_that_no_taxonomy_knows_are_named(toy_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "a", "labels": ["rage"]}\n')
    done = emotion("evaluate", "--model", toy_folder, "--data", path)
    assert (done.returncode, done.stdout) == (1, b"")
    assert "does not know rage" in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()
