"""Writing and reading the messages of threads; each function runs in a transaction."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from rasa_project.channels.webchat.store.tables import ALIASES, FILES, MESSAGES, PRESENCE, THREADS

_OPEN: Final = ("waiting", "running")


@dataclass(frozen=True)
class Kept:
    """A message as it is stored.

    Attributes:
        thread: Whose it is.
        number: Its place in the thread, from 1.
        fresh: False where it was stored before, under the same id.
        body: What clients are shown; for a fresh one as given, with its number as `seq`.
    """

    thread: str
    number: int
    fresh: bool
    body: dict[str, Any]


@dataclass(frozen=True)
class Turn:
    """A customer's message that Rasa has to answer.

    Attributes:
        key: The row.
        sender: Rasa's sender id.
        message_id: The client's id of it.
        again: Whether it was begun before, so that Rasa may know it already.
        text: What Rasa is told.
        metadata: What goes with it.
    """

    key: int
    sender: str
    message_id: str
    again: bool
    text: str
    metadata: dict[str, Any]


@dataclass(frozen=True)
class Page:
    """A stretch of a thread, oldest first.

    Attributes:
        messages: What clients are shown, each with its number as `seq`.
        more: Whether there are further ones in the direction asked for.
        last: Number of the thread's latest message, 0 for an empty one.
        working: Whether an answer is being prepared.
    """

    messages: list[dict[str, Any]]
    more: bool
    last: int
    working: bool


def thread_of(connection: Any, sender: str) -> str:
    """Return the thread that a conversation of Rasa's belongs to."""
    found = connection.execute(select(ALIASES.c.thread).where(ALIASES.c.sender == sender))
    return str(found.scalar() or sender)


def append(
    connection: Any,
    sender: str,
    message_id: str,
    body: Mapping[str, Any],
    turn: Mapping[str, Any] | None = None,
) -> Kept:
    """Store a message at the end of its thread, once; `turn` makes it one that Rasa answers."""
    thread, number = _next_number(connection, sender)
    known = connection.execute(
        select(MESSAGES).where(MESSAGES.c.thread == thread, MESSAGES.c.id == message_id)
    ).first()
    if known is not None:
        _give_back(connection, thread)
        shown = _shown(known)
        if turn is not None and known.state == "failed":  # the customer asks for another try
            connection.execute(_state_of(known.key, "waiting"))
            shown["state"] = "waiting"
        return Kept(thread, known.number, False, shown)
    row = {
        "thread": thread,
        "number": number,
        "id": message_id,
        "body": json.dumps(body),
        "turn": None if turn is None else json.dumps({**turn, "sender": sender}),
        "state": None if turn is None else "waiting",
        "said": time.time(),
    }
    connection.execute(MESSAGES.insert().values(row))
    return Kept(thread, number, True, {**body, "seq": number})


def claim(connection: Any, thread: str) -> Turn | None:
    """Begin the oldest turn that waits, or one that was left when its server died."""
    row = connection.execute(
        select(MESSAGES)
        .where(MESSAGES.c.thread == thread, MESSAGES.c.state.in_(_OPEN))
        .order_by(MESSAGES.c.number)
        .limit(1)
    ).first()
    if row is None:
        return None
    again = row.state == "running"
    if not again:
        connection.execute(_state_of(row.key, "running"))
    turn = json.loads(row.turn)
    return Turn(row.key, turn["sender"], row.id, again, turn["text"], turn["metadata"])


def finish(connection: Any, key: int, state: str) -> None:
    """Keep how a turn ended: done or failed."""
    connection.execute(_state_of(key, state))


def unfinished(connection: Any, seconds: float = 0.0) -> list[str]:
    """List the threads with a turn that has been open for longer than so many seconds."""
    rows = connection.execute(
        select(MESSAGES.c.thread)
        .where(MESSAGES.c.state.in_(_OPEN), MESSAGES.c.said < time.time() - seconds)
        .distinct()
    )
    return [row.thread for row in rows]


