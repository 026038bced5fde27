"""Follows Rasa's event table behind a durable cursor.

Rasa's `SQLTrackerStore` writes each event as a row of the table `events`. On SQLite the ids grow in
the order of commits, so "all rows with a higher id" misses nothing. The cursor moves in the same
transaction that stores what was read: after a crash the desk goes on exactly where it was.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from rasa_project.desk.inbound import tracker_events
from rasa_project.desk.inbound.intake import Intake
from rasa_project.desk.inbound.writes import Writes
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import Cursor
from rasa_project.desk.tickets.changes import Changes

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.3
_GLANCE_SECONDS = 0.02
BATCH_ROWS = 200  # bounds how long one transaction holds the desk's database
_BUSY_SECONDS = 2.0
CURSOR = "rasa-events"
_QUERY = (
    "SELECT id, sender_id, type_name, timestamp, data FROM events WHERE id >= ? ORDER BY id LIMIT ?"
)

Publish = Callable[[Changes], Awaitable[None]]


class EventReader:
    """Reads the tracker store and brings the desk's store up to date.

    Args:
        tracker_db: SQLAlchemy URL of the SQLite file; it may not exist yet.
        store: The desk's store.
    """

    def __init__(self, tracker_db: str, store: Store) -> None:
        self._path = Path(str(make_url(tracker_db).database)).absolute()
        self._store = store
        self._complaint: str | None = None
        self._writes = Writes(self._path)

    async def run(self, publish: Publish) -> None:
        """Follow the events for ever.

        Args:
            publish: Told of the changes after each transaction.
        """
        while True:
            try:
                changes, more = await asyncio.to_thread(self.read_batch)
                if changes:
                    await publish(changes)
            except Exception:  # an unforeseen fault must not end the desk's only ear
                logger.exception("Reading Rasa's events failed; the desk tries again.")
                more = False
            await asyncio.sleep(0) if more else await self._until_written()

    async def _until_written(self) -> None:
        """Wait for a commit of Rasa's, at the longest until it is time to look anyhow."""
        for _ in range(round(POLL_SECONDS / _GLANCE_SECONDS)):
            await asyncio.sleep(_GLANCE_SECONDS)
            if self._writes.noticed():
                return

    def read_batch(self) -> tuple[Changes, bool]:
        """Read the next events into the store.

        Returns:
            What changed, and whether more events wait already.
        """
        with self._store.read() as session:
            cursor = session.get(Cursor, CURSOR)
            last_id, mark = (cursor.last_id, cursor.mark) if cursor else (0, None)
        rows = self._rows(last_id)
        if rows is None:
            return Changes(), False
        if mark is not None and (not rows or _mark_of(rows[0]) != mark):
            return self._begin_anew(last_id, mark)
        fresh = rows[1:] if mark is not None else rows
        if not fresh:
            return Changes(), False
        return self._take(fresh, last_id, mark), len(rows) > BATCH_ROWS

    def _rows(self, last_id: int) -> list[Any] | None:
        """Return the row at the cursor and those after it; None where the table is not there."""
        try:
            with closing(_connect(self._path)) as connection:
                rows = connection.execute(_QUERY, (last_id, BATCH_ROWS + 1)).fetchall()
        except sqlite3.Error as error:
            if str(error) != self._complaint:
                logger.warning("Rasa's events in %s cannot be read yet: %s.", self._path, error)
            self._complaint = str(error)
            return None
        self._complaint = None
        return rows

    def _begin_anew(self, last_id: int, mark: str) -> tuple[Changes, bool]:
        """The row at the cursor is another one: the tracker store was replaced or cut.

        Reading from the start changes nothing that was read before, since events have names.
        """
        logger.warning(
            "Row %s of Rasa's events is not the one that was read last; the tracker store was "
            "replaced or conversations were deleted. The desk reads it from the start.", last_id
        )  # fmt: skip
        with self._store.write() as session:
            cursor = session.get(Cursor, CURSOR)
            if cursor and cursor.mark == mark:
                cursor.last_id, cursor.mark = 0, None
        return Changes(), True

    def _take(self, rows: list[Any], last_id: int, mark: str | None) -> Changes:
        with self._store.write() as session:
            cursor = session.get(Cursor, CURSOR)
            if cursor is None:
                cursor = Cursor(name=CURSOR, last_id=0, mark=None)
                session.add(cursor)
            if (cursor.last_id, cursor.mark) != (last_id, mark):
                return Changes()  # somebody else read these meanwhile
            intake = Intake(session)
            for raw in rows:
                intake.take_sound(
                    partial(tracker_events.row, *raw), f"row {raw[0]} of Rasa's table"
                )
            cursor.last_id, cursor.mark = rows[-1][0], _mark_of(rows[-1])
            return intake.changes


def _connect(path: Path) -> sqlite3.Connection:
    """Open read-only, so that a file that is not there yet is not made."""
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=_BUSY_SECONDS)
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    return connection


def mark(timestamp: Any, sender_id: str) -> str:
    """Name a row, so that it is known again; a number may be given twice."""
    return f"{timestamp!r}@{sender_id}"[:300]


def _mark_of(raw: Any) -> str:
    return mark(raw[3], raw[1])
