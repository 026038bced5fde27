"""A SQLite file as a database, for one machine."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import IO, Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL

from rasa_project.errors import StartError

# Longer than any transaction of ours; a backup that copies the file may hold the lock.
BUSY_SECONDS = 15.0


def engine_of(url: URL) -> Any:  # the types of SQLAlchemy 1.4 know no future engines
    """Return an engine whose commits survive power loss and whose readers never wait.

    A transaction of a connection with the execution option `writes` is alone from its beginning.
    """
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, future=True)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


class SqliteDatabase:
    """A SQLite file, which need not exist yet.

    Args:
        url: Its SQLAlchemy URL.
    """

    advice = "Check that the folder can be written and the file is a desk's"

    def __init__(self, url: URL) -> None:
        self._path = Path(str(url.database))
        self._lock: IO[str] | None = None
        self.engine = engine_of(url)
        self.writer = self.engine

    @property
    def name(self) -> str:
        """What people call it."""
        return str(self._path)

    def make(self) -> None:
        """Make the folder of the file.

        Raises:
            OSError: It cannot be made.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)

    def hold(self) -> None:
        """Take the lock beside the file; the system drops it when this process dies.

        Raises:
            StartError: Another process has it.
            OSError: The lock's file cannot be made.
        """
        self.make()
        self._lock = self._path.with_name(f"{self._path.name}.lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StartError(
                f"Another desk process uses the database {self._path}. Stop it, or "
                "name another database in ATTUNE_DESK_DB."
            ) from error

    def check_hold(self) -> None:
        """Do nothing: a lock of the file system's is not lost while the process lives."""

    def empty_log(self) -> bool:
        """Put what was written into the file, and nothing is left beside it; see `empty_log`."""
        return empty_log(self.engine)

    def close(self) -> None:
        """Let go of the file."""
        self.engine.dispose()
        if self._lock:
            self._lock.close()


def empty_log(engine: Any) -> bool:
    """Bring a write-ahead log into its file and cut it to nothing; what was deleted is gone then.

    Readers are waited for as long as any lock is. Returns False where they took longer.
    """
    connection = engine.raw_connection()
    try:
        (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy
    finally:
        connection.close()


def _prepare(connection: Any, _record: object) -> None:
    # sqlite3's own idea of transactions breaks savepoints and DDL; ours begin by themselves.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # what was acknowledged survives power loss
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten


def _begin(connection: Any) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
