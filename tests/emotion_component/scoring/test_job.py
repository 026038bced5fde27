"""Scoring whole tables with a real model, through bad rows and real kills."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from emotion_component.__main__ import main
from emotion_component.classifier import EmotionModel
from emotion_component.errors import ConfigurationError, DataError
from emotion_component.scoring.job import FIELDS, Job, column_of, fields, finish, score
from emotion_component.scoring.table_readers import open_reader

ROOT = Path(__file__).parents[3]
TEXTS = ["thank you so much!", "where is my order", "气死我了", "/greet", ""]


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [record.values or {} for record in open_reader(path).records()]


def csv(path: Path, texts: list[str] = TEXTS) -> Path:
    lines = [f'{number},"{text}",2024-06-0{1 + number % 9}' for number, text in enumerate(texts)]
    path.write_text("id,text,sent\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_every_row_gets_what_predict_says_and_keeps_its_columns(
    toy_model: EmotionModel, tmp_path: Path
) -> None:
    rows = [{"text": text, "id": number} for number, text in enumerate(TEXTS)]
    source = tmp_path / "in.parquet"
    pq.write_table(pa.Table.from_pylist(rows), source)
    job = Job(source, tmp_path / "out.jsonl", batch=2)
    summary = score(toy_model, job)
    alone = [fields(toy_model.predict([text])[0]) for text in TEXTS]
    for row, source_row, judged in zip(rows_of(job.out), rows, alone, strict=True):
        assert {name: row[name] for name in source_row} == source_row
        assert list(row) == [*source_row, *map(column_of, FIELDS)]
        for name, value in judged.items():
            close = pytest.approx(value, abs=5e-4) if isinstance(value, float) else value
            assert row[column_of(name)] == close
    assert (summary.rows, summary.skipped, summary.judged) == (5, 0, 3)


def test_bad_rows_are_left_out_and_named_and_the_rest_goes_on(
    toy_model: EmotionModel, tmp_path: Path
) -> None:
    source = tmp_path / "in.jsonl"
    lines = ['{"text": "thanks"}', "{", '{"text": null}', '{"text": 5}', '{"text": "气死我了"}']
    source.write_text("\n".join(lines), encoding="utf-8")
    summary = score(toy_model, Job(source, tmp_path / "out.jsonl"))
    assert [row["text"] for row in rows_of(tmp_path / "out.jsonl")] == ["thanks", "气死我了"]
    assert [number for number, _ in summary.problems] == [2, 3, 4]
    assert summary.problems[1][1] == "needs text in `text`. Received: nothing"
    assert summary.problems[2][1] == "needs text in `text`. Received: 5"


def test_times_are_counted_where_they_can_be_read(toy_model: EmotionModel, tmp_path: Path) -> None:
    source = csv(tmp_path / "in.csv")
    source.write_text(source.read_text(encoding="utf-8") + "9,late,7/6/24\n", encoding="utf-8")
    summary = score(toy_model, Job(source, tmp_path / "out.csv", time_column="sent"))
    period, periods = summary.over_time()
    assert (period, len(periods), summary.timeless) == ("day", 5, 1)


@pytest.mark.parametrize(
    ("header", "given", "says"),
    [
        ("a,b", {}, "Which column of .* holds the messages. .* Its columns: a, b"),
        ("a,text", {"text_column": "body"}, "has no --text-column body. Its columns: a, text"),
        ("a,text", {"time_column": "when"}, "has no --time-column when"),
        ("emotion,text", {}, "columns that would be added: emotion. Rename"),
    ],
)
def test_a_column_that_is_not_there_is_named_with_those_that_are(
    toy_model: EmotionModel, tmp_path: Path, header: str, given: dict[str, str], says: str
) -> None:
    source = tmp_path / "in.csv"
    source.write_text(f"{header}\n1,2\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=says):
        score(toy_model, Job(source, tmp_path / "out.csv", **given))  # type: ignore[arg-type]
    assert sorted(tmp_path.iterdir()) == [source]


def test_the_usual_names_of_a_text_column_are_known(
    toy_model: EmotionModel, tmp_path: Path
) -> None:
    for header in ("id,Message", "内容,id", "only"):
        source = tmp_path / f"{header}.csv"
        source.write_text(f"{header}\n{','.join('x' * len(header.split(',')))}\n", "utf-8")
        job = Job(source, tmp_path / f"{header}.out.csv")
        assert score(toy_model, job).rows == 1


def test_nothing_is_overwritten_and_nothing_empty_is_scored(
    toy_model: EmotionModel, tmp_path: Path
) -> None:
    source = csv(tmp_path / "in.csv")
    (tmp_path / "there.csv").write_text("mine")
    with pytest.raises(ConfigurationError, match=r"there\.csv is there already"):
        score(toy_model, Job(source, tmp_path / "there.csv"))
    with pytest.raises(ConfigurationError, match="is the input itself"):
        score(toy_model, Job(source, source))
    with pytest.raises(ConfigurationError, match="there is no folder"):
        score(toy_model, Job(source, tmp_path / "no" / "out.csv"))
    empty = tmp_path / "empty.csv"
    empty.write_text("text\n")
    with pytest.raises(DataError, match=r"empty\.csv holds no rows"):
        score(toy_model, Job(empty, tmp_path / "out.csv"))
    assert (tmp_path / "there.csv").read_text() == "mine"


def test_going_on_with_another_input_is_refused(toy_model: EmotionModel, tmp_path: Path) -> None:
    source = csv(tmp_path / "in.csv")
    score(toy_model, Job(source, tmp_path / "out.csv"))
    source.write_text(source.read_text(encoding="utf-8") + "7,more,2024-06-07\n", "utf-8")
    with pytest.raises(ConfigurationError, match="belongs to another run, with another input"):
        score(toy_model, Job(source, tmp_path / "out.csv", resume=True))


def command(folder: Path, source: Path, out: Path, *more: str) -> list[str]:
    words = ["--model", str(folder), "--device", "cpu", "--out", str(out), *more]
    return [sys.executable, "-m", "emotion_component", "score", str(source), *words]


def killed_midway(words: list[str], journal: Path, lines: int) -> None:
    """Run the command and kill it for good as soon as its journal holds so many lines."""
    running = subprocess.Popen(words, cwd=ROOT, stderr=subprocess.DEVNULL)
    ends = time.monotonic() + 240
    while not journal.exists() or journal.read_bytes().count(b"\n") < lines:
        assert running.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < ends
        time.sleep(0.01)
    os.kill(running.pid, signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL


@pytest.mark.slow
def test_after_a_kill_it_goes_on_and_scores_no_row_twice(
    toy_model: EmotionModel, toy_folder: Path, tmp_path: Path
) -> None:
    source = csv(tmp_path / "in.csv", [f"{TEXTS[n % 3]} {n}" for n in range(6_000)])
    out = tmp_path / "out.csv"
    words = command(toy_folder, source, out, "--batch", "8")
    job = Job(source, out)
    killed_midway(words, job.journal, 200)
    assert not out.exists()
    lines = job.journal.read_bytes().splitlines(keepends=True)
    done = len(lines) - 1
    assert done < 6_000
    # A mark in the first judgement shows whether it is judged again; the last line is cut in half.
    lines[1] = json.dumps({**json.loads(lines[1]), "confidence": 0.123456}).encode() + b"\n"
    job.journal.write_bytes(b"".join(lines[:-1]) + lines[-1][:20])

    again = subprocess.run(words, cwd=ROOT, capture_output=True, check=False)
    assert (again.returncode, b"add --resume to go on" in again.stderr) == (1, True)
    resumed = subprocess.run([*words, "--resume"], cwd=ROOT, capture_output=True, check=False)
    assert resumed.returncode == 0, resumed.stderr
    assert f"{done - 1}/6000".encode() in resumed.stderr  # where the bar begins
    whole = Job(source, tmp_path / "whole.csv")
    score(toy_model, whole)
    finish(whole)
    found, expected = rows_of(out), rows_of(whole.out)
    assert [row["text"] for row in found] == [row["text"] for row in expected]
    assert float(found[0]["emotion_confidence"]) == 0.123456
    for row, other in zip(found[1:], expected[1:], strict=True):
        assert float(row["emotion_confidence"]) == pytest.approx(
            float(other["emotion_confidence"]), abs=5e-4
        )
    assert not list(tmp_path.glob("out.csv.*"))


def test_the_command_writes_table_page_and_json(
    toy_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = csv(tmp_path / "chat.csv", [*TEXTS, "<script>alert(1)</script> thanks"])
    page = tmp_path / "page.html"
    words = ["--model", str(toy_folder), "--device", "cpu", "--time-column", "sent"]
    assert main(["score", str(source), *words, "--html", str(page), "--json"]) == 0
    printed = capsys.readouterr()
    report = json.loads(printed.out)
    assert (report["rows"], report["out"]) == (6, str(tmp_path / "chat.scored.csv"))
    assert sum(report["labels"].values()) == 6
    assert "scoring" in printed.err
    html = page.read_text(encoding="utf-8")
    assert "<svg" in html
    assert "<script" not in html
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["chat.csv", "chat.scored.csv", "page.html"]


def test_what_cannot_be_written_is_said_and_what_is_scored_is_kept(
    toy_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = csv(tmp_path / "in.csv")
    words = ["score", str(source), "--model", str(toy_folder), "--device", "cpu"]
    assert main([*words, "--html", "/nowhere/page.html"]) == 1
    assert "Cannot write /nowhere/page.html: No such file" in capsys.readouterr().err
    assert (tmp_path / "in.scored.csv.journal").exists()
    assert main([*words, "--html", str(tmp_path / "page.html"), "--resume"]) == 0
    assert "5 rows scored" in capsys.readouterr().out
    assert not (tmp_path / "in.scored.csv.journal").exists()


def test_a_missing_file_is_said_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", "/nowhere.csv"]) == 1
    assert capsys.readouterr().err == "emotion: No file at /nowhere.csv.\n"
