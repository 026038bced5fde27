"""What `emotion train` says of the data it is given, before anything is trained."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from emotion_component.__main__ import main
from emotion_component.classifier import SHIPPED_WEIGHTS

GOOD = [f"message number {n},cross\n" for n in range(60)]


@pytest.fixture()
def own_file(tmp_path: Path) -> Path:
    """A CSV file with two bad rows and a label of its own."""
    path = tmp_path / "own.csv"
    path.write_text("body,mood\n" + "".join(GOOD) + ",cross\nnan,cross\n")
    return path


@pytest.fixture()
def mapping_file(tmp_path: Path) -> Path:
    path = tmp_path / "map.json"
    path.write_text(json.dumps({"cross": "anger"}))
    return path


def refused(capsys: pytest.CaptureFixture[str], *words: str | Path) -> str:
    """Run `emotion train` with data that it refuses; give what it says."""
    out = [] if "--out" in words else ["--out", "never-written"]
    assert main(["train", *out, *map(str, words)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    return said.err


def test_bad_rows_are_listed_by_file_and_line_and_nothing_is_trained(
    own_file: Path, mapping_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    columns = ("--text-column", "body", "--label-column", "mood")
    out = tmp_path / "model"
    data = ("--data", own_file, "--no-own", "--mapping", mapping_file, *columns)
    said = refused(capsys, "--out", out, *data).splitlines()
    assert said[0].startswith("emotion: 2 rows cannot be used. Mend them, or leave them out with")
    assert [line.split(": ")[0] for line in said[1:]] == [
        f"  {own_file}, line 62",
        f"  {own_file}, line 63",
    ]
    assert not out.exists()


def test_labels_without_a_service_label_are_counted(
    own_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    columns = ("--text-column", "body", "--label-column", "mood")
    said = refused(capsys, "--data", own_file, "--no-own", *columns)
    assert "`cross` (62). Name each in a file for `--mapping`" in said


def test_a_wrong_column_names_the_flags_that_choose_it(
    own_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refused(capsys, "--data", own_file, "--no-own")
    assert "no column `label`, `text`. Received: body, mood" in said
    assert "--text-column and --label-column" in said


def test_what_is_neither_file_nor_data_set_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    said = refused(capsys, "--data", "tweets.csv")
    assert "--data tweets.csv is neither a file nor a data set. Data sets: standard, goem" in said


def test_a_mapping_without_a_file_to_map_is_refused(
    mapping_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refused(capsys, "--data", "goemotions", "--mapping", mapping_file)
    assert "--mapping is for a file of yours" in said


def test_what_must_not_be_shipped_needs_a_flag_and_another_folder(
    capsys: pytest.CaptureFixture[str],
) -> None:
    research = ("--data", "smp2020", "--no-own", "--limit", "20")
    assert "--research trains on it all the same" in refused(capsys, *research)
    said = refused(capsys, *research, "--research", "--out", SHIPPED_WEIGHTS)
    assert "must not be shipped. Give another folder than" in said


@pytest.mark.slow
def test_a_model_is_trained_from_a_file_of_ones_own(
    own_file: Path, mapping_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "model"
    words = ["--data", str(own_file), "--no-own", "--mapping", str(mapping_file), "--skip-bad"]
    words += ["--data", "voices", "--text-column", "body", "--label-column", "mood"]
    assert main(["train", "--out", str(out), "--epochs", "1", *words]) == 0
    assert "messages by voices it never saw" in capsys.readouterr().out
    assert main(["predict", "--model", str(out), "--json", "thanks"]) == 0
    assert json.loads(capsys.readouterr().out)["text"] == "thanks"
