"""What a long scoring has done so far, on disk, so that it can go on after a kill.

JSON lines: first what is being scored and by which model, then one line for each record of the
input. Lines are only ever appended, so a kill leaves at most the last one unfinished; going on
cuts that one off. Standard library only.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Final

from emotion_component.errors import ConfigurationError

Entry = dict[str, Any]
FORMAT: Final = 1


class Journal:
    """An open journal.

    Args:
        path: The file. It must not exist, unless `resume`.
        identity: What is scored and how; JSON types. Going on with another one is refused.
        resume: Whether to go on with the file where there is one.

    Attributes:
        done: How many records it held when it was opened.

    Raises:
        ConfigurationError: If the file exists and is not to be gone on with, or is about another
            input, column or model.
    """

    def __init__(self, path: Path, identity: Mapping[str, Any], resume: bool) -> None:
        self.path = path
        self._identity = {"format": FORMAT, **identity}
        self.done = 0
        if path.exists():
            self._reopen(resume)
        else:
            self._file: IO[bytes] = path.open("wb")
            self._start()

    def _reopen(self, resume: bool) -> None:
        if not resume:
            raise ConfigurationError(
                f"{self.path} is there from a run that did not end: add --resume to go on with "
                "it, or remove it to start again."
            )
        self._file = self.path.open("r+b")
        whole, lines, first = _whole_lines(self.path)
        self._file.truncate(whole)
        self._file.seek(whole)
        if lines == 0:
            self._start()
            return
        different = [name for name in self._identity if first.get(name) != self._identity[name]]
        if different:
            self._file.close()
            raise ConfigurationError(
                f"{self.path} belongs to another run, with another {' and '.join(different)}: "
                "give the same command as then, or remove the file to start again."
            )
        self.done = lines - 1

    def _start(self) -> None:
        self._file.write(_line(self._identity))
        self._file.flush()

    def append(self, entries: Iterable[Entry]) -> None:
        """Add entries; when this returns, a kill of the process no longer loses them."""
        self._file.write(b"".join(map(_line, entries)))
        self._file.flush()

    def entries(self) -> Iterator[Entry]:
        """Read every entry from the start."""
        with self.path.open("rb") as lines:
            next(lines)
            for line in lines:
                yield json.loads(line)

    def close(self) -> None:
        """Close the file and leave it where it is."""
        self._file.close()

    def remove(self) -> None:
        """Close the file and delete it: its work is done."""
        self._file.close()
        self.path.unlink()


def _line(entry: Mapping[str, Any]) -> bytes:
    return json.dumps(entry).encode() + b"\n"  # ASCII: every string can be written


def _whole_lines(path: Path) -> tuple[int, int, Entry]:
    """Measure the part of the file that holds whole lines: bytes, lines, and the first line."""
    whole = count = 0
    first: Entry = {}
    with path.open("rb") as lines:
        for line in lines:
            try:
                entry = json.loads(line)
            except ValueError:
                break
            if not line.endswith(b"\n"):
                break
            first = first or entry
            whole += len(line)
            count += 1
    return whole, count, first
