"""Agents for tests that work on the store directly."""

from __future__ import annotations

import time
from typing import Any

from rasa_project.desk.people.identity import Identity
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import Agent, BotStep, Conversation, Message, Ticket


def add_agent(store: Store, name: str) -> Identity:
    """Store an agent who chose a password already; nobody can sign in with it."""
    with store.write() as session:
        agent = Agent(
            name=name, display_name=name.title(), password_hash="none", must_change_password=False,
            created_at=0.0,
        )  # fmt: skip
        session.add(agent)
        session.flush()
        return Identity(
            agent.id, name, agent.display_name, agent.role, False, "session", time.time() + 60
        )


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


def add_message(
    store: Store,
    text: str,
    at: float,
    *,
    conversation: str = "c",
    sender: str = "customer",
    emotion: dict[str, Any] | None = None,
    intent: str | None = None,
    agent: str | None = None,
) -> int:
    """Store what somebody said, with what the bot took it for."""
    with store.write() as session:
        source = f"{at}@{conversation}"
        message = Message(
            conversation_id=conversation, source=source, sender=sender, text=text,
            emotion=emotion, timestamp=at, agent=agent,
        )  # fmt: skip
        session.add(message)
        if intent is not None:
            session.add(
                BotStep(
                    conversation_id=conversation, source=source, kind="intent", name=intent,
                    confidence=0.9, timestamp=at,
                )
            )  # fmt: skip
        session.flush()
        return int(message.id)


def feeling(name: str, intensity: float, valence: float = -0.7) -> dict[str, Any]:
    """An emotion as the desk stores it."""
    return {"name": name, "intensity": intensity, "valence": valence, "abstained": False}
