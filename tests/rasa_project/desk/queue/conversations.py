"""Conversations that happen by hand: what is said, and when."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from rasa_project.desk.errors import RequestError
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import Conversation, Message, Ticket, Transition


def act(store: Store, change: Any, *values: Any) -> Any:
    """Call something in one transaction."""
    with store.write() as session:
        return change(session, *values)


def refusal(store: Store, change: Any, *values: Any) -> tuple[int, str]:
    """Return how something is refused."""
    with pytest.raises(RequestError) as refused:
        act(store, change, *values)
    return refused.value.status, refused.value.code


def say(store: Store, conversation: str, sender: str, text: str, at: float) -> None:
    """Store something that was said."""
    with store.write() as session:
        session.add(Message(conversation_id=conversation, sender=sender, text=text, timestamp=at))
        said_in = session.get(Conversation, conversation)
        said_in.last_sender = sender
        if sender == "customer":
            said_in.last_seen = at


def told(store: Store, conversation: str = "c") -> list[str]:
    """Return what the desk told a customer."""
    with store.read() as session:
        query = (
            select(Message.text)
            .where(Message.conversation_id == conversation, Message.sender == "system")
            .order_by(Message.id)
        )
        return list(session.scalars(query))


def steps(store: Store, ticket: int) -> list[tuple[str, str, str, str]]:
    """Return a ticket's steps: from, to, who, why."""
    with store.read() as session:
        query = select(Transition).where(Transition.ticket_id == ticket).order_by(Transition.id)
        return [
            (step.from_state, step.to_state, step.who, step.why) for step in session.scalars(query)
        ]


def ticket_of(store: Store, ticket: int) -> Any:
    """Return a ticket as it is stored."""
    with store.read() as session:
        return session.get(Ticket, ticket)
