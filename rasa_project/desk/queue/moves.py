"""Moves conversations between people: assign, pass on, put back, merge; and sets priorities."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from rasa_project.desk.errors import RequestError
from rasa_project.desk.outbound import notices, queue_notices, telling
from rasa_project.desk.people.identity import Identity
from rasa_project.desk.queue import duty, events, teams, timers, waiting
from rasa_project.desk.queue.config import DeskConfig
from rasa_project.desk.store.models import Agent, Ticket
from rasa_project.desk.tickets import elsewhere, priority, states, transitions
from rasa_project.desk.tickets.changes import Changes
from rasa_project.desk.tickets.transitions import find_ticket

MAX_NOTE_CHARACTERS = 1_000


@dataclass(frozen=True)
class Destination:
    """Where a conversation goes: to a colleague, to a team, or, with neither, into the queue."""

    agent: int | None = None
    team: str | None = None


def pass_on(
    session: Any,
    ticket_id: int,
    who: Identity,
    key: str,
    to: Destination,
    note: str,
    config: DeskConfig,
) -> Changes:
    """Assign a waiting conversation, pass one on to a colleague or a team, or put it back.

    Args:
        session: A session of `Store.write`.
        ticket_id: Which one.
        who: Does it.
        key: Idempotency key.
        to: Where it goes.
        note: For whoever has it next; the customer does not read it.
        config: The desk's.

    Raises:
        RequestError: It is not theirs to move, or cannot go there.
    """
    note = note.replace("\0", "").strip()
    if len(note) > MAX_NOTE_CHARACTERS:
        raise RequestError(
            400, "too_long", f"The text has {len(note)} characters; {MAX_NOTE_CHARACTERS} are "
            "allowed.", maximum=MAX_NOTE_CHARACTERS,
        )  # fmt: skip
    if not events.is_new(session, key):
        return Changes(tickets={ticket_id})
    ticket = find_ticket(session, ticket_id)
    duty.require_hold(ticket, who)
    if to.agent is not None and to.team is not None:
        raise RequestError(400, "destination", "Choose a colleague or a team, not both.")
    move = _to_agent if to.agent is not None else _to_queue
    changes = move(session, ticket, who, key, to, config)
    colleague = ticket.agent.display_name if to.agent is not None else None
    events.record(
        session, ticket, events.PASSED_ON, who.display_name, key, to=colleague, team=to.team,
        note=note,
    )  # fmt: skip
    return changes


def set_priority(
    session: Any, ticket_id: int, who: Identity, key: str, value: str, config: DeskConfig
) -> Changes:
    """Say how much a conversation presses; its place and its timer follow.

    Raises:
        RequestError: It is closed, or there is no such priority.
    """
    if value not in priority.PRIORITY_POINTS:
        known = ", ".join(priority.PRIORITY_POINTS)
        raise RequestError(400, "priority", f"The priority must be one of: {known}.")
    if not events.is_new(session, key):
        return Changes(tickets={ticket_id})
    ticket = find_ticket(session, ticket_id)
    if ticket.state not in states.OPEN:
        raise RequestError(409, "closed", "This conversation is not at the desk any more.")
    events.record(session, ticket, events.PRIORITY, who.display_name, key, priority=value)
    ticket.priority = value
    priority.weigh(ticket)
    timers.aim_anew(session, config, ticket)
    return Changes(tickets={ticket.id})


def _to_agent(
    session: Any, ticket: Ticket, who: Identity, key: str, to: Destination, config: DeskConfig
) -> Changes:
    colleague = teams.require_agent(session, to.agent or 0)
    if not _answers(colleague):
        raise RequestError(409, "no_agent", "There is no such agent.")
    if ticket.state == states.AGENT and ticket.agent_id == colleague.id:
        raise RequestError(409, "has_it", f"{colleague.display_name} has it already.")
    elsewhere.require_not_elsewhere(session, ticket, who)
    duty.require_room(session, config, colleague, who)
    first = ticket.state == states.QUEUED
    why = f"assigned to {colleague.name}" if first else f"passed on to {colleague.name}"
    _step(session, ticket, states.AGENT, who, why, key)
    ticket.agent, ticket.agent_id = colleague, colleague.id
    ticket.claimed_at = ticket.claimed_at or time.time()
    ticket.snoozed_at = ticket.snoozed_until = None
    words = notices.joined if first else queue_notices.taken_over
    text = words(ticket.conversation.language, colleague.display_name)
    slots = [telling.state_slot(states.AGENT)] if first else []
    return telling.notify(session, ticket, text, *slots)


def _to_queue(
    session: Any, ticket: Ticket, who: Identity, key: str, to: Destination, config: DeskConfig
) -> Changes:
    if to.team is not None:
        teams.require_team(config, to.team)
    waits = ticket.state == states.QUEUED
    if waits and to.team is None:
        raise RequestError(409, "waits", "This conversation waits in the queue already.")
    ticket.team = to.team if to.team is not None else ticket.team
    waiting.enter_anew(session, ticket)
    if waits:
        return Changes(tickets={ticket.id})
    why = "put back into the queue" if to.team is None else f"passed on to the team {to.team}"
    _step(session, ticket, states.QUEUED, who, why, key)
    ticket.agent, ticket.agent_id = None, None
    ticket.snoozed_at = ticket.snoozed_until = None
    text = queue_notices.passed_on(ticket.conversation.language)
    return telling.notify(session, ticket, text, telling.state_slot(states.QUEUED))


def _step(session: Any, ticket: Ticket, to: str, who: Identity, why: str, key: str) -> None:
    transitions.move(session, ticket, to, who=who.name, why=why, at=time.time(), key=f"pass:{key}")


def colleagues(session: Any, config: DeskConfig, present: set[int]) -> list[dict[str, Any]]:
    """Return everybody to whom a conversation can be passed on, those who are there first."""
    work = teams.all_work(session)
    people = [
        {
            "id": agent.id,
            "display_name": agent.display_name,
            "present": agent.id in present,
            "conversations": duty.load(session, agent.id),
            "limit": work[agent.id].max_conversations or config.conversations_per_agent,
            "teams": list(work[agent.id].teams),
            "languages": list(work[agent.id].languages),
        }
        for agent in session.scalars(select(Agent))
        if _answers(agent)
    ]
    return sorted(people, key=lambda one: (not one["present"], one["display_name"], one["id"]))


def _answers(agent: Agent) -> bool:
    """Say whether somebody answers customers at this desk: no service, and not another desk's."""
    there = not (agent.service or agent.disabled_at or agent.must_change_password)
    return there and not agent.name.startswith(elsewhere.ACCOUNT_MARK)
