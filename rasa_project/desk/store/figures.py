"""Keeps the supervisors' figures in step with tickets and messages, in the same transaction.

It follows what a session stores rather than who stores it: however an agent answers and whoever
closes a ticket, its figures are right, and a crash can part neither from the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm.attributes import get_history

from rasa_project.desk.store.models import (
    Conversation,
    Message,
    Ticket,
    TicketFigures,
    TicketReason,
)
from rasa_project.desk.tickets import states

# Who comes back within three days came back for the same thing, mostly.
REOPENED_SECONDS: Final = 3 * 24 * 3600
UNCLEAR: Final = "unclear"
MAX_REASONS: Final = 10
_SIGNAL_CHARACTERS: Final = 40

_FIGURES: Final = TicketFigures.__table__
_REASONS: Final = TicketReason.__table__


def follow(session: Any, _context: object) -> None:
    """Bring the figures up to what was just stored; called after each flush of a session."""
    for row in list(session.new):
        if isinstance(row, Ticket):
            _open(session, row)
    for row in list(session.dirty):
        if isinstance(row, Ticket):
            _change(session, row)
    for row in list(session.new):
        if isinstance(row, Message):
            _hear(session, row)


def feeling(emotion: Mapping[str, Any] | None) -> tuple[str | None, float | None]:
    """Name an emotion for counting, with its valence where it is a clear one."""
    if not emotion:
        return None, None
    if emotion.get("abstained"):
        return UNCLEAR, None
    valence = emotion.get("valence")
    return emotion.get("name"), valence if isinstance(valence, (int, float)) else None


def signals(reasons: Any) -> list[str]:
    """Name the signals among a ticket's reasons, each once."""
    named = [entry.get("signal") for entry in reasons or [] if isinstance(entry, Mapping)]
    texts = [name[:_SIGNAL_CHARACTERS] for name in named if isinstance(name, str) and name]
    return list(dict.fromkeys(texts))[:MAX_REASONS]


def _open(session: Any, ticket: Ticket) -> None:
    conversation = session.get(Conversation, ticket.conversation_id)
    emotion, valence = feeling(conversation.last_emotion)
    session.execute(
        insert(_FIGURES).values(
            ticket_id=ticket.id, conversation_id=conversation.id, opened_at=int(ticket.opened_at),
            channel=conversation.channel, language=conversation.language,
            intent=conversation.intent, arrival_emotion=emotion, arrival_valence=valence,
            **_ending(ticket),
        )
    )  # fmt: skip
    _store_reasons(session, ticket)
    before = (
        select(_FIGURES.c.ticket_id)
        .where(
            _FIGURES.c.conversation_id == conversation.id,
            _FIGURES.c.ticket_id < ticket.id,
            _FIGURES.c.closed_at >= ticket.opened_at - REOPENED_SECONDS,
            _FIGURES.c.state.in_((states.RESOLVED, states.BOT)),
        )
        .order_by(_FIGURES.c.ticket_id.desc())
        .limit(1)
    )
    previous = session.scalar(before)
    if previous is not None:
        _set(session, previous, reopened_at=int(ticket.opened_at))


def _change(session: Any, ticket: Ticket) -> None:
    if get_history(ticket, "reasons").has_changes():
        session.execute(delete(_REASONS).where(_REASONS.c.ticket_id == ticket.id))
        _store_reasons(session, ticket)
    if get_history(ticket, "state").has_changes():
        _set(session, ticket.id, **_ending(ticket))


def _hear(session: Any, message: Message) -> None:
    """Take an agent's first answer, and how the customer feels by now."""
    if message.sender not in ("agent", "customer"):
        return
    emotion, valence = feeling(message.emotion)
    if message.sender == "customer" and valence is None:
        return
    query = select(Ticket.id, Ticket.opened_at).where(
        Ticket.conversation_id == message.conversation_id, Ticket.state.in_(states.OPEN)
    )
    found = session.execute(query).first()
    if found is None or message.timestamp < found.opened_at:
        return
    if message.sender == "customer":
        _set(session, found.id, end_emotion=emotion, end_valence=valence)
    else:
        waited = round(message.timestamp - found.opened_at)
        first = _FIGURES.c.waited.is_(None)
        session.execute(
            update(_FIGURES).where(_FIGURES.c.ticket_id == found.id, first).values(waited=waited)
        )


def _ending(ticket: Ticket) -> dict[str, Any]:
    closed, claimed = ticket.closed_at, ticket.claimed_at
    both = closed is not None and claimed is not None
    return {
        "state": ticket.state,
        "closed_at": None if closed is None else int(closed),
        "handled": max(0, round(closed - claimed)) if both else None,
    }


def _store_reasons(session: Any, ticket: Ticket) -> None:
    rows = [{"ticket_id": ticket.id, "signal": signal} for signal in signals(ticket.reasons)]
    if rows:
        session.execute(insert(_REASONS), rows)


def _set(session: Any, ticket_id: int, **values: Any) -> None:
    session.execute(update(_FIGURES).where(_FIGURES.c.ticket_id == ticket_id).values(**values))