def page(
    connection: Any,
    thread: str,
    limit: int,
    after: int | None = None,
    before: int | None = None,
) -> Page:
    """Read the messages after or before a number; with neither, the latest."""
    query = select(MESSAGES).where(MESSAGES.c.thread == thread)
    if after is not None:
        query = query.where(MESSAGES.c.number > after).order_by(MESSAGES.c.number)
    else:
        query = query.order_by(MESSAGES.c.number.desc())
    if before is not None:
        query = query.where(MESSAGES.c.number < before)
    rows = connection.execute(query.limit(limit + 1)).all()
    more = len(rows) > limit
    shown = [_shown(row) for row in rows[:limit]]
    last = select(func.max(MESSAGES.c.number)).where(MESSAGES.c.thread == thread)
    works = select(func.count()).where(MESSAGES.c.thread == thread, MESSAGES.c.state.in_(_OPEN))
    return Page(
        shown if after is not None else shown[::-1],
        more,
        connection.execute(last).scalar() or 0,
        connection.execute(works).scalar() > 0,
    )


def delivered(connection: Any, thread: str, number: int) -> int:
    """Keep how far a page has got; return the number of the thread's latest message."""
    row = connection.execute(select(THREADS).where(THREADS.c.id == thread)).first()
    if row is None:
        return 0
    if row.delivered < number <= row.last:
        change = update(THREADS).where(THREADS.c.id == thread, THREADS.c.delivered < number)
        connection.execute(change.values(delivered=number))
    return int(row.last)


def forget(connection: Any, seconds: float) -> int:
    """Delete threads in which nobody has said anything for so long; return how many."""
    quiet = select(THREADS.c.id).where(THREADS.c.touched < time.time() - seconds)
    connection.execute(delete(MESSAGES).where(MESSAGES.c.thread.in_(quiet)))
    connection.execute(delete(PRESENCE).where(PRESENCE.c.thread.in_(quiet)))
    senders = select(ALIASES.c.sender).where(ALIASES.c.thread.in_(quiet))
    theirs = FILES.c.sender.in_(quiet) | FILES.c.sender.in_(senders)
    connection.execute(delete(FILES).where(theirs))  # the files themselves are swept
    connection.execute(delete(ALIASES).where(ALIASES.c.thread.in_(quiet)))
    gone = connection.execute(delete(THREADS).where(THREADS.c.touched < time.time() - seconds))
    return int(gone.rowcount)


def make_thread(connection: Any, thread: str) -> None:
    """Make the row of a thread where there is none."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    row = {"id": thread, "sender": thread, "touched": time.time()}
    connection.execute(dialect.insert(THREADS).values(row).on_conflict_do_nothing())


def _next_number(connection: Any, sender: str) -> tuple[str, int]:
    """Count on, and keep others from counting until this transaction ends."""
    while True:
        thread = thread_of(connection, sender)
        counted = connection.execute(
            update(THREADS)
            .where(THREADS.c.id == thread)
            .values(last=THREADS.c.last + 1, touched=time.time())
        )
        if counted.rowcount:
            last = select(THREADS.c.last).where(THREADS.c.id == thread)
            return thread, connection.execute(last).scalar()
        if thread_of(connection, sender) == thread:  # else it was joined to another just now
            make_thread(connection, thread)


def _give_back(connection: Any, thread: str) -> None:
    connection.execute(
        update(THREADS).where(THREADS.c.id == thread).values(last=THREADS.c.last - 1)
    )


def _state_of(key: int, state: str) -> Any:
    return update(MESSAGES).where(MESSAGES.c.key == key).values(state=state)


def _shown(row: Any) -> dict[str, Any]:
    body: dict[str, Any] = {**json.loads(row.body), "seq": row.number}
    if row.state is not None:
        body["state"] = row.state
    return body
