"""The database of the chat store: SQLite for one machine, PostgreSQL for several."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

from rasa.shared.exceptions import InvalidConfigException
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from rasa_project.database import sqlite
from rasa_project.database.migrations import Migrations, UnknownSchema
from rasa_project.errors import StartError

Result = TypeVar("Result")

MIGRATIONS: Final = Migrations(
    Path(__file__).parent / "migrations", "webchat_revision", baseline="0001"
)
# Two numbers that nobody else uses in this database.
_TABLES_LOCK: Final = "(1098151029, 3)"
_SUPPORTED: Final = ("sqlite", "postgresql")
_PLACE: Final = "in credentials.yml under rasa_project.channels.webchat.WebChatInput"


class Database:
    """Transactions beside the event loop: writes one after the other, reads next to them.

    That writes keep their order is what keeps a customer's messages in theirs.

    Args:
        url: SQLAlchemy URL of a SQLite file, made where it is missing, or a PostgreSQL database.

    Raises:
        InvalidConfigException: If it is neither.
    """

    def __init__(self, url: str) -> None:
        try:
            self._url = make_url(url)
        except ArgumentError:
            raise InvalidConfigException(_complaint(url)) from None
        if self._url.get_backend_name() not in _SUPPORTED:
            raise InvalidConfigException(_complaint(url))
        self._engine: Any = None
        # Threads begin with their first task, so a worker process may be forked before.
        self._writer = ThreadPoolExecutor(1, "webchat-writes")
        self._reader = ThreadPoolExecutor(2, "webchat-reads")

    async def open(self) -> None:
        """Run the migrations that the database has not had; make it where it is a missing file.

        Who writes or reads opens it as well; this tells beforehand whether it can be used.

        Raises:
            StartError: A later version has changed its tables, or they are no version's.
            sqlalchemy.exc.DatabaseError: It cannot be reached, which may pass.
        """
        await self.write(_nothing)

    async def write(self, change: Callable[..., Result], *args: Any) -> Result:
        """Run `change(connection, *args)` in a transaction, in the order of the calls."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writer, self._run, True, change, args)

    async def read(self, query: Callable[..., Result], *args: Any) -> Result:
        """Run `query(connection, *args)`; it sees every write that has returned."""
        if self._engine is None:  # the tables are made by the thread that writes
            return await self.write(query, *args)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._reader, self._run, False, query, args)

    async def empty_log(self) -> bool:
        """Leave nothing of what was deleted beside a SQLite file; False where readers are slow."""
        loop = asyncio.get_running_loop()
        if self._url.get_backend_name() != "sqlite" or self._engine is None:
            return True
        return await loop.run_in_executor(self._writer, sqlite.empty_log, self._engine)

    def close(self) -> None:
        """Finish what is under way and let go of the database."""
        self._writer.shutdown()
        self._reader.shutdown()
        if self._engine is not None:
            self._engine.dispose()

    def _run(self, writes: bool, action: Callable[..., Result], args: tuple[Any, ...]) -> Result:
        if self._engine is None:
            self._engine = self._open()
        with _transaction(self._engine, writes) as connection:
            return action(connection, *args)

    def _open(self) -> Any:
        if self._url.get_backend_name() == "sqlite":
            engine = self._open_sqlite()
        else:
            engine = create_engine(self._url, pool_pre_ping=True, future=True)
        try:
            with _transaction(engine, True) as connection:
                if engine.dialect.name == "postgresql":  # who starts at once migrates in turn
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock{_TABLES_LOCK}")
                MIGRATIONS.bring_up(connection)
        except UnknownSchema as error:
            raise StartError(
                f"The chat's database {self._url!r} cannot be used: {error}. It was left as it "
                f"was. Restore a backup of it, or name another one: `store` {_PLACE}."
            ) from error
        return engine

    def _open_sqlite(self) -> Any:
        if self._url.database:
            Path(self._url.database).parent.mkdir(parents=True, exist_ok=True)
        return sqlite.engine_of(self._url)


@contextmanager
def _transaction(engine: Any, writes: bool) -> Iterator[Any]:
    connected = engine.connect().execution_options(writes=writes)
    with connected as connection, connection.begin():
        yield connection


def _nothing(_connection: Any) -> None:
    """Change nothing."""


def _complaint(url: object) -> str:
    return (
        "`store` must be the address of a SQLite file or a PostgreSQL database, such as "
        f"sqlite:///.attune/webchat.db. Received: {str(url).partition(':')[0]}:... "
        f"Set it {_PLACE}."
    )
