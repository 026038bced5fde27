"""Tables out to CSV, JSON lines and Parquet, part by part in constant memory.

A writer fills a file of its own; moving it to its place when it is whole is the caller's part.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

from emotion_component.scoring.table_readers import (
    CsvReader,
    JsonLinesReader,
    ParquetReader,
    TableReader,
    import_parquet,
    kind_of,
)

Row = Mapping[str, Any]
# Kinds of added columns, and of a JSON column whose values are all of one kind.
_ARROW: Final = {"bool": "bool_", "int": "int64", "float": "float64"}


class TableWriter(Protocol):
    """What all three kinds of file offer."""

    def write(self, rows: Sequence[Row]) -> None:
        """Append rows; a column that a row lacks stays empty."""

    def close(self) -> None:
        """Write what is left and close the file."""


def open_writer(
    path: Path, suffix_of: Path, source: TableReader, added: Mapping[str, str]
) -> TableWriter:
    """Create a table that holds the columns of another one and some more.

    Args:
        path: The file to fill.
        suffix_of: The name it will have in the end; its suffix says what kind of file it is.
        source: Where the columns come from. A CSV file's delimiter and byte order mark are kept.
        added: Further column to its kind: `bool`, `float` or `text`.

    Raises:
        ConfigurationError: If the suffix is unknown, or pyarrow is missing.
    """
    kind = kind_of(suffix_of)
    if kind == "csv":
        tabbed = suffix_of.suffix.lower() == ".tsv"
        given = source.delimiter if isinstance(source, CsvReader) else ","
        marked = isinstance(source, CsvReader) and source.marked
        return _CsvWriter(path, [*source.columns, *added], "\t" if tabbed else given, marked)
    if kind == "jsonl":
        return _JsonLinesWriter(path)
    return _ParquetWriter(path, source, added)


class _CsvWriter:
    def __init__(self, path: Path, columns: Sequence[str], delimiter: str, marked: bool) -> None:
        encoding = "utf-8-sig" if marked else "utf-8"
        # A lone surrogate in a JSON string cannot be written as UTF-8.
        self._file = path.open("w", encoding=encoding, errors="replace", newline="")
        self._columns = columns
        self._writer = csv.writer(self._file, delimiter=delimiter)
        self._writer.writerow(columns)

    def write(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._writer.writerow([_cell(row.get(name)) for name in self._columns])

    def close(self) -> None:
        self._file.close()


def _cell(value: Any) -> str:
    """Write one value: nothing for a missing one, JSON for what has parts and for truth."""
    if value is None:
        return ""
    if isinstance(value, (bool, dict, list)):
        return _json(value)
    return str(value)


class _JsonLinesWriter:
    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8", errors="replace", newline="\n")

    def write(self, rows: Iterable[Row]) -> None:
        for row in rows:
            plain = {name: _without_nan(value) for name, value in row.items()}
            self._file.write(_json(plain) + "\n")

    def close(self) -> None:
        self._file.close()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _without_nan(value: Any) -> Any:
    """Give `None` for what JSON has no number for."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


class _ParquetWriter:
    def __init__(self, path: Path, source: TableReader, added: Mapping[str, str]) -> None:
        self._pyarrow, parquet = import_parquet()
        kinds: Row = source.kinds if isinstance(source, JsonLinesReader) else {}
        known = source.schema if isinstance(source, ParquetReader) else None
        schema = known or self._schema({name: kinds.get(name, "text") for name in source.columns})
        for field in self._schema(added):
            schema = schema.append(field)
        # Columns of texts, or of values of several kinds, which become JSON.
        self._texts = (
            [] if known else [n for n in source.columns if kinds.get(n, "text") not in _ARROW]
        )
        self._schema_written = schema
        self._writer = parquet.ParquetWriter(path, schema)

    def _schema(self, kinds: Mapping[str, str]) -> Any:
        return self._pyarrow.schema(
            [
                (name, getattr(self._pyarrow, _ARROW.get(kind, "string"))())
                for name, kind in kinds.items()
            ]
        )

    def write(self, rows: Sequence[Row]) -> None:
        plain = [{**row, **{name: _text(row.get(name)) for name in self._texts}} for row in rows]
        self._writer.write_table(self._pyarrow.Table.from_pylist(plain, self._schema_written))

    def close(self) -> None:
        self._writer.close()


def _text(value: Any) -> str | None:
    """Write a value for a column of texts; a lone surrogate becomes a question mark."""
    if value is None:
        return None
    text = value if isinstance(value, str) else _json(value)
    return text.encode("utf-8", "replace").decode("utf-8")
