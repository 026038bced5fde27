"""Puts a conversation off until a time; it comes back then, or when the customer writes."""

from __future__ import annotations

import time
from typing import Any, Final

from sqlalchemy import or_, select

from rasa_project.desk.errors import RequestError
from rasa_project.desk.people.identity import Identity
from rasa_project.desk.queue import events
from rasa_project.desk.queue.duty import require_hold
from rasa_project.desk.store.models import Conversation, Ticket
from rasa_project.desk.tickets import states
from rasa_project.desk.tickets.changes import Changes
from rasa_project.desk.tickets.transitions import find_ticket

LONGEST_SECONDS: Final = 90 * 24 * 3600.0


def snooze(session: Any, ticket_id: int, agent: Identity, key: str, until: float | None) -> Changes:
    """Put a conversation off, or take that back.

    Args:
        session: A session of `Store.write`.
        ticket_id: Which one; waiting, or the agent's own.
        agent: Who does it.
        key: Idempotency key.
        until: Seconds since 1970; none brings it back now.

    Raises:
        RequestError: The conversation is not theirs, or the time is not ahead.
    """
    if not events.is_new(session, key):
        return Changes()
    ticket = find_ticket(session, ticket_id)
    require_hold(ticket, agent)
    now = time.time()
    if until is not None and not now < until <= now + LONGEST_SECONDS:
        raise RequestError(400, "until", "Choose a time ahead, within the next 90 days.")
    if until is None:
        events.record(session, ticket, events.WOKEN, agent.display_name, key)
    else:
        events.record(session, ticket, events.SNOOZED, agent.display_name, key, until=until)
    ticket.snoozed_until = until
    ticket.snoozed_at = None if until is None else now
    return Changes(tickets={ticket.id})


def wake_due(session: Any, now: float) -> Changes:
    """Bring back what is due, and what the customer wrote in meanwhile."""
    query = (
        select(Ticket)
        .join(Conversation, Conversation.id == Ticket.conversation_id)
        .where(
            Ticket.state.in_(states.OPEN), Ticket.snoozed_until.is_not(None),
            or_(Ticket.snoozed_until <= now, Conversation.last_seen > Ticket.snoozed_at),
        )
    )  # fmt: skip
    changes = Changes()
    for ticket in session.scalars(query).all():
        key = f"woken-{ticket.id}-{ticket.snoozed_at!r}"
        events.record(session, ticket, events.WOKEN, "desk", key)
        ticket.snoozed_until = ticket.snoozed_at = None
        changes.tickets.add(ticket.id)
    return changes
