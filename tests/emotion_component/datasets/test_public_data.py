"""The public data sets, from their published forms to what training reads."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped, unused-ignore]  # ships no types
import pyarrow.parquet  # type: ignore[import-untyped, unused-ignore]
import pytest

from emotion_component.__main__ import main
from emotion_component.datasets import public_data, sources
from emotion_component.datasets.public_data import SETS, Part, PublicSet, Published, provide
from emotion_component.datasets.sources import SOURCES
from emotion_component.errors import FetchError
from tests.emotion_component.files_server import Files, serve

DIALOGUE: dict[str, Any] = {
    "id": "7",
    "turns": [
        {"sender": "customer", "utterances": ["Late again.", "Where is it?", ""]},
        {"sender": "helpdesk", "utterances": ["Sorry."]},
    ],
    "annotations": [
        {"nugget": [], "quality": {"A": "0", "S": "-1", "E": "1"}},
        {"nugget": [], "quality": {"A": 0, "S": -2, "E": 0}},
        {"nugget": [], "quality": {"A": 1, "S": 0, "E": 0}},
        {"nugget": [], "quality": {"A": 2, "S": 2, "E": 0}},
    ],
}
WEIBO = [{"id": 1, "content": "气死我了", "label": "angry"}]


def parquet_bytes(rows: list[dict[str, Any]]) -> bytes:
    sink = pa.BufferOutputStream()
    pyarrow.parquet.write_table(pa.Table.from_pylist(rows), sink)
    return bytes(sink.getvalue())


GRADES = {"anger": 0, "fear": 1, "joy": 0, "sadness": 3, "surprise": 0}
PUBLISHED: dict[str, bytes] = {
    ".tsv": "It is here\u2028now.\t17,27\tabc\n".encode(),
    "en-annotated.tsv": b"!\t1, 4\nYou are late .\t8, 1\n",
    "zh-projections.tsv": (
        "我很高興\t{'5'}\n微笑\t5\n\"他\tda/2017/1.xml.gz\tze_zh/2\t9\n我沒有朋友\t2, 5\n".encode()
    ),
    "cn-projections.tsv": "你又迟到了\t1, 3\n".encode(),
    "neu_en.txt": b"9\tOne moment please.\n\t\t\t\n",
    "eng": parquet_bytes([{"id": "e1", "text": "gone", "disgust": None, **GRADES}]),
    "chn": parquet_bytes([{"id": "c1", "text": "没了", "disgust": 2, **GRADES}]),
    "train_data_": json.dumps([DIALOGUE]).encode(),
    "usual_train": json.dumps([*WEIBO, {**WEIBO[0], "content": "好"}]).encode(),
    "usual_": json.dumps(WEIBO).encode(),
}
EXPECTED: dict[str, list[dict[str, Any]]] = {
    "goemotions/dev.jsonl": [
        {"id": "abc", "text": "It is here\u2028now.", "labels": ["joy", "neutral"]}
    ],
    "xed/en.jsonl": [{"id": 1, "text": "You are late .", "labels": ["trust", "anger"]}],
    "xed/zh.jsonl": [
        {"id": 0, "text": "我很高興", "labels": ["joy"]},
        {"id": 3, "text": "我沒有朋友", "labels": ["anticipation", "joy"]},
        {"id": 0, "text": "你又迟到了", "labels": ["anger", "disgust"]},
    ],
    "xed/en_neutral.jsonl": [{"id": 0, "text": "One moment please.", "labels": ["neutral"]}],
    "brighter/en_test.jsonl": [
        {"id": "e1", "text": "gone", "labels": ["fear", "sadness"], "intensity": GRADES}
    ],
    "brighter/zh_dev.jsonl": [
        {
            "id": "c1",
            "text": "没了",
            "labels": ["disgust", "fear", "sadness"],
            "intensity": {"anger": 0, "disgust": 2, **GRADES},
        }
    ],
    "stc3/zh.jsonl": [
        {
            "id": "7",
            "turns": [
                {"sender": "customer", "text": "Late again. Where is it?"},
                {"sender": "helpdesk", "text": "Sorry."},
            ],
            "votes": {
                "A": {"-2": 0, "-1": 0, "0": 2, "1": 1, "2": 1},
                "S": {"-2": 1, "-1": 1, "0": 1, "1": 0, "2": 1},
                "E": {"-2": 0, "-1": 0, "0": 3, "1": 1, "2": 0},
            },
            "frac_dissatisfied": 0.5,
        }
    ],
    # A text of the test split does not train.
    "smp2020/train.jsonl": [{"id": 1, "text": "好", "label": "angry"}],
    "smp2020/test.jsonl": [{"id": 1, "text": "气死我了", "label": "angry"}],
}


@pytest.fixture()
def published(tmp_path: Path) -> Path:
    """A folder with a small file of every published name."""
    folder = tmp_path / "published"
    folder.mkdir()
    for data in SETS.values():
        for source in data.sources:
            key = max((key for key in PUBLISHED if key in source.name), key=len)
            (folder / source.name).write_bytes(PUBLISHED[key])
    return folder


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().split("\n") if line]


def test_every_published_form_becomes_rows_that_training_reads(
    published: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to = tmp_path / "data"
    assert main(["data", *SETS, "--to", str(to), "--from", str(published)]) == 0
    assert {name: lines(to / name) for name in EXPECTED} == EXPECTED
    for name, data in SETS.items():
        for part in data.parts:
            assert sources.read(to / name / part.name, name), part.name
    said = capsys.readouterr().out
    assert "stc3/en.jsonl: 1 rows, where 1672 trained the shipped weights" in said
    assert "smp2020: none stated by the organisers" in said
    assert f"export EMOTION_DATA_DIR={to}" in said


def on(files: Files, data: PublicSet) -> PublicSet:
    """Move a data set's published files to a server on the loopback."""
    return replace(data, parts=tuple(moved(files, part) for part in data.parts))


