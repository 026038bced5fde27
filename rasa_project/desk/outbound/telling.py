"""Puts what a customer shall read, with what Rasa has to know, into the outbox."""

from __future__ import annotations

import time
import uuid
from typing import Any

from sqlalchemy import func, select

from rasa_project import attachments
from rasa_project.desk.store.models import Message, OutboxEntry, Ticket
from rasa_project.desk.tickets.changes import Changes
from rasa_project.desk.tickets.states import QUEUED

_MOMENT_SECONDS = 0.000_1


def says(
    sender: str,
    text: str,
    agent: str | None = None,
    message_id: str | None = None,
    files: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """Make the event with which somebody says something to the customer."""
    metadata: dict[str, Any] = {"sender": sender, "message_id": message_id or str(uuid.uuid4())}
    if agent is not None:
        metadata["agent"] = agent
    if files:
        metadata[attachments.KEY] = files
    return {"event": "bot", "text": text, "metadata": metadata}


def slot(name: str, value: str | None) -> dict[str, Any]:
    """Make the event that sets a slot."""
    return {"event": "slot", "name": name, "value": value}


def state_slot(state: str) -> dict[str, Any]:
    """Make the event that says who has the conversation.

    A `queued` bears the desk's name, so that the reader opens no ticket for it: it may be read when
    this one is closed already.
    """
    event = slot("handoff_state", state)
    return {**event, "metadata": {"sender": "desk"}} if state == QUEUED else event


def tell(
    session: Any, ticket: Ticket, events: list[dict[str, Any]], said: dict[str, Any]
) -> Changes:
    """Have Rasa told of events, in this transaction.

    Args:
        session: A session of `Store.write`.
        ticket: Whose conversation it is.
        events: What Rasa appends to the conversation, in order.
        said: The one of them that `says` made; its message id proves the arrival.
    """
    now = time.time()
    metadata = said["metadata"]
    message = Message(
        conversation_id=ticket.conversation_id, message_id=metadata["message_id"],
        sender=metadata["sender"], agent=metadata.get("agent"), text=said["text"],
        attachments=metadata.get(attachments.KEY),
        timestamp=_after_what_was_said(session, ticket, now),
    )  # fmt: skip
    session.add(message)
    session.add(
        OutboxEntry(
            conversation_id=ticket.conversation_id, ticket_id=ticket.id, events=events,
            message_id=metadata["message_id"], next_attempt_at=now, created_at=now,
        )
    )  # fmt: skip
    ticket.conversation.last_sender = metadata["sender"]
    session.flush()
    return Changes(tickets={ticket.id}, messages={message.id})


def _after_what_was_said(session: Any, ticket: Ticket, now: float) -> float:
    """Return a time behind all that is there, also where Rasa's clock is ahead of the desk's.

    Once Rasa has the message, it goes by Rasa's clock like the others.
    """
    query = select(func.max(Message.timestamp)).where(
        Message.conversation_id == ticket.conversation_id
    )
    last: float = session.scalar(query) or 0.0
    return max(now, float(ticket.opened_at), last + _MOMENT_SECONDS)


def notify(session: Any, ticket: Ticket, text: str, *events: dict[str, Any]) -> Changes:
    """Tell the customer something on the desk's own behalf; who is to answer stays the same."""
    last_sender = ticket.conversation.last_sender
    said = says("system", text)
    changes = tell(session, ticket, [*events, said], said)
    ticket.conversation.last_sender = last_sender
    return changes
