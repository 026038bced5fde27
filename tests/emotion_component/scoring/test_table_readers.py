"""Reading tables row by row, the broken rows too."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from emotion_component.errors import ConfigurationError, DataError, DataMissingError
from emotion_component.scoring.table_readers import CsvReader, Record, open_reader


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    "data",
    [
        b'text,n\nit\'s late,1\n"a, b\nc",2\n',
        b'text;n\r\nit\'s late;1\r\n"a, b\nc";2\r\n',
        '\ufefftext\tn\nit\'s late\t1\n\n"a, b\nc"\t2'.encode(),
        'text|n\nit\'s late|1\n"a, b\nc"|2\n'.encode("utf-16"),
    ],
)
def test_delimiter_line_ends_and_byte_order_mark_are_recognized(
    tmp_path: Path, data: bytes
) -> None:
    reader = open_reader(written(tmp_path / "in.csv", data))
    assert list(reader.columns) == ["text", "n"]
    assert [record.values for record in reader.records()] == [
        {"text": "it's late", "n": "1"},
        {"text": "a, b\nc", "n": "2"},
    ]
    assert reader.total == 2


def test_a_bad_row_of_csv_says_what_and_where_and_the_rest_goes_on(tmp_path: Path) -> None:
    data = b'text,n\ngood,1\ntoo,many,3\nbad \xff byte,4\nnul \x00,5\n"two\nlines",6\nlast,7\n'
    found = list(open_reader(written(tmp_path / "in.csv", data)).records())
    assert [record.number for record in found] == [2, 3, 4, 5, 6, 8]
    assert [bool(record.problem) for record in found] == [False, True, True, True, False, False]
    assert found[1] == Record(3, None, "3 fields where the header has 2")
    assert "--encoding" in str(found[2].problem)
    assert found[5].values == {"text": "last", "n": "7"}


def test_a_quote_that_is_never_closed_costs_its_rows_and_is_named(tmp_path: Path) -> None:
    data = b'text,n\n"open,1\n' + b"filler,2\n" * 30_000
    found = list(open_reader(written(tmp_path / "in.csv", data)).records())
    assert found[0].number == 2
    assert "an open quote?" in str(found[0].problem)
    assert found[-1].values == {"text": "filler", "n": "2"}


def test_another_encoding_can_be_named(tmp_path: Path) -> None:
    path = written(tmp_path / "in.csv", "内容\n气死我了\n".encode("gb18030"))
    assert next(open_reader(path, "gb18030").records()).values == {"内容": "气死我了"}
    with pytest.raises(ConfigurationError, match="--encoding klingon is unknown"):
        open_reader(path, "klingon")


def test_json_lines_keep_their_types_and_name_their_bad_lines(tmp_path: Path) -> None:
    lines = [
        '\ufeff{"text": "a", "n": 1}',
        "",
        "{",
        "[1]",
        '{"text": "b", "n": 1.5, "tags": ["x"]}',
    ]
    path = written(tmp_path / "in.jsonl", "\n".join(lines).encode() + b'\n{"text": "\xff"}\n')
    reader = open_reader(path)
    found = list(reader.records())
    assert [(record.number, bool(record.problem)) for record in found] == [
        (1, False),
        (3, True),
        (4, True),
        (5, False),
        (6, True),
    ]
    assert found[0].values == {"text": "a", "n": 1}
    assert found[2].problem == "must be a JSON object. Received: list"
    assert reader.columns == ["text", "n", "tags"]
    assert vars(reader)["kinds"] == {"text": "text", "n": "float", "tags": "mixed"}


def test_parquet_rows_are_numbered_from_1(tmp_path: Path) -> None:
    when = datetime(2024, 6, 7, 12, 30)
    table = pa.table(
        {"text": ["a", None], "when": pa.array([when, None], pa.timestamp("ns")), "n": [1, 2]}
    )
    pq.write_table(table, tmp_path / "in.parquet")
    reader = open_reader(tmp_path / "in.parquet")
    assert (reader.columns, reader.total) == (["text", "when", "n"], 2)
    assert list(reader.records()) == [
        Record(1, {"text": "a", "when": when, "n": 1}),
        Record(2, {"text": None, "when": None, "n": 2}),
    ]


@pytest.mark.parametrize(
    ("name", "data", "error", "says"),
    [
        ("in.xlsx", b"x", ConfigurationError, r"must end in \.csv, \.tsv"),
        ("in.csv", b"", DataError, "is empty"),
        ("in.csv", b"a,b,a\n1,2,3\n", DataError, "names columns twice: a"),
        ("in.jsonl", "{}".encode("utf-16"), DataError, "JSON lines must be UTF-8"),
        ("in.parquet", b"PAR1 no", DataError, "not a readable Parquet file"),
    ],
)
def test_a_file_that_cannot_be_read_at_all_is_named(
    tmp_path: Path, name: str, data: bytes, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        open_reader(written(tmp_path / name, data))


def test_a_missing_file_is_named() -> None:
    with pytest.raises(DataMissingError, match=r"No file at /nowhere\.csv"):
        open_reader(Path("/nowhere.csv"))


def test_reading_twice_gives_the_same(tmp_path: Path) -> None:
    rows = "".join(json.dumps({"text": str(n)}) + "\n" for n in range(100))
    for name, data in [("a.jsonl", rows), ("a.csv", "text\n" + "x\n" * 100)]:
        reader = open_reader(written(tmp_path / name, data.encode()))
        assert list(reader.records()) == list(reader.records())
        assert reader.total == 100


def test_a_header_of_one_column_needs_no_delimiter(tmp_path: Path) -> None:
    reader = CsvReader(written(tmp_path / "in.csv", b"text\nhello; there\n"))
    assert next(reader.records()).values == {"text": "hello; there"}
