"""Who may do something with a conversation, and how many one agent has."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import func, or_, select

from rasa_project.desk.errors import RequestError
from rasa_project.desk.people import roles
from rasa_project.desk.people.identity import Identity
from rasa_project.desk.queue.config import DeskConfig
from rasa_project.desk.queue.teams import work_of
from rasa_project.desk.store.models import Agent, Ticket
from rasa_project.desk.tickets import states


def require_hold(ticket: Ticket, agent: Identity) -> None:
    """Hold that an agent may move a conversation: it waits, is theirs, or they supervise.

    Raises:
        RequestError: A colleague has it, or it is closed.
    """
    if ticket.state not in states.OPEN:
        raise RequestError(409, "closed", "This conversation is not at the desk any more.")
    theirs = ticket.state == states.QUEUED or ticket.agent_id == agent.agent_id
    if not theirs and not roles.covers(agent.role, roles.SUPERVISOR):
        raise RequestError(
            409, "claimed", f"{ticket.agent.display_name} has this conversation.",
            agent=ticket.agent.display_name,
        )  # fmt: skip


def load(session: Any, agent_id: int) -> int:
    """Return how many conversations an agent has; those put off do not count."""
    count: int = session.scalar(
        select(func.count())
        .select_from(Ticket)
        .where(
            Ticket.state == states.AGENT, Ticket.agent_id == agent_id,
            or_(Ticket.snoozed_until.is_(None), Ticket.snoozed_until <= time.time()),
        )
    )  # fmt: skip
    return count


def limit_of(session: Any, config: DeskConfig, agent_id: int) -> int | None:
    """Return how many conversations an agent may have at a time; none: any number."""
    return work_of(session, agent_id).max_conversations or config.conversations_per_agent


def require_room(session: Any, config: DeskConfig, agent: Agent, asks: Identity) -> None:
    """Hold that an agent can take one conversation more.

    Raises:
        RequestError: They have as many as they may.
    """
    limit, has = limit_of(session, config, agent.id), load(session, agent.id)
    if limit is None or has < limit:
        return
    if agent.id == asks.agent_id:
        raise RequestError(
            409, "limit",
            f"You have {has} conversations of at most {limit}. End or pass on one first.",
            limit=limit, has=has,
        )  # fmt: skip
    raise RequestError(
        409, "limit_colleague",
        f"{agent.display_name} has {has} conversations of at most {limit}. Choose somebody else.",
        limit=limit, has=has, agent=agent.display_name,
    )  # fmt: skip
