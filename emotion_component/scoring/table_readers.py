"""Tables of messages from CSV, JSON lines and Parquet, read row by row in constant memory.

A row that cannot be used does not end the reading: it comes as a record that says what is wrong.
Reading twice gives the same records in the same order. pyarrow is imported where a Parquet file
is opened.
"""

from __future__ import annotations

import codecs
import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Final, NamedTuple, Protocol

from emotion_component.errors import ConfigurationError, DataError, DataMissingError

DELIMITERS: Final = ",\t;|"
_QUOTED: Final = re.compile(r'"[^"]*"')
# What stands for a byte that is no UTF-8 when it is read with `surrogateescape`.
_BAD_BYTE: Final = re.compile(r"[\udc80-\udcff]")
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_PARQUET_ROWS: Final = 4_096


class Record(NamedTuple):
    """One row, or why it is none.

    Attributes:
        number: Line it begins on (CSV, JSON lines) or row (Parquet), from 1.
        values: Column to value; `None` where the row cannot be used.
        problem: What is wrong with it, else `None`.
    """

    number: int
    values: dict[str, Any] | None
    problem: str | None = None


class TableReader(Protocol):
    """What all three kinds of file offer."""

    @property
    def columns(self) -> Sequence[str]:
        """Names in the order of the file."""

    @property
    def total(self) -> int:
        """How many records there are."""

    def records(self) -> Iterator[Record]:
        """Read from the start."""


def open_reader(path: Path, encoding: str | None = None) -> TableReader:
    """Open a table by the suffix of its name.

    Args:
        path: `.csv`, `.tsv`, `.txt` (CSV), `.jsonl`, `.ndjson` or `.parquet`.
        encoding: Of a CSV file without byte order mark; `None` for UTF-8.

    Raises:
        DataMissingError: If there is no such file.
        DataError: If it cannot be read as what its suffix says.
        ConfigurationError: If suffix or encoding is unknown, or pyarrow is missing.
    """
    if not path.is_file():
        raise DataMissingError(f"No file at {path}.")
    kind = kind_of(path)
    if kind == "csv":
        return CsvReader(path, encoding)
    return JsonLinesReader(path) if kind == "jsonl" else ParquetReader(path)


def kind_of(path: Path) -> str:
    """Tell `csv`, `jsonl` or `parquet` by a file's suffix.

    Raises:
        ConfigurationError: If it is another.
    """
    kinds = {
        ".csv": "csv",
        ".tsv": "csv",
        ".txt": "csv",
        ".jsonl": "jsonl",
        ".ndjson": "jsonl",
        ".parquet": "parquet",
    }
    if path.suffix.lower() not in kinds:
        raise ConfigurationError(f"{path} must end in {', '.join(kinds)}.")
    return kinds[path.suffix.lower()]


class CsvReader:
    """A CSV file with a header.

    Attributes:
        columns: The header.
        total: How many records follow it.
        delimiter: What separates fields, judged by the header.
        marked: Whether the file begins with a byte order mark, as spreadsheets write and want it.
    """

    def __init__(self, path: Path, encoding: str | None = None) -> None:
        self._path = path
        with path.open("rb") as raw:
            start = raw.read(4)
        self.marked = start.startswith((codecs.BOM_UTF8, *_UTF_16))
        self._encoding = _encoding(start, encoding)
        self.delimiter = self._judge_delimiter()
        self.columns = self._header()
        self.total = sum(1 for _ in self.records())

    def records(self) -> Iterator[Record]:
        """Read from the start; empty lines are passed over."""
        with self._open() as lines:
            reader = csv.reader(lines, delimiter=self.delimiter)
            next(reader, None)
            while True:
                number = reader.line_num + 1
                try:
                    fields = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:  # the reader goes on with the next line
                    problem = f"not CSV up to line {reader.line_num}: {error}; an open quote?"
                    yield Record(number, None, problem)
                    continue
                if fields:
                    yield self._record(number, fields)

    def _record(self, number: int, fields: list[str]) -> Record:
        if len(fields) != len(self.columns):
            problem = f"{len(fields)} fields where the header has {len(self.columns)}"
            return Record(number, None, problem)
        if any(_BAD_BYTE.search(field) for field in fields):
            return Record(number, None, "not UTF-8; name the file's encoding with --encoding")
        return Record(number, dict(zip(self.columns, fields, strict=True)))

    def _open(self) -> IO[str]:
        # Bad bytes of UTF-8 are kept recognizable, so that only their own row is refused.
        errors = "surrogateescape" if self._encoding == "utf-8-sig" else "replace"
        return self._path.open(encoding=self._encoding, errors=errors, newline="")

    def _judge_delimiter(self) -> str:
        """Take the delimiter that stands most often in the header, outside quotes.

        `csv.Sniffer` looks at the messages too, and takes an apostrophe for a quote.
        """
        with self._open() as lines:
            header = _QUOTED.sub("", lines.readline())
        return max(DELIMITERS, key=header.count)

    def _header(self) -> list[str]:
        with self._open() as lines:
            columns = next(csv.reader(lines, delimiter=self.delimiter), [])
        if not columns:
            raise DataError(f"{self._path} is empty: a CSV file begins with the columns' names.")
        twice = sorted({name for name in columns if columns.count(name) > 1})
        if twice:
            raise DataError(f"{self._path} names columns twice: {', '.join(twice)}. Rename them.")
        return columns