def moved(files: Files, part: Part) -> Part:
    sources = tuple(Published(source.name, f"{files.url}/{source.name}") for source in part.sources)
    return part._replace(sources=sources)


def test_a_set_is_fetched_and_its_origin_recorded(published: Path, tmp_path: Path) -> None:
    contents = {f"/{path.name}": path.read_bytes() for path in published.iterdir()}
    with serve(Files(contents, cut_after=[5])) as files:
        provided = provide(on(files, SETS["xed"]), tmp_path / "xed")
    assert [(made.path.name, made.rows) for made in provided] == [
        ("en.jsonl", 1),
        ("zh.jsonl", 3),
        ("en_neutral.jsonl", 1),
    ]
    record = json.loads((tmp_path / "xed" / public_data.RECORD).read_text())
    assert record["licence"] == "CC BY 4.0"
    assert [file["name"] for file in record["files"]] == [s.name for s in SETS["xed"].sources]
    assert all(len(file["sha256"]) == 64 for file in record["files"])
    made = {part.name for part in SETS["xed"].parts} | {public_data.RECORD}
    assert {path.name for path in (tmp_path / "xed").iterdir()} == made


def test_a_failure_leaves_the_old_files_and_what_had_arrived(
    published: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "xed"
    folder.mkdir()
    (folder / "en.jsonl").write_text("old\n")
    contents = {f"/{path.name}": path.read_bytes() for path in published.iterdir()}
    broken = contents.pop("/neu_en.txt")
    with serve(Files(contents)) as files:
        with pytest.raises(FetchError, match=r"neu_en\.txt cannot be fetched: 404"):
            provide(on(files, SETS["xed"]), folder)
        assert (folder / "en.jsonl").read_text() == "old\n"
        asked = len(files.ranges)
        files.contents["/neu_en.txt"] = broken
        provide(on(files, SETS["xed"]), folder)
        assert len(files.ranges) == asked + 1
    assert lines(folder / "en.jsonl") == EXPECTED["xed/en.jsonl"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("train.tsv", b"no tabs at all\n"),
        ("train.tsv", b"text\t99\tid\n"),
        ("en-annotated.tsv", b"<html>\t</html>\n"),
        ("train_data_en.json", b"{}"),
        ("train_data_en.json", b'[{"id": 1}]'),
        ("eng_train.parquet", b"<html>not found</html>"),
    ],
)
def test_a_file_in_another_form_is_named(
    published: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    (published / name).write_bytes(content)
    data = next(data for data in SETS.values() if name in [s.name for s in data.sources])
    with pytest.raises(FetchError, match=f"{name} is not in the form that was published"):
        provide(data, tmp_path / "out", published)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["smp2020", "--to", "TMP"], "has to be fetched by hand: get usual_train.txt"),
        (["stc3", "--to", "TMP", "--from", "TMP"], "No train_data_en.json in"),
        (["tweets", "--to", "TMP"], "No public data set `tweets`. Known: goemotions"),
        (["stc3"], "Say where to with --to FOLDER, or set EMOTION_DATA_DIR"),
    ],
)
def test_what_cannot_be_provided_is_said(
    words: list[str],
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv(sources.DATA_VARIABLE, raising=False)
    assert main(["data", *(str(tmp_path) if word == "TMP" else word for word in words)]) == 1
    assert says in capsys.readouterr().err


def test_what_is_there_is_left_alone(
    published: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["data", "stc3", "--to", str(tmp_path), "--from", str(published)]
    assert main(words) == 0
    (tmp_path / "stc3" / "en.jsonl").write_text("mine\n")
    assert main(words) == 0
    assert "stc3: already in" in capsys.readouterr().out
    assert (tmp_path / "stc3" / "en.jsonl").read_text() == "mine\n"
    assert main([*words, "--force"]) == 0
    assert lines(tmp_path / "stc3" / "en.jsonl") == EXPECTED["stc3/zh.jsonl"]


def test_every_set_of_the_table_is_one_that_training_knows(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert set(SETS) == set(SOURCES) - {"voices"}  # these are the project's own
    assert main(["data", "--list"]) == 0
    said = capsys.readouterr().out
    for data in SETS.values():
        assert data.home in said
        assert all((source.url or "by hand") in said for source in data.sources)
