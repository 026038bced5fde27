"""Agents for tests that work on the store directly."""

from __future__ import annotations

import time

from rasa_project.desk.models import Agent, Conversation, Ticket
from rasa_project.desk.sign_in import Identity
from rasa_project.desk.store import Store


def add_agent(store: Store, name: str) -> Identity:
    """Store an agent who chose a password already; nobody can sign in with it."""
    with store.write() as session:
        agent = Agent(
            name=name, display_name=name.title(), password_hash="none", must_change_password=False,
            created_at=0.0,
        )  # fmt: skip
        session.add(agent)
        session.flush()
        return Identity(agent.id, name, agent.display_name, False, "session", time.time() + 60)


def add_ticket(store: Store, conversation: str = "c", language: str = "en") -> int:
    """Store a conversation that waits for somebody."""
    with store.write() as session:
        session.add(Conversation(id=conversation, last_seen=1.0, slots={}, language=language))
        ticket = Ticket(
            conversation_id=conversation, state="queued", heat=0.0, evidence=0.5, sort_key=0.0,
            reasons=[], opened_at=1.0,
        )  # fmt: skip
        session.add(ticket)
        session.flush()
        return int(ticket.id)
