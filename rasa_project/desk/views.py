"""What agents see: tickets and conversations as JSON-ready dictionaries, times in seconds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select

from rasa_project.desk import priority, states
from rasa_project.desk.changes import Changes
from rasa_project.desk.models import Message, OutboxEntry, Ticket, Transition
from rasa_project.desk.transitions import find_ticket

MAX_OPEN = 500
MAX_CLOSED = 50
MAX_MESSAGES = 500
# Of the 70 points that heat and evidence can give; strong anger alone reaches 40.
HIGH_POINTS = 45
MEDIUM_POINTS = 25
_PREVIEW_CHARACTERS = 160


def open_tickets(session: Any) -> list[dict[str, Any]]:
    """Return the tickets at the desk, the most urgent first."""
    query = (
        select(Ticket)
        .where(Ticket.state.in_(states.OPEN))
        .order_by(Ticket.sort_key.desc(), Ticket.id)
        .limit(MAX_OPEN)
    )
    return _summaries(session, session.scalars(query).all())


def closed_tickets(session: Any) -> list[dict[str, Any]]:
    """Return the tickets closed last, the latest first."""
    query = (
        select(Ticket)
        .where(Ticket.state.not_in(states.OPEN))
        .order_by(Ticket.closed_at.desc(), Ticket.id.desc())
        .limit(MAX_CLOSED)
    )
    return _summaries(session, session.scalars(query).all())


def ticket(session: Any, ticket_id: int) -> dict[str, Any]:
    """Return one ticket with its conversation.

    Raises:
        RequestError: There is no such ticket.
    """
    found = find_ticket(session, ticket_id)
    messages = _latest_messages(session, found.conversation_id)
    steps = select(Transition).where(Transition.ticket_id == ticket_id).order_by(Transition.id)
    return {
        "ticket": _summaries(session, [found])[0],
        "messages": messages[-MAX_MESSAGES:],
        "cut": len(messages) > MAX_MESSAGES,
        "facts": found.conversation.slots,
        "transitions": [_transition(step) for step in session.scalars(steps)],
    }


def changed(session: Any, changes: Changes) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the summaries of changed tickets, and the changed messages that agents may see.

    Messages of conversations that never came to the desk are none of the agents' business.
    """
    tickets = select(Ticket).where(Ticket.id.in_(changes.tickets))
    messages = _with_delivery().where(
        Message.id.in_(changes.messages),
        Message.conversation_id.in_(select(Ticket.conversation_id)),
    )
    said = session.execute(messages.order_by(Message.timestamp, Message.id))
    return _summaries(session, session.scalars(tickets).all()), [_message(*row) for row in said]


def _latest_messages(session: Any, conversation_id: str) -> list[dict[str, Any]]:
    """Return a conversation's latest messages, oldest first; one more than shown, if there is."""
    query = (
        _with_delivery()
        .where(Message.conversation_id == conversation_id)
        .order_by(Message.timestamp.desc(), Message.id.desc())
        .limit(MAX_MESSAGES + 1)
    )
    return [_message(*row) for row in reversed(session.execute(query).all())]


def _with_delivery() -> Any:
    entry = OutboxEntry
    return select(Message, entry.state).outerjoin(entry, entry.message_id == Message.message_id)


def _message(message: Message, delivery: str | None) -> dict[str, Any]:
    return {
        "id": message.id,
        "conversation": message.conversation_id,
        "message_id": message.message_id,
        "sender": message.sender,
        "agent": message.agent,
        "text": message.text,
        "emotion": message.emotion,
        "buttons": [button["title"] for button in message.buttons or []],
        "timestamp": message.timestamp,
        "delivery": delivery,
    }


def _summaries(session: Any, tickets: Iterable[Ticket]) -> list[dict[str, Any]]:
    tickets = list(tickets)
    dead = _undelivered(session, [ticket.id for ticket in tickets])
    return [_summary(ticket, dead.get(ticket.id, 0)) for ticket in tickets]


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
        "level": _level(ticket),
        "emotion": conversation.last_emotion,
        "preview": (conversation.last_text or "")[:_PREVIEW_CHARACTERS],
        "unanswered": conversation.last_sender == "customer",
        "reasons": ticket.reasons,
        "opened_at": ticket.opened_at,
        "claimed_at": ticket.claimed_at,
        "closed_at": ticket.closed_at,
        "agent": {"id": agent.id, "display_name": agent.display_name} if agent else None,
        "undelivered": undelivered,
    }


def _level(ticket: Ticket) -> str:
    """Word the part of the urgency that does not grow by itself."""
    points = priority.urgency(ticket.sort_key, ticket.opened_at)
    return "high" if points >= HIGH_POINTS else "medium" if points >= MEDIUM_POINTS else "low"


def _transition(step: Transition) -> dict[str, Any]:
    return {
        "from": step.from_state,
        "to": step.to_state,
        "who": step.who,
        "why": step.why,
        "at": step.at,
    }
