"""What agents see: tickets and conversations as JSON-ready dictionaries, times in seconds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import and_, func, or_, select

from rasa_project.desk.queue import summary
from rasa_project.desk.store.models import Message, OutboxEntry, Survey, Ticket, Transition
from rasa_project.desk.tickets import elsewhere, priority, states, transcript
from rasa_project.desk.tickets.changes import Changes
from rasa_project.desk.tickets.transitions import find_ticket

PAGE_OPEN = 500
PAGE_CLOSED = 50
# Of the 100 points that heat, forecast and evidence can give; strong anger alone reaches 40.
HIGH_POINTS = 60
MEDIUM_POINTS = 35
_PREVIEW_CHARACTERS = 160


# The `sort_key` or `closed_at` and the id of the last ticket of the page before.
Cursor = tuple[float, int]


def open_tickets(session: Any, after: Cursor | None = None) -> tuple[list[dict[str, Any]], bool]:
    """Return a page of the tickets at the desk, the most urgent first, and whether more follow."""
    query = select(Ticket).where(Ticket.state.in_(states.OPEN))
    if after is not None:
        key, ticket_id = after
        beside = and_(Ticket.sort_key == key, Ticket.id > ticket_id)
        query = query.where(or_(Ticket.sort_key < key, beside))
    return _page(session, query.order_by(Ticket.sort_key.desc(), Ticket.id), PAGE_OPEN)


def closed_tickets(session: Any, after: Cursor | None = None) -> tuple[list[dict[str, Any]], bool]:
    """Return a page of the closed tickets, the latest first, and whether more follow."""
    query = select(Ticket).where(Ticket.state.not_in(states.OPEN))
    if after is not None:
        key, ticket_id = after
        beside = and_(Ticket.closed_at == key, Ticket.id < ticket_id)
        query = query.where(or_(Ticket.closed_at < key, beside))
    return _page(session, query.order_by(Ticket.closed_at.desc(), Ticket.id.desc()), PAGE_CLOSED)


def ticket(session: Any, ticket_id: int) -> dict[str, Any]:
    """Return one ticket with its conversation.

    Raises:
        RequestError: There is no such ticket.
    """
    found = find_ticket(session, ticket_id)
    messages, cut = transcript.page(session, found.conversation_id)
    steps = select(Transition).where(Transition.ticket_id == ticket_id).order_by(Transition.id)
    return {
        "ticket": _summaries(session, [found])[0],
        "messages": messages,
        "cut": cut,
        "facts": found.conversation.slots,
        "survey": _survey(session, ticket_id),
        "transitions": [_transition(step) for step in session.scalars(steps)],
        **summary.of_conversation(session, found),
    }


def changed(session: Any, changes: Changes) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the summaries of changed tickets, and the changed messages that agents may see.

    Messages of conversations that never came to the desk are none of the agents' business.
    """
    tickets = select(Ticket).where(Ticket.id.in_(changes.tickets))
    at_desk = Message.conversation_id.in_(select(Ticket.conversation_id))
    messages = transcript.of_ids(session, changes.messages, at_desk)
    return _summaries(session, session.scalars(tickets).all()), messages


def _page(session: Any, query: Any, size: int) -> tuple[list[dict[str, Any]], bool]:
    found = session.scalars(query.limit(size + 1)).all()
    return _summaries(session, found[:size]), len(found) > size


def _summaries(session: Any, tickets: Iterable[Ticket]) -> list[dict[str, Any]]:
    tickets = list(tickets)
    ids = [ticket.id for ticket in tickets]
    dead, others = _undelivered(session, ids), elsewhere.of_tickets(session, ids)
    queue = summary.of_tickets(session, tickets)
    return [
        {
            **_summary(ticket, dead.get(ticket.id, 0)),
            **queue[ticket.id],
            "elsewhere": others.get(ticket.id, []),
        }
        for ticket in tickets
    ]


def _undelivered(session: Any, ticket_ids: list[int]) -> dict[int, int]:
    query = (
        select(OutboxEntry.ticket_id, func.count())
        .where(OutboxEntry.ticket_id.in_(ticket_ids), OutboxEntry.state == "dead")
        .group_by(OutboxEntry.ticket_id)
    )
    return dict(session.execute(query).all())


def _summary(ticket: Ticket, undelivered: int) -> dict[str, Any]:
    conversation, agent = ticket.conversation, ticket.agent
    return {
        "id": ticket.id,
        "conversation": conversation.id,
        "channel": conversation.channel,
        "language": conversation.language,
        "state": ticket.state,
        "sort_key": ticket.sort_key,
        "level": level(ticket),
        "emotion": conversation.last_emotion,
        "preview": (conversation.last_text or "")[:_PREVIEW_CHARACTERS],
        "unanswered": conversation.last_sender == "customer",
        "reply_until": conversation.reply_until,
        "reasons": ticket.reasons,
        "opened_at": ticket.opened_at,
        "claimed_at": ticket.claimed_at,
        "closed_at": ticket.closed_at,
        "agent": {"id": agent.id, "display_name": agent.display_name} if agent else None,
        "undelivered": undelivered,
    }


def level(ticket: Ticket) -> str:
    """Word the part of the urgency that does not grow by itself."""
    points = priority.urgency(ticket.sort_key, ticket.opened_at)
    return "high" if points >= HIGH_POINTS else "medium" if points >= MEDIUM_POINTS else "low"


def _survey(session: Any, ticket_id: int) -> dict[str, Any] | None:
    found = session.scalar(select(Survey).where(Survey.ticket_id == ticket_id))
    if found is None:
        return None
    return {"rating": found.rating, "comment": found.comment, "asked_at": found.asked_at}


def _transition(step: Transition) -> dict[str, Any]:
    return {
        "from": step.from_state,
        "to": step.to_state,
        "who": step.who,
        "why": step.why,
        "at": step.at,
    }
