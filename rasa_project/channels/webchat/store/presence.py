"""Who is there and who writes, as far as that holds for seconds; each function in a transaction.

In the database and not in a process, because the desk asks any host of a service; the rows are
overwritten and say nothing once their time is over.
"""

from __future__ import annotations

import time
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from rasa_project.channels.webchat.store.messages import thread_of
from rasa_project.channels.webchat.store.tables import MESSAGES, PRESENCE, THREADS

# A page reports every 25 seconds.
HERE_SECONDS: Final = 40.0
# Who goes on writing says so every few seconds.
TYPING_SECONDS: Final = 8.0


def note(connection: Any, thread: str, **until: float) -> None:
    """Overwrite `here` or `typing` (seconds since 1970) or `seen` (a message's number)."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    row = dialect.insert(PRESENCE).values({"thread": thread, **until})
    connection.execute(row.on_conflict_do_update(index_elements=["thread"], set_=until))


def here(connection: Any, thread: str, seen: int | None) -> None:
    """Take note that a page of a thread is open, and of how far it was seen to the customer."""
    note(connection, thread, here=time.time() + HERE_SECONDS)
    if seen is not None:
        known = connection.execute(
            select(PRESENCE.c.seen).where(PRESENCE.c.thread == thread)
        ).scalar()
        note(connection, thread, seen=max(seen, known or 0))


def typing(connection: Any, thread: str, writes: bool) -> None:
    """Take note that the customer writes, or has ceased to."""
    note(connection, thread, typing=time.time() + TYPING_SECONDS if writes else 0.0)


def of(connection: Any, sender: str) -> dict[str, Any]:
    """Return what is known of a conversation's customer now.

    Returns:
        `thread`; `online`; `typing`; `read` and `delivered`, the ids of the other side's latest
        messages that were seen and that have arrived; `heard`, that of the customer's latest.
    """
    thread = thread_of(connection, sender)
    row = connection.execute(select(PRESENCE).where(PRESENCE.c.thread == thread)).first()
    got = connection.execute(select(THREADS.c.delivered).where(THREADS.c.id == thread)).scalar()
    now = time.time()
    return {
        "thread": thread,
        "online": row is not None and row.here > now,
        "typing": row is not None and row.typing > now,
        "read": _latest(connection, thread, row.seen if row else 0, by_customer=False),
        "delivered": _latest(connection, thread, got or 0, by_customer=False),
        "heard": _latest(connection, thread, None, by_customer=True),
    }


def _latest(connection: Any, thread: str, number: int | None, *, by_customer: bool) -> str | None:
    turn = MESSAGES.c.turn
    query = select(MESSAGES.c.id).where(
        MESSAGES.c.thread == thread, turn.is_not(None) if by_customer else turn.is_(None)
    )
    if number is not None:
        query = query.where(MESSAGES.c.number <= number)
    found = connection.execute(query.order_by(MESSAGES.c.number.desc()).limit(1)).scalar()
    return None if found is None else str(found)
