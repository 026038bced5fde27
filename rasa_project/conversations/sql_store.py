"""Reads conversations from the SQL table `events` of Rasa's tracker store or event broker.

Rasa's own `SQLTrackerStore` creates its tables when it is opened and tries for ever where the
database does not answer. Here the database is opened for reading only, and an error is one.

Each conversation is a short transaction of its own: on SQLite a long one would keep a running bot
from storing what its customers say.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from rasa_project.conversations import conversation
from rasa_project.conversations.conversation import Conversation, ConversationsError
from rasa_project.database.faults import reason_of

# Rasa's defaults for what `tracker_store` in endpoints.yml leaves out.
_DIALECT: Final = "sqlite"
_DATABASE: Final = "rasa.db"
# The variable by which Rasa is told of a schema of PostgreSQL.
_SCHEMA_VARIABLE: Final = "POSTGRESQL_SCHEMA"
_PAGE: Final = 500  # conversation ids in one query
_BUSY_SECONDS: Final = 10.0

_COUNT: Final = text("SELECT COUNT(DISTINCT sender_id) FROM events")
_IDS: Final = text(
    "SELECT DISTINCT sender_id FROM events WHERE sender_id > :after ORDER BY sender_id LIMIT :page"
)
_EVENTS: Final = text("SELECT data FROM events WHERE sender_id = :id ORDER BY id")


class SqlStore:
    """The conversations of a database; see `conversation.Source`.

    Args:
        url: SQLAlchemy URL; of SQLite, the path is absolute.
    """

    def __init__(self, url: URL) -> None:
        self.name = name_of(url)
        self._engine = _open(url)

    def __iter__(self) -> Iterator[Conversation]:
        """Read all, in the order of their ids."""
        after = ""
        while ids := self._ids(after):
            for identifier in ids:
                found = self.find(identifier)
                if found:  # else it was deleted meanwhile
                    yield found
            after = ids[-1]

    def count(self) -> int:
        """Count the conversations."""
        with self._reading() as connection:
            return int(connection.execute(_COUNT).scalar() or 0)

    def find(self, identifier: str) -> Conversation | None:
        """Read one conversation, `None` where it is not there."""
        with self._reading() as connection:
            rows = connection.execute(_EVENTS, {"id": identifier}).scalars().all()
        return conversation.read(identifier, rows) if rows else None

    def _ids(self, after: str) -> list[str]:
        with self._reading() as connection:
            return list(connection.execute(_IDS, {"after": after, "page": _PAGE}).scalars())

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            cause = reason_of(error).splitlines()[0]
            raise ConversationsError(
                f"{self.name} cannot be read: {cause}. "
                "Correct `tracker_store` in endpoints.yml, or name another source with --from."
            ) from error


def from_endpoint(settings: Mapping[str, Any], project: Path) -> SqlStore:
    """Open the store that `tracker_store` in endpoints.yml describes.

    Args:
        settings: Its keys as Rasa reads them, environment variables filled in.
        project: The folder that Rasa is started from.

    Raises:
        ConversationsError: It is not there, or the address is none.
    """
    return SqlStore(address(settings, project))


def address(settings: Mapping[str, Any], project: Path, database: str = _DATABASE) -> URL:
    """Return where the tables are that an endpoint describes; of SQLite, the path is absolute.

    Args:
        settings: Its keys as Rasa reads them, environment variables filled in.
        project: The folder that Rasa is started from.
        database: Rasa's own default of `db`.

    Raises:
        ConversationsError: It is none.
    """
    host = settings.get("url")
    if isinstance(host, str) and "://" in host:
        return _parsed(host, project)
    parsed = urlsplit(f"scheme://{host}") if host else None
    try:
        port = (parsed and parsed.port) or settings.get("port")
        url = URL.create(
            str(settings.get("dialect", _DIALECT)),
            settings.get("username"),
            settings.get("password"),
            parsed.hostname if parsed else None,
            int(port) if port else None,
            str(settings.get("db", database)),
            settings.get("query") or {},
        )
    except (TypeError, ValueError) as error:
        raise ConversationsError(
            f"`tracker_store` in {project / 'endpoints.yml'} holds no address of a database: "
            f"{error}. Correct it there."
        ) from error
    return _absolute(url, project)


def from_url(given: str, project: Path) -> SqlStore:
    """Open a database by its SQLAlchemy URL.

    Raises:
        ConversationsError: It is not there, or the URL is none.
    """
    return SqlStore(_parsed(given, project))


def _parsed(given: str, project: Path) -> URL:
    try:
        return _absolute(make_url(given), project)
    except (SQLAlchemyError, ValueError) as error:
        raise ConversationsError(
            f"The address of the database is none that SQLAlchemy reads: {error}. "
            "Write it as postgresql://NAME:PASSWORD@HOST:PORT/DATABASE."
        ) from error


def from_file(path: Path) -> SqlStore:
    """Open an SQLite file.

    Raises:
        ConversationsError: It is not there.
    """
    return SqlStore(URL.create("sqlite", database=str(path.absolute())))


def _absolute(url: URL, project: Path) -> URL:
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return url
    return url.set(database=str(project.absolute() / url.database))


def name_of(url: URL) -> str:
    """Name a database without its password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database or "the SQLite database in memory")
    # Passwords stand in the address, and with some drivers in its query.
    return str(URL.create(url.drivername, url.username, None, url.host, url.port, url.database))


def _open(url: URL) -> Engine:
    try:
        if url.get_backend_name() == "sqlite":
            return _open_sqlite(Path(str(url.database)))
        engine: Engine = create_engine(url, **connection_arguments(url))
    except (SQLAlchemyError, ImportError) as error:
        raise ConversationsError(
            f"{name_of(url)} cannot be opened: {error}. Correct the dialect, or install its driver."
        ) from error
    if url.get_backend_name() == "postgresql":
        # The database itself refuses to write.
        engine = engine.execution_options(postgresql_readonly=True)
    return engine


def _open_sqlite(path: Path) -> Engine:
    if not path.is_file():
        raise ConversationsError(
            f"There is no tracker store at {path}: the bot has stored no conversation there yet, "
            "or its database is another. Correct `tracker_store` in endpoints.yml, or name another "
            "source with --from."
        )

    def connect() -> sqlite3.Connection:
        # SQLite itself refuses to write, and makes no file where there is none.
        return sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=_BUSY_SECONDS)

    engine: Engine = create_engine("sqlite://", creator=connect)
    return engine


def connection_arguments(url: URL) -> dict[str, Any]:
    """Return what SQLAlchemy needs beside the address."""
    schema = os.environ.get(_SCHEMA_VARIABLE)
    if not schema or url.get_backend_name() != "postgresql":
        return {}
    return {"connect_args": {"options": f"-csearch_path={schema}"}}
