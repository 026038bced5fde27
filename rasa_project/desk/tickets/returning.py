"""Puts conversations back into the queue when their agent cannot go on."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import select

from rasa_project.desk.outbound import notices
from rasa_project.desk.store.models import Agent, Ticket
from rasa_project.desk.tickets import states, transitions, work
from rasa_project.desk.tickets.changes import Changes


def return_all(session: Any, agent: Agent, *, who: str, why: str) -> Changes:
    """Put all conversations that an agent has back into the queue; their customers are told.

    Args:
        session: A session of `Store.write`.
        agent: Who has them.
        who: Name of who decides it.
        why: A short sentence.
    """
    changes = Changes()
    query = select(Ticket).where(Ticket.agent_id == agent.id, Ticket.state == states.AGENT)
    for ticket in session.scalars(query.order_by(Ticket.id)).all():
        step = transitions.count(session, ticket.id)
        transitions.move(
            session, ticket, states.QUEUED, who=who, why=why, at=time.time(),
            key=f"return:{ticket.id}:{step}",
        )  # fmt: skip
        ticket.agent_id = ticket.claimed_at = None
        told = work.tell_state(session, ticket, notices.returned(ticket.conversation.language))
        changes.tickets |= told.tickets
        changes.messages |= told.messages
    return changes
