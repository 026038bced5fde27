"""Labelled messages of the user's own: JSON lines or CSV, in any set of labels."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from emotion_component import labels
from emotion_component.datasets.jsonl import Row, objects, refuse
from emotion_component.datasets.mapping import SERVICE, LabelMapping, target
from emotion_component.datasets.sources import TOP_INTENSITY, Example, check_text, share
from emotion_component.errors import DataError, DataMissingError, RowError

CSV_SUFFIXES: Final = (".csv", ".tsv")
DELIMITERS: Final = ",;\t|"
# What spreadsheets and data frames write where there is no value.
_MISSING: Final = ("", "nan")


@dataclass(frozen=True)
class OwnData:
    """A file of labelled messages.

    Attributes:
        path: CSV (`.csv`, `.tsv`, with a header; the delimiter is found) or JSON lines, in UTF-8,
            or UTF-16 with its mark where it is CSV.
        text_column: Column or key of the message.
        label_column: Column or key of its label; in JSON lines it may hold a list of labels.
        mapping: From its labels to service labels.

    A column `intensity`, 0 to 3, is used where there is one, and `voice`, who wrote the message:
    what one voice wrote is kept on one side of the split.
    """

    path: Path
    text_column: str = "text"
    label_column: str = "label"
    mapping: LabelMapping = field(default=SERVICE, hash=False)


def read(
    data: OwnData, limit: int | None = None, bad: list[RowError] | None = None
) -> list[Example]:
    """Read a file as examples with a `service` target.

    Args:
        data: Which file, and how to read it.
        limit: Stop after this many rows.
        bad: Takes rows that cannot be used, and the rest is read; without it the first of them
            ends the reading.

    Raises:
        DataMissingError: If there is no such file.
        DataError: If it lacks a column, holds labels that the mapping does not name (all are
            listed, with their counts), or nothing to train on.
        RowError: If a row cannot be used and there is no `bad`.
    """
    if not data.path.is_file():
        raise DataMissingError(f"No data file at {data.path}.")
    is_csv = data.path.suffix.lower() in CSV_SUFFIXES
    examples: list[Example] = []
    refused = len(bad or ())
    unmapped: Counter[str] = Counter()
    for number, row in (_csv_rows if is_csv else _json_rows)(data, limit, bad):
        try:
            names = _labels(row[data.label_column])
            unknown = [name for name in names if name not in data.mapping]
            unmapped.update(unknown)
            if not unknown:
                examples.extend(_example(row, names, data))
        except (TypeError, ValueError) as error:
            refuse(RowError(data.path, number, str(error)), bad)
    if unmapped:
        raise DataError(_unmapped(data, unmapped))
    if not examples and len(bad or ()) == refused:
        raise DataError(f"{data.path} holds no rows to train on.")
    return examples


def _unmapped(data: OwnData, counts: Counter[str]) -> str:
    named = ", ".join(f"`{name}` ({count})" for name, count in counts.most_common())
    return (
        f"{data.path} has labels that stand for no service label: {named}. Name each in a file for "
        f"`--mapping`, null leaves one out. Service labels: {', '.join(labels.SERVICE_LABELS)}."
    )


def _example(row: Row, names: list[str], data: OwnData) -> Iterator[Example]:
    """Turn a row whose labels are all known into an example, or nothing if they are left out."""
    text = check_text(row[data.text_column])
    if text.strip().lower() in _MISSING:
        raise ValueError(f"the text is missing. Received: {text!r}")
    service = target(names, data.mapping)
    if service is None:
        return
    targets = {"service": service}
    intensity = row.get("intensity")
    if intensity is not None and str(intensity).strip():
        targets["intensity"] = np.array([share(intensity, TOP_INTENSITY)], np.float32)
    yield Example(text, targets, identity=str(row.get("voice") or text))


def _labels(value: Any) -> list[str]:
    """Read the label column of a row: a label, a number, or a list of them."""
    values = value if isinstance(value, list) else [value]
    names = [str(name).strip() for name in values if isinstance(name, str | int | float | bool)]
    if not names or len(names) < len(values) or any(n.lower() in _MISSING for n in names):
        raise ValueError(f"the label is missing. Received: {value!r}")
    return names


def _json_rows(
    data: OwnData, limit: int | None, bad: list[RowError] | None
) -> Iterator[tuple[int, Row]]:
    """Read JSON lines that have both keys."""
    for number, row in objects(data.path, limit, bad):
        missing = [key for key in (data.text_column, data.label_column) if key not in row]
        if missing:
            problem = f"has no `{missing[0]}`. Received: {', '.join(row) or 'no keys'}"
            refuse(RowError(data.path, number, problem), bad)
        else:
            yield number, row


def _csv_rows(
    data: OwnData, limit: int | None, bad: list[RowError] | None
) -> Iterator[tuple[int, Row]]:
    """Read CSV rows with the line each starts on."""
    encoding = _encoding(data.path)
    # A bad byte is kept as half a surrogate pair and refused with its row, not with the file.
    errors = "surrogateescape" if encoding == "utf-8-sig" else "replace"
    with data.path.open(encoding=encoding, errors=errors, newline="") as lines:
        header = lines.readline()
        delimiter = _delimiter(data, header)
        names = next(csv.reader([header], delimiter=delimiter), [])
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        count = 0
        while limit is None or count < limit:
            number = reader.line_num + 2
            try:
                values = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                refuse(RowError(data.path, number, f"not a CSV row: {error}"), bad)
                continue
            if not values:
                continue
            count += 1
            if len(values) == len(names):
                yield number, dict(zip(names, values, strict=True))
            else:
                problem = f"must have {len(names)} columns. Received: {len(values)}"
                refuse(RowError(data.path, number, problem), bad)


def _encoding(path: Path) -> str:
    with path.open("rb") as start:
        mark = start.read(2)
    return "utf-16" if mark in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"


def _delimiter(data: OwnData, header: str) -> str:
    """Find the delimiter that gives the header both columns.

    Raises:
        DataError: If there is none; the message names the columns there are.
    """
    wanted = {data.text_column, data.label_column}
    best: list[str] = []
    for delimiter in DELIMITERS:
        columns = next(csv.reader([header], delimiter=delimiter), [])
        if wanted <= set(columns):
            return delimiter
        best = max(best, columns, key=len)
    missing = ", ".join(f"`{name}`" for name in sorted(wanted - set(best)))
    raise DataError(
        f"{data.path} has no column {missing}. Received: {', '.join(best) or 'an empty file'}. "
        "Name the columns with --text-column and --label-column."
    )
