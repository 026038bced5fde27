"""Writing tables, from every kind to every kind."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from emotion_component.scoring.table_readers import open_reader
from emotion_component.scoring.table_writers import open_writer

ADDED = {"label": "text", "sure": "float", "silent": "bool"}
ROWS: list[dict[str, Any]] = [
    {"text": 'a "b", c\nd', "n": 1},
    {"text": "气死我了；😡", "n": 2},
]


def table(path: Path) -> Path:
    """Write `ROWS` as what the suffix says."""
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(ROWS), path)
    elif path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    else:
        path.write_text('text;n\n"a ""b"", c\nd";1\n"气死我了；😡";2\n', encoding="utf-8-sig")
    return path


def copied(source: Path, out: Path) -> list[dict[str, Any]]:
    """Write a table again with further columns, and read what came out."""
    reader = open_reader(source)
    writer = open_writer(out, out, reader, ADDED)
    for record in reader.records():
        assert record.values is not None
        writer.write([{**record.values, "label": "joy", "sure": 0.5, "silent": record.number > 2}])
    writer.close()
    return [record.values or {} for record in open_reader(out).records()]


SUFFIXES = (".csv", ".jsonl", ".parquet")


@pytest.mark.parametrize(("one", "other"), list(itertools.product(SUFFIXES, SUFFIXES)))
def test_every_kind_can_be_written_from_every_kind(tmp_path: Path, one: str, other: str) -> None:
    found = copied(table(tmp_path / f"in{one}"), tmp_path / f"out{other}")
    assert [row["text"] for row in found] == [row["text"] for row in ROWS]
    assert [str(row["n"]) for row in found] == ["1", "2"]
    assert {row["label"] for row in found} == {"joy"}
    assert {float(row["sure"]) for row in found} == {0.5}
    if other != ".csv":
        assert {type(row["silent"]) for row in found} == {bool}
    if one != ".csv" and other != ".csv":
        assert [row["n"] for row in found] == [1, 2]


def test_csv_keeps_its_delimiter_and_its_byte_order_mark(tmp_path: Path) -> None:
    copied(table(tmp_path / "in.csv"), tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes().startswith("\ufefftext;n;label;sure;silent".encode())


def test_parquet_keeps_the_types_of_its_columns(tmp_path: Path) -> None:
    source = pa.table(
        {
            "text": pa.array(["a", "b"]).dictionary_encode(),
            "small": pa.array([1, None], pa.int8()),
            "when": pa.array([1, 2], pa.timestamp("ms", "UTC")),
            "tags": pa.array([["x"], []], pa.list_(pa.string())),
        }
    )
    pq.write_table(source, tmp_path / "in.parquet")
    copied(tmp_path / "in.parquet", tmp_path / "out.parquet")
    out = pq.read_table(tmp_path / "out.parquet")
    kept = out.select(source.column_names)
    assert (kept.schema, kept.to_pylist()) == (source.schema, source.to_pylist())
    assert out.schema.names == [*source.column_names, *ADDED]


def test_what_a_format_has_no_word_for_is_written_as_json(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    rows = '{"text": "a", "x": {"y": [1]}}\n{"text": "\\ud800", "x": "plain"}\n{"text": "c"}\n'
    path.write_text(rows, encoding="utf-8")
    for suffix in (".csv", ".parquet"):
        found = copied(path, tmp_path / f"out{suffix}")
        assert [row["x"] for row in found[:2]] == ['{"y": [1]}', "plain"]
        assert not found[2]["x"]
        assert found[1]["text"] == "?"


def test_json_has_no_nan(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": ["a"], "n": [float("nan")]}), tmp_path / "in.parquet")
    assert copied(tmp_path / "in.parquet", tmp_path / "out.jsonl")[0]["n"] is None
