"""Erases one customer's chat; each function runs in a transaction.

Of a conversation nothing stays but its ids, with the word that its sessions are over: a browser
that still has a token would otherwise go on in it. They go when no such token can be left.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, func, or_, select

from rasa_project.channels.webchat.store.messages import thread_of
from rasa_project.channels.webchat.store.tables import (
    ALIASES,
    FILES,
    HELD,
    MAILS,
    MESSAGES,
    PRESENCE,
    STANDINGS,
    THREADS,
)


@dataclass(frozen=True)
class Erased:
    """What is gone.

    Attributes:
        conversations: Rasa's sender ids.
        messages: How many.
        held: Messages that were not delivered yet.
        mails: Addresses that the conversation was mailed to.
        files: Ids of files, which lie in their folder still.
    """

    conversations: tuple[str, ...]
    messages: int
    held: int
    mails: int
    files: tuple[str, ...]


_BY_THREAD: Final = (PRESENCE, STANDINGS)


def thread_of_customer(connection: Any, customer: str) -> str | None:
    """Return the thread of a customer by the shop's id, none of an unknown one."""
    found = connection.execute(select(THREADS.c.id).where(THREADS.c.customer == customer)).scalar()
    return None if found is None else str(found)


def thread_of_conversation(connection: Any, sender: str) -> str | None:
    """Return the thread of a conversation of Rasa's, none of an unknown one."""
    thread = thread_of(connection, sender)
    known = connection.execute(select(THREADS.c.id).where(THREADS.c.id == thread)).scalar()
    return None if known is None else thread


def conversations_of(connection: Any, thread: str) -> tuple[str, ...]:
    """Return Rasa's sender ids of a thread."""
    now = select(THREADS.c.sender).where(THREADS.c.id == thread)
    before = select(ALIASES.c.sender).where(ALIASES.c.thread == thread)
    found = {row[0] for query in (now, before) for row in connection.execute(query)}
    return tuple(sorted({thread, *found}))


def count(connection: Any, thread: str) -> dict[str, int]:
    """Count what is kept of a thread, by what it is."""
    counts = {
        what: connection.execute(
            select(func.count()).select_from(table).where(where)
        ).scalar()
        for what, (table, where) in _theirs(connection, thread).items()
    }  # fmt: skip
    return {what: number for what, number in counts.items() if number}


def export(connection: Any, thread: str) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of a thread, by what they are."""
    found = {
        what: [dict(row) for row in connection.execute(select(table).where(where)).mappings()]
        for what, (table, where) in _theirs(connection, thread).items()
    }
    return {what: rows for what, rows in found.items() if rows}


def files_of(connection: Any, thread: str) -> tuple[str, ...]:
    """Return the ids of a thread's files."""
    theirs = FILES.c.sender.in_(conversations_of(connection, thread))
    return tuple(row.id for row in connection.execute(select(FILES.c.id).where(theirs)))


def _theirs(connection: Any, thread: str) -> dict[str, tuple[Any, Any]]:
    senders = conversations_of(connection, thread)
    # What an erasure leaves, so that sessions stay over, is a thread without anything in it.
    sessions = or_(
        THREADS.c.signed_out.is_(None), THREADS.c.customer.is_not(None), THREADS.c.last > 0
    )
    return {
        "messages": (MESSAGES, MESSAGES.c.thread == thread),
        "not delivered yet": (HELD, HELD.c.sender.in_(senders)),
        "mail addresses": (MAILS, MAILS.c.thread == thread),
        "files": (FILES, FILES.c.sender.in_(senders)),
        "customers and sessions": (THREADS, THREADS.c.id.in_(senders) & sessions),
    }


def erase(connection: Any, thread: str) -> Erased:
    """Delete all that is kept of a thread; the files themselves are the caller's to delete."""
    senders = conversations_of(connection, thread)
    files = files_of(connection, thread)
    connection.execute(delete(FILES).where(FILES.c.sender.in_(senders)))
    erased = Erased(
        senders,
        _delete(connection, MESSAGES, MESSAGES.c.thread == thread),
        _delete(connection, HELD, HELD.c.sender.in_(senders)),
        _delete(connection, MAILS, MAILS.c.thread == thread),
        files,
    )
    for table in _BY_THREAD:
        _delete(connection, table, table.c.thread == thread)
    _delete(connection, ALIASES, ALIASES.c.thread == thread)
    _delete(connection, THREADS, THREADS.c.id.in_(senders))
    now = time.time()
    ended = [{"id": one, "sender": one, "signed_out": now, "touched": now} for one in senders]
    connection.execute(THREADS.insert(), ended)
    return erased


def _delete(connection: Any, table: Any, which: Any) -> int:
    return int(connection.execute(delete(table).where(which)).rowcount)
