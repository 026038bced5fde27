"""The desk's database: opened, brought up to date, and used in whole transactions."""

from __future__ import annotations

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import sessionmaker

from rasa_project.desk.errors import StartError

logger = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).parent / "migrations"
# Longer than any transaction of ours; a backup that copies the file may hold the lock.
_BUSY_SECONDS = 15.0


class Store:
    """The desk's database.

    Args:
        url: SQLAlchemy URL of a SQLite file, which need not exist yet.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._engine = _engine(url)
        self._sessions = sessionmaker(self._engine, expire_on_commit=False, future=True)
        self._path = Path(str(self._engine.url.database))
        self._lock: IO[str] | None = None

    @property
    def engine(self) -> Engine:
        """The engine, for migrations and tests."""
        return self._engine

    def open(self) -> None:
        """Make the file where there is none and run the migrations that it has not had.

        Raises:
            StartError: The file cannot be read or written, or is no database of the desk.
        """
        path = self._path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.migrate()
        except (OSError, DatabaseError, CommandError) as error:
            reason = getattr(error, "orig", error)
            raise StartError(
                f"The desk's database {path} cannot be used: {reason}. ATTUNE_DESK_DB names it. "
                "Check that the folder can be written and the file is a desk's; restore it from a "
                "backup or move it away, and the desk reads all conversations anew."
            ) from error

    def hold(self) -> None:
        """Keep other desk processes off this database as long as this process lives.

        Raises:
            StartError: Another process has it.
        """
        path = self._path.with_name(f"{self._path.name}.lock")
        self._lock = path.open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StartError(
                f"Another desk process uses the database {self._path}. Stop it, or "
                "name another database in ATTUNE_DESK_DB."
            ) from error

    def migrate(self, revision: str = "head") -> None:
        """Bring the tables to a revision."""
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with self._engine.connect().execution_options(writes=True) as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, revision)

    @contextmanager
    def read(self) -> Iterator[Any]:
        """Give a session that sees one state of the database and changes nothing."""
        with self._sessions() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Any]:
        """Give a session whose changes are kept together at the end, or not at all."""
        with self._sessions() as session, session.begin():
            # Taken before the first read: what was read still holds when it is written.
            session.connection(execution_options={"writes": True})
            yield session

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()
        if self._lock:
            self._lock.close()


def _engine(url: str) -> Engine:
    engine = create_engine(make_url(url), connect_args={"timeout": _BUSY_SECONDS}, future=True)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    # sqlite3's own idea of transactions breaks savepoints and DDL; ours begin by themselves.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # what was acknowledged survives power loss
    connection.execute("PRAGMA foreign_keys = ON")


def _begin(connection: Any) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
