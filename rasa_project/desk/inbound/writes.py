"""Notices that somebody wrote to a SQLite file, at the price of looking at one number."""

from __future__ import annotations

import sqlite3
from pathlib import Path


class Writes:
    """Asks SQLite's `data_version`, which other connections' commits change.

    It reads no table and takes some ten microseconds, so it can be asked fifty times a second. It
    is a hint alone: where the file is not there or was replaced, nothing is noticed, and whoever
    follows the file looks for themselves now and then.

    Args:
        path: The file; it may not exist yet.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._seen: int | None = None

    def noticed(self) -> bool:
        """Say whether there was a commit since the last time."""
        try:
            version = self._version()
        except sqlite3.Error:  # not there, or locked just now
            self.close()
            return False
        seen, self._seen = self._seen, version
        return seen is not None and version != seen

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()
        self._connection, self._seen = None, None

    def _version(self) -> int:
        if self._connection is None:
            uri = f"{self._path.as_uri()}?mode=ro"
            self._connection = sqlite3.connect(uri, uri=True, timeout=0)
        row = self._connection.execute("PRAGMA data_version").fetchone()
        return int(row[0])
