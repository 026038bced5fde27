"""The desk's database on a PostgreSQL server.

Whatever changes something begins by taking one lock, so that changes come one after the other, as
SQLite has them: what was read still holds when it is written, whoever else writes, and nothing has
to be tried again. The one desk process holds a second lock, on the very connection that it writes
by: when that connection is lost, so is the right to write, until the lock has been taken anew.
"""

from __future__ import annotations

import logging
import time
from typing import Any, Final

from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from rasa_project.errors import StartError

logger = logging.getLogger(__name__)

# Longer than any transaction of ours.
BUSY_SECONDS: Final = 15
# A server notices within moments that a killed desk is gone.
_TAKE_OVER_SECONDS: Final = 5.0
_TAKE_OVER_POLL_SECONDS: Final = 0.2
# Any two numbers that nobody else uses in this database; advisory locks are a database's own.
_DESK_LOCK: Final = "(1098151029, 1)"
_WRITE_LOCK: Final = "(1098151029, 2)"
_CONNECT: Final = {
    "connect_timeout": 10,
    "application_name": "attune desk",
    # A server that vanished without a word is noticed within half a minute.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "options": f"-c lock_timeout={BUSY_SECONDS}s -c idle_in_transaction_session_timeout=60s",
}


class PostgresqlDatabase:
    """A database that exists already; the desk makes its tables.

    Args:
        url: Its SQLAlchemy URL.
    """

    advice = "Check that the server runs and the database exists, is a desk's, and is this user's"

    def __init__(self, url: URL) -> None:
        self.name = repr(url)  # with the password hidden
        self._held = False
        options: dict[str, Any] = {
            "connect_args": _CONNECT, "pool_pre_ping": True, "future": True,
            "pool_timeout": BUSY_SECONDS,
        }  # fmt: skip
        self.engine = create_engine(url, **options)
        # One connection: writers of this process wait for one another here.
        self.writer = create_engine(url, pool_size=1, max_overflow=0, **options)
        event.listen(self.engine, "begin", _begin)
        event.listen(self.writer, "begin", _begin)
        event.listen(self.writer, "connect", self._take_desk_lock)

    def make(self) -> None:
        """Do nothing: who may make databases is the server's business."""

    def hold(self) -> None:
        """Take the desk's lock; the server drops it when the connection ends.

        Raises:
            StartError: Another process has it.
            sqlalchemy.exc.DatabaseError: The server cannot be used.
        """
        self._held = True
        self.writer.dispose()
        self._ping()

    def check_hold(self) -> None:
        """Hold that the desk's lock is still ours; a lost connection is made anew.

        Raises:
            StartError: Another desk took over while the connection was lost.
        """
        try:
            self._ping()
        except DBAPIError as error:
            logger.warning("The desk's database cannot be reached: %s", error.orig)

    def empty_log(self) -> bool:
        """Do nothing: what a server keeps of deleted rows is its own business."""
        return True

    def close(self) -> None:
        """Let go of the server, and of the lock with it."""
        self.engine.dispose()
        self.writer.dispose()

    def _ping(self) -> None:
        with self.writer.connect() as connection:
            connection.execute(text("SELECT 1"))

    def _take_desk_lock(self, connection: Any, _record: object) -> None:
        if not self._held:
            return
        deadline = time.monotonic() + _TAKE_OVER_SECONDS
        while not _try_lock(connection):
            if time.monotonic() > deadline:
                connection.close()
                raise StartError(
                    f"Another desk process uses the database {self.name}. Stop it, or "
                    "name another database in ATTUNE_DESK_DB."
                )
            time.sleep(_TAKE_OVER_POLL_SECONDS)


def _try_lock(connection: Any) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_lock{_DESK_LOCK}")
        (taken,) = cursor.fetchone()
    connection.commit()  # the lock is the session's and outlives this
    return bool(taken)


def _begin(connection: Any) -> None:
    if connection.get_execution_options().get("writes"):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock{_WRITE_LOCK}")
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
