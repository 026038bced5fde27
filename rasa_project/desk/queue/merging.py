"""Brings the tickets of one customer together: earlier ones are linked and can be read."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import and_, or_, select

from rasa_project.desk.errors import RequestError
from rasa_project.desk.outbound import queue_notices, telling
from rasa_project.desk.people.identity import Identity
from rasa_project.desk.queue import duty, events
from rasa_project.desk.store.models import Ticket, TicketLink
from rasa_project.desk.tickets import states, transitions
from rasa_project.desk.tickets.changes import Changes
from rasa_project.desk.tickets.transitions import find_ticket

MAX_EARLIER = 20


def merge(session: Any, ticket_id: int, who: Identity, key: str, other_id: int) -> Changes:
    """Say that another ticket is the same customer's.

    It stays readable beside this one. If it is still open, it is resolved, and the customer hears
    there that the answer comes here.

    Args:
        session: A session of `Store.write`.
        ticket_id: The one that goes on.
        who: Says so.
        key: Idempotency key.
        other_id: The one that is linked.

    Raises:
        RequestError: One of them is a colleague's or does not exist, or this one is closed.
    """
    if not events.is_new(session, key):
        return Changes(tickets={ticket_id})
    ticket, other = find_ticket(session, ticket_id), find_ticket(session, other_id)
    duty.require_hold(ticket, who)
    if ticket.conversation_id == other.conversation_id:
        raise RequestError(409, "same", "Tickets of the same conversation belong together already.")
    changes = Changes(tickets={ticket.id, other.id})
    if other.state in states.OPEN:
        duty.require_hold(other, who)
        changes |= _close(session, other, who, key, ticket.id)
    if session.get(TicketLink, (ticket.id, other.id)) is None:
        session.add(TicketLink(ticket_id=ticket.id, earlier_id=other.id))
    events.record(session, ticket, events.MERGED, who.display_name, key, other=other.id)
    return changes


def earlier(session: Any, ticket: Ticket) -> list[dict[str, Any]]:
    """Return the customer's other tickets, the latest first."""
    linked = select(TicketLink.earlier_id).where(TicketLink.ticket_id == ticket.id)
    back = select(TicketLink.ticket_id).where(TicketLink.earlier_id == ticket.id)
    query = (
        select(Ticket)
        .where(
            or_(
                Ticket.id.in_(linked),
                Ticket.id.in_(back),
                and_(Ticket.conversation_id == ticket.conversation_id, Ticket.id < ticket.id),
            )
        )
        .order_by(Ticket.opened_at.desc())
        .limit(MAX_EARLIER)
    )
    return [_line(one) for one in session.scalars(query)]


def _line(ticket: Ticket) -> dict[str, Any]:
    return {
        "id": ticket.id,
        "state": ticket.state,
        "opened_at": ticket.opened_at,
        "closed_at": ticket.closed_at,
        "agent": ticket.agent.display_name if ticket.agent else None,
        "reasons": ticket.reasons[:1],
    }


def _close(session: Any, other: Ticket, who: Identity, key: str, into: int) -> Changes:
    """Resolve a double; both steps of a waiting one stand in its history."""
    now, why = time.time(), f"merged into {into}"
    if other.state == states.QUEUED:
        transitions.move(
            session, other, states.AGENT, who=who.name, why=why, at=now, key=f"merge-claim:{key}"
        )
        other.agent_id, other.claimed_at = who.agent_id, other.claimed_at or now
    transitions.move(
        session, other, states.RESOLVED, who=who.name, why=why, at=now, key=f"merge-close:{key}"
    )
    said = telling.says("system", queue_notices.merged(other.conversation.language))
    rest = [
        telling.slot("handoff_state", states.BOT),
        telling.slot("escalation_reason", None),
        {"event": "resume"},
        said,
        {"event": "action", "name": "action_listen"},
    ]
    return telling.tell(session, other, rest, said)
