"""What Rasa's own table `events` holds of conversations: counted, given out, and deleted.

Both the SQL tracker store and the SQL event broker have a table of this name. Rasa writes a turn's
events when the turn is over, and all of them where it finds none of the conversation: a turn that
is under way while it is erased comes back, so what was erased is counted once more at the end.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, create_engine, inspect, text
from sqlalchemy.engine import URL, Engine
from sqlalchemy.exc import SQLAlchemyError

from rasa_project.conversations.conversation import ConversationsError
from rasa_project.conversations.sql_store import connection_arguments, name_of
from rasa_project.database import sqlite
from rasa_project.database.faults import reason_of

_TABLE: Final = "events"
_THEIRS: Final = f"FROM {_TABLE} WHERE sender_id IN :senders"
_UP_TO: Final = text(
    f"SELECT id, sender_id, timestamp FROM {_TABLE} WHERE id <= :id ORDER BY id DESC LIMIT 1"
)


class Stands(NamedTuple):
    """A row of the table.

    Attributes:
        id: Its number.
        sender_id: Whose it is.
        timestamp: Seconds since 1970.
    """

    id: int
    sender_id: str
    timestamp: float


class SqlEvents:
    """The table of one database.

    Args:
        url: SQLAlchemy URL; of SQLite, the path is absolute, and the file may be missing.
    """

    def __init__(self, url: URL) -> None:
        self.name = name_of(url)
        self._file = Path(str(url.database)) if url.get_backend_name() == "sqlite" else None
        self._engine = _open(url, self._file)

    def count(self, senders: Sequence[str]) -> dict[str, int]:
        """Count the events of conversations."""
        with self._working() as connection:
            if connection is None:
                return {}
            count = connection.execute(_of(f"SELECT COUNT(*) {_THEIRS}", senders)).scalar()
            return {"events": int(count)} if count else {}

    def export(self, senders: Sequence[str]) -> dict[str, list[Any]]:
        """Return the events of conversations as Rasa wrote them, in order."""
        with self._working() as connection:
            if connection is None:
                return {}
            found = connection.execute(_of(f"SELECT data {_THEIRS} ORDER BY id", senders))
            events = [json.loads(data) for data in found.scalars()]
            return {"events": events} if events else {}

    def erase(self, senders: Sequence[str]) -> None:
        """Delete the events of conversations; whoever writes just then is waited for."""
        with self._working() as connection:
            if connection is not None:
                connection.execute(_of(f"DELETE {_THEIRS}", senders))

    def row_up_to(self, number: int) -> Stands | None:
        """Return the last row that is left up to a number, for who follows the table."""
        with self._working() as connection:
            if connection is None:
                return None
            row = connection.execute(_UP_TO, {"id": number}).first()
            return None if row is None else Stands(*row)

    def empty_log(self) -> bool:
        """Leave nothing of what was deleted beside a SQLite file; False where readers are slow."""
        if self._file is None or not self._file.is_file():
            return True
        return sqlite.empty_log(self._engine)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @contextmanager
    def _working(self) -> Iterator[Any]:
        """Give a transaction; none where Rasa has not made the table yet."""
        try:
            if self._file is not None and not self._file.is_file():
                yield None
                return
            with self._engine.begin() as connection:
                yield connection if inspect(connection).has_table(_TABLE) else None
        except SQLAlchemyError as error:
            cause = reason_of(error).splitlines()[0]
            raise ConversationsError(
                f"{self.name}, where Rasa keeps its events, cannot be used: {cause}. Correct "
                "endpoints.yml, or run the command again once it can be."
            ) from error


def _of(statement: str, senders: Sequence[str]) -> Any:
    query = text(statement).bindparams(bindparam("senders", expanding=True))
    return query.bindparams(senders=list(senders))


def _open(url: URL, file: Path | None) -> Engine:
    try:
        if file is None:
            engine: Engine = create_engine(url, **connection_arguments(url))
            return engine
    except (SQLAlchemyError, ImportError) as error:
        raise ConversationsError(
            f"{name_of(url)} cannot be opened: {error}. Correct the dialect, or install its driver."
        ) from error

    def connect() -> sqlite3.Connection:
        uri = f"{file.as_uri()}?mode=rw"  # no file is made where there is none
        connection = sqlite3.connect(uri, uri=True, timeout=sqlite.BUSY_SECONDS)
        connection.execute("PRAGMA secure_delete = ON")
        return connection

    return create_engine("sqlite://", creator=connect)
