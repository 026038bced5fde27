"""Moves the reader's cursor off a row that is gone, so that it need not read everything anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rasa_project.desk.inbound import reader
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import Cursor

RowUpTo = Callable[[int], Any]


def step_back(store: Store, senders: Sequence[str], row_up_to: RowUpTo) -> None:
    """Put the cursor on the last row that is left before it, where its own was erased.

    A desk that has looked in between reads from the start, which changes nothing; either way the
    cursor no longer names the conversation.

    Args:
        store: The desk's.
        senders: Rasa's ids of what was erased.
        row_up_to: Returns the last row up to a number, with `id`, `timestamp` and `sender_id`.
    """
    with store.write() as session:
        cursor = session.get(Cursor, reader.CURSOR)
        if cursor is None or not _is_on(cursor, senders):
            return
        row = row_up_to(cursor.last_id)
        if row is None:
            cursor.last_id, cursor.mark = 0, None
        else:
            cursor.last_id, cursor.mark = row.id, reader.mark(row.timestamp, row.sender_id)


def _is_on(cursor: Cursor, senders: Sequence[str]) -> bool:
    return cursor.mark is not None and any(cursor.mark.endswith(f"@{one}") for one in senders)
