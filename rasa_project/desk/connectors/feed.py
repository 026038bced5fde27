"""Puts what other desks have to hear into their outbox, in the transaction that changes a ticket.

It listens to the store's sessions rather than being called, so nothing that changes a ticket or
adds a message can forget the other desks.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from sqlalchemy import event, func, insert, select

from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import (
    Agent,
    ConnectorEntry,
    ConnectorLink,
    Message,
    Note,
    Ticket,
    Transition,
)
from rasa_project.desk.tickets import states

GIVE_UP_SECONDS: Final = 24 * 3600.0
_FED: Final = "connector_outbox"
# A session that does what somebody at another desk asked for says which one it was.
ORIGIN: Final = "connector"


def attach(store: Store, names: Sequence[str], wake: Callable[[], None]) -> None:
    """Feed the connectors of these names from now on.

    Args:
        store: The desk's store.
        names: Of the connectors.
        wake: Called after a transaction that left something to send; on any thread.
    """
    feed = _Feed(names)
    event.listen(store.sessions, "after_flush", feed.flushed)

    def committed(session: Any) -> None:
        # A savepoint's end is told as a commit, too, and nobody else can see what it left yet.
        if not session.in_nested_transaction() and session.info.pop(_FED, False):
            wake()

    event.listen(store.sessions, "after_commit", committed)


def add(session: Any, ticket_id: int, connector: str, kind: str, **values: Any) -> None:
    """Add one thing to the outbox of a connector."""
    now = time.time()
    entry = {
        "ticket_id": ticket_id, "connector": connector, "kind": kind, "content": {},
        "state": "pending", "attempts": 0, "uncertain": False, "next_attempt_at": now,
        "give_up_at": now + GIVE_UP_SECONDS, "created_at": now, **values,
    }  # fmt: skip
    # Not as an object: this is called in the middle of a flush.
    session.connection().execute(insert(ConnectorEntry.__table__).values(**entry))
    woken(session)


def woken(session: Any) -> None:
    """Say that a transaction leaves something to send."""
    session.info[_FED] = True


class _Feed:
    def __init__(self, names: Sequence[str]) -> None:
        self._names = tuple(names)

    def flushed(self, session: Any, _context: Any) -> None:
        told = [entry for entry in session.new if isinstance(entry, (Transition, Message, Note))]
        fresh = sorted(told, key=lambda entry: entry.id)
        for entry in fresh:
            if isinstance(entry, Transition):
                self._step(session, entry, session.info.get(ORIGIN))
        for entry in fresh:
            if isinstance(entry, Message):
                self._message(session, entry, session.info.get(ORIGIN))
            elif isinstance(entry, Note):
                self._note(session, entry, session.info.get(ORIGIN))
        for entry in session.dirty:
            if isinstance(entry, Ticket) and session.is_modified(entry):
                self._changed(session, entry)

    def _step(self, session: Any, step: Transition, origin: str | None) -> None:
        if step.to_state == states.QUEUED:
            for name in self._names:
                self._open(session, step.ticket_id, name)
        elif step.to_state not in states.OPEN:
            content = {"to": step.to_state, "who": step.who, "why": step.why}
            for name in self._names:
                if name != origin and _link(session, step.ticket_id, name):
                    add(session, step.ticket_id, name, "close", content=content)

    def _message(self, session: Any, message: Message, origin: str | None) -> None:
        ticket_id = _open_ticket(session, message.conversation_id)
        if ticket_id is None:
            return
        for name in self._names:
            link = self._open(session, ticket_id, name)
            if name != origin and message.id > link.shown_until:
                add(session, ticket_id, name, "message", message_id=message.id)

    def _note(self, session: Any, note: Note, origin: str | None) -> None:
        agent = Agent.__table__
        query = select(agent.c.display_name).where(agent.c.id == note.agent_id)
        content = {"who": session.connection().execute(query).scalar(), "text": note.text}
        for name in self._names:
            if name != origin and _link(session, note.ticket_id, name):
                add(session, note.ticket_id, name, "note", content=content)

    def _changed(self, session: Any, ticket: Ticket) -> None:
        if ticket.state not in states.OPEN:
            return
        for name in self._names:
            # A desk that was connected later hears of this ticket with its next message.
            if _link(session, ticket.id, name) and not _is_due(session, ticket.id, name):
                add(session, ticket.id, name, "update")

    def _open(self, session: Any, ticket_id: int, name: str) -> Any:
        """Return the link of a ticket; a new one comes with the entry that opens it there."""
        link = _link(session, ticket_id, name)
        if link is not None:
            return link
        ticket, message = Ticket.__table__, Message.__table__
        last = (
            select(func.max(message.c.id))
            .join(ticket, ticket.c.conversation_id == message.c.conversation_id)
            .where(ticket.c.id == ticket_id)
        )
        values: dict[str, Any] = {
            "ticket_id": ticket_id, "connector": name, "details": {},
            "shown_until": session.connection().execute(last).scalar() or 0,
        }  # fmt: skip
        session.connection().execute(insert(ConnectorLink.__table__).values(**values))
        add(session, ticket_id, name, "open")
        return _link(session, ticket_id, name)


def _link(session: Any, ticket_id: int, name: str) -> Any:
    link = ConnectorLink.__table__
    query = select(link).where(link.c.ticket_id == ticket_id, link.c.connector == name)
    return session.connection().execute(query).first()


def _open_ticket(session: Any, conversation_id: str) -> int | None:
    ticket = Ticket.__table__
    query = select(ticket.c.id).where(
        ticket.c.conversation_id == conversation_id, ticket.c.state.in_(states.OPEN)
    )
    found: int | None = session.connection().execute(query).scalar()
    return found


def _is_due(session: Any, ticket_id: int, name: str) -> bool:
    """Say whether an entry that will carry today's facts waits already."""
    entry = ConnectorEntry.__table__
    query = select(entry.c.id).where(
        entry.c.ticket_id == ticket_id, entry.c.connector == name, entry.c.state == "pending",
        entry.c.kind.in_(("open", "update")), entry.c.attempts == 0,
    )  # fmt: skip
    return session.connection().execute(query).first() is not None