def _encoding(start: bytes, given: str | None) -> str:
    """Choose an encoding by the byte order mark, else as given, else UTF-8."""
    if start.startswith(_UTF_16):
        return "utf-16"
    if given is None or start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    try:
        name = codecs.lookup(given).name
    except LookupError as error:
        raise ConfigurationError(f"--encoding {given} is unknown; gb18030, say.") from error
    return "utf-8-sig" if name == "utf-8" else name


class JsonLinesReader:
    """A file of one JSON object a line, in UTF-8.

    Attributes:
        columns: All keys, in the order in which they first occur.
        total: How many records there are.
        kinds: Column to the kind of all its values: `bool`, `int`, `float`, `text`, or `mixed`.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as raw:
            if raw.read(2).startswith(_UTF_16):
                raise DataError(f"{path} is UTF-16: JSON lines must be UTF-8. Save it as such.")
        self.kinds: dict[str, str] = {}
        self.total = 0
        for record in self.records():
            self.total += 1
            for name, value in (record.values or {}).items():
                self.kinds[name] = _joint_kind(self.kinds.get(name), value)
        self.columns = list(self.kinds)

    def records(self) -> Iterator[Record]:
        """Read from the start; empty lines are passed over."""
        with self._path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if number == 1:
                    line = line.removeprefix(codecs.BOM_UTF8)
                if line.strip():
                    yield _parse(number, line)


def _parse(number: int, line: bytes) -> Record:
    try:
        row = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        return Record(number, None, f"not a JSON object in UTF-8: {error}")
    if not isinstance(row, dict):
        return Record(number, None, f"must be a JSON object. Received: {type(row).__name__}")
    return Record(number, row)


def _joint_kind(before: str | None, value: Any) -> str:
    """Widen a column's kind by one more value; a missing one fits every kind."""
    if value is None:
        return before or "empty"
    kinds: Mapping[type, str] = {bool: "bool", int: "int", float: "float", str: "text"}
    kind = kinds.get(type(value), "mixed")
    if kind == "int" and abs(value) >= 2**63:
        kind = "mixed"
    if before in (None, "empty", kind):
        return kind
    return "float" if {before, kind} == {"int", "float"} else "mixed"


class ParquetReader:
    """A Parquet file.

    Attributes:
        columns: Names in the order of the file.
        total: How many rows there are.
        schema: Its Arrow schema; times are read to the microsecond.
    """

    def __init__(self, path: Path) -> None:
        pyarrow, parquet = import_parquet()
        self._path = path
        try:
            with parquet.ParquetFile(path) as file:
                self._stored = file.schema_arrow
                self.total = int(file.metadata.num_rows)
        except (pyarrow.ArrowInvalid, OSError) as error:
            raise DataError(f"{path} is not a readable Parquet file: {error}") from error
        self.schema = pyarrow.schema(
            [field.with_type(_micro(pyarrow, field.type)) for field in self._stored],
            metadata=self._stored.metadata,
        )
        self.columns = list(self.schema.names)

    def records(self) -> Iterator[Record]:
        """Read from the start."""
        pyarrow, parquet = import_parquet()
        number = 0
        with parquet.ParquetFile(self._path) as file:
            for batch in file.iter_batches(_PARQUET_ROWS):
                table = pyarrow.Table.from_batches([batch]).cast(self.schema, safe=False)
                for values in table.to_pylist():
                    number += 1
                    yield Record(number, values)


def _micro(pyarrow: Any, kind: Any) -> Any:
    """Give the type that Python can hold: its times have no nanoseconds."""
    if pyarrow.types.is_timestamp(kind) and kind.unit == "ns":
        return pyarrow.timestamp("us", kind.tz)
    return kind


def import_parquet() -> tuple[Any, Any]:
    """Import pyarrow and its Parquet part.

    Raises:
        ConfigurationError: If it is not installed.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise ConfigurationError(
            "Parquet files need the package pyarrow: pip install 'attune[parquet]'."
        ) from error
    return pyarrow, parquet
