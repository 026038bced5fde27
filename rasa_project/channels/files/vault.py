"""The folder of sent files: written beside, then put in place whole, under names of our own.

    incoming/<name>.part     what is being received
    <id[:2]>/<id>            what is whole, judged and scanned

A file counts once there is a row for it. What a kill leaves, a part or a file without a row, is
never given out, and swept.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

# No upload takes as long; what is older, nobody will finish.
LEFT_SECONDS: Final = 3_600.0
_INCOMING: Final = "incoming"
_PREFIX: Final = 2


class Vault:
    """Keeps files by their ids.

    Args:
        folder: Made where it is missing, for its owner alone; outside of what is served.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def begin(self, name: str) -> tuple[Path, BinaryIO]:
        """Open a new part; `name` must be an id of our own."""
        folder = self._made(self.folder / _INCOMING)
        path = folder / f"{name}.part"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        return path, os.fdopen(descriptor, "wb")

    def seal(self, part: Path, file_id: str) -> None:
        """Put a part in place; what can be seen there then is whole, also after a crash."""
        descriptor = os.open(part, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        place = self.place(file_id)
        self._made(place.parent)
        part.replace(place)
        _sync(place.parent)

    def place(self, file_id: str) -> Path:
        """Return where a file lies; only ids of our own making may come here."""
        if not file_id.isalnum():
            raise ValueError("An id holds letters and digits alone.")
        return self.folder / file_id[:_PREFIX] / file_id

    def remove(self, file_id: str) -> None:
        """Delete a file, if it is there."""
        self.place(file_id).unlink(missing_ok=True)

    def sweep(self, known: Callable[[list[str]], set[str]], seconds: float = LEFT_SECONDS) -> int:
        """Delete what nobody knows and has lain for so long; return how much that was.

        Args:
            known: Returns those of the ids that have a row.
            seconds: Since it was last written.
        """
        old = time.time() - seconds
        gone = sum(_drop(path, old) for path in _files(self.folder / _INCOMING))
        for folder in sorted(self.folder.glob("?" * _PREFIX)):
            paths = {path.name: path for path in _files(folder)}
            for name in paths.keys() - known(list(paths)):
                gone += _drop(paths[name], old)
        return gone

    def _made(self, folder: Path) -> Path:
        if not folder.is_dir():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.mkdir(mode=0o700, exist_ok=True)
        return folder


def _files(folder: Path) -> Iterator[Path]:
    with contextlib.suppress(FileNotFoundError):
        yield from (path for path in folder.iterdir() if path.is_file())


def _drop(path: Path, old: float) -> int:
    try:
        if path.stat().st_mtime > old:
            return 0
        path.unlink()
    except FileNotFoundError:  # its upload was done, or another process was first
        return 0
    return 1


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
