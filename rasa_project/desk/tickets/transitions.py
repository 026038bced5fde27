"""Moves tickets through the state machine: each step once, with who, when and why."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from rasa_project.desk.errors import RequestError
from rasa_project.desk.store.models import Ticket, Transition
from rasa_project.desk.tickets import states


def find_ticket(session: Any, ticket_id: int) -> Ticket:
    """Return a ticket.

    Raises:
        RequestError: There is none with this id.
    """
    ticket: Ticket | None = session.get(Ticket, ticket_id)
    if ticket is None:
        raise RequestError(404, "no_ticket", "There is no such conversation at the desk.")
    return ticket


def was_applied(session: Any, key: str) -> bool:
    """Say whether a transition with this idempotency key happened already."""
    found = session.execute(select(Transition.id).where(Transition.key == key))
    return found.first() is not None


def count(session: Any, ticket_id: int) -> int:
    """Return how many steps a ticket has made; makes a key for the next one."""
    found = select(func.count()).where(Transition.ticket_id == ticket_id)
    return int(session.scalar(found))


def move(session: Any, ticket: Ticket, to: str, *, who: str, why: str, at: float, key: str) -> bool:
    """Take a ticket to another state.

    Args:
        session: A session of `Store.write`.
        ticket: The ticket, read in this session.
        to: The state it goes to.
        who: The agent's name, or `rasa` for what was read from the conversation.
        why: A short sentence.
        at: Seconds since 1970.
        key: Idempotency key.

    Returns:
        False if the transition with this key was applied before; nothing changes then.

    Raises:
        states.TransitionError: The state machine has no such transition.
    """
    if was_applied(session, key):
        return False
    states.check(ticket.state, to)
    _record(session, ticket, ticket.state, to, who, why, at, key)
    ticket.state = to
    if to not in states.OPEN:
        ticket.closed_at = at
    return True


def record_opening(session: Any, ticket: Ticket, *, why: str, key: str) -> None:
    """Record the first step of a new ticket, from the bot into the queue."""
    states.check(states.BOT, states.QUEUED)
    _record(session, ticket, states.BOT, states.QUEUED, "rasa", why, ticket.opened_at, key)


def _record(
    session: Any, ticket: Ticket, frm: str, to: str, who: str, why: str, at: float, key: str
) -> None:
    session.add(
        Transition(
            ticket_id=ticket.id, from_state=frm, to_state=to, who=who, why=why, at=at, key=key
        )
    )
    session.flush()
