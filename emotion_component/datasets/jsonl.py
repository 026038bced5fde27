"""JSON lines, one object a line, with a note of every line that is none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from emotion_component.errors import DataMissingError, RowError

Row = dict[str, Any]


def refuse(error: RowError, bad: list[RowError] | None) -> None:
    """Note a bad row, or raise it where nobody takes notes."""
    if bad is None:
        raise error
    bad.append(error)


def objects(
    path: Path, limit: int | None = None, bad: list[RowError] | None = None
) -> Iterator[tuple[int, Row]]:
    """Read a file.

    Args:
        path: UTF-8, one object a line; empty lines are passed over.
        limit: Stop after this many rows.
        bad: Takes lines that are no objects, and the rest is read; without it the first of them
            ends the reading.

    Yields:
        Line number from 1, and the object.

    Raises:
        DataMissingError: If there is no such file.
        RowError: If a line is no JSON object and there is no `bad`.
    """
    if not path.is_file():
        raise DataMissingError(f"No data file at {path}.")
    count = 0
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            if limit is not None and count >= limit:
                return
            count += 1
            try:
                row = _parse(path, number, line)
            except RowError as error:
                refuse(error, bad)
            else:
                yield number, row


def _parse(path: Path, number: int, line: bytes) -> Row:
    """Read one line as an object."""
    try:
        row = json.loads(line.decode("utf-8"))
    except ValueError as error:  # bad UTF-8 and bad JSON alike
        raise RowError(path, number, f"not a JSON object in UTF-8: {error}") from error
    if not isinstance(row, dict):
        raise RowError(path, number, f"must be a JSON object. Received: {type(row).__name__}")
    return row
