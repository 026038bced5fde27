"""Everything around a ticket's transcript: what agents noted, and what happened before."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import select

from rasa_project.desk.corrections import corrections
from rasa_project.desk.insight.summary import Turn, summarize
from rasa_project.desk.store.models import BotStep, Message, Ticket
from rasa_project.desk.tickets import notes, outcomes
from rasa_project.desk.tickets.transitions import find_ticket

MAX_STEPS: Final = 40
MAX_TURNS: Final = 200  # that a summary is made of


def casework(session: Any, ticket_id: int) -> dict[str, Any]:
    """Return what the page shows beside a transcript.

    Raises:
        RequestError: There is no such ticket.
    """
    ticket = find_ticket(session, ticket_id)
    conversation, since = ticket.conversation_id, _began(session, ticket)
    return {
        "ticket": ticket.id,
        "notes": notes.of_conversation(session, conversation),
        "tags": notes.tags_of(session, ticket.id),
        "outcome": outcomes.of_ticket(session, ticket.id),
        "corrections": corrections.of_conversation(session, conversation),
        "verdict": corrections.verdict_of(session, ticket.id),
        "tried": _tried(session, ticket, since),
        "summary": summarize(turns_of(session, ticket, since)),
    }


def turns_of(session: Any, ticket: Ticket, since: float) -> list[Turn]:
    """Return the customer's messages that belong to a ticket, oldest first."""
    query = (
        select(Message, BotStep.name)
        .outerjoin(BotStep, BotStep.source == Message.source)
        .where(
            Message.conversation_id == ticket.conversation_id,
            Message.sender == "customer",
            Message.timestamp > since,
            Message.timestamp <= (ticket.closed_at or float("inf")),
        )
        .order_by(Message.timestamp.desc(), Message.id.desc())
        .limit(MAX_TURNS)
    )
    found = session.execute(query).all()
    return [
        Turn(message.id, message.text, message.emotion, intent, message.timestamp)
        for message, intent in reversed(found)
    ]


def _began(session: Any, ticket: Ticket) -> float:
    """Return when the ticket before this one was closed: what came later belongs to this one."""
    query = (
        select(Ticket.closed_at)
        .where(
            Ticket.conversation_id == ticket.conversation_id,
            Ticket.opened_at < ticket.opened_at,
            Ticket.closed_at.is_not(None),
        )
        .order_by(Ticket.closed_at.desc())
        .limit(1)
    )
    return float(session.scalar(query) or 0.0)


def _tried(session: Any, ticket: Ticket, since: float) -> list[dict[str, Any]]:
    """Return what the bot understood and did before it handed over, oldest first."""
    query = (
        select(BotStep)
        .where(
            BotStep.conversation_id == ticket.conversation_id,
            BotStep.timestamp > since,
            BotStep.timestamp <= ticket.opened_at,
        )
        .order_by(BotStep.timestamp.desc(), BotStep.id.desc())
        .limit(MAX_STEPS)
    )
    return [
        {
            "kind": step.kind,
            "name": step.name,
            "confidence": step.confidence,
            "at": step.timestamp,
        }
        for step in reversed(session.scalars(query).all())
    ]
