"""Transactions of a database: those that read, and those that change something in one go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.orm import sessionmaker

from rasa_project.database.postgresql import PostgresqlDatabase
from rasa_project.database.sqlite import SqliteDatabase


class Transactions:
    """What a store is made of.

    Args:
        database: Where its tables stand.
    """

    def __init__(self, database: SqliteDatabase | PostgresqlDatabase) -> None:
        self._database = database
        self._readers = sessionmaker(database.engine, expire_on_commit=False, future=True)
        self._writers = sessionmaker(database.writer, expire_on_commit=False, future=True)

    @contextmanager
    def read(self) -> Iterator[Any]:
        """Give a session that sees one state of the database and changes nothing."""
        with self._readers() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Any]:
        """Give a session whose changes are kept together at the end, or not at all."""
        with self._writers() as session, session.begin():
            # Taken before the first read: what was read still holds when it is written.
            session.connection(execution_options={"writes": True})
            yield session

    def empty_log(self) -> bool:
        """Leave nothing of what was deleted beside the database; False where readers are slow."""
        return self._database.empty_log()

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()
