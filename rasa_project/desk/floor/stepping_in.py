"""A supervisor takes a conversation from the bot, or from a colleague."""

from __future__ import annotations

import time
import uuid
from typing import Any

from sqlalchemy import select

from rasa_project.desk.errors import RequestError
from rasa_project.desk.floor import risk
from rasa_project.desk.outbound import notices, telling
from rasa_project.desk.people.identity import Identity
from rasa_project.desk.store.models import Conversation, Ticket
from rasa_project.desk.tickets import priority, states, transitions
from rasa_project.desk.tickets.changes import Changes

TAKEN_OVER = "taken_over"


def take_from_bot(session: Any, conversation_id: str, who: Identity) -> Changes:
    """Open a ticket for a conversation that the bot has, and claim it, in one step.

    The bot falls silent as after a handoff of its own: by the slot `handoff_state` and a pause.
    One's own again changes nothing.

    Raises:
        RequestError: There is no such conversation, or it is at the desk already.
    """
    conversation = risk.find(session, conversation_id)
    query = select(Ticket).where(
        Ticket.conversation_id == conversation.id, Ticket.state.in_(states.OPEN)
    )
    known = session.scalar(query)
    if known is not None:
        if known.state == states.AGENT and known.agent_id == who.agent_id:
            return Changes(tickets={known.id})
        raise RequestError(
            409, "at_desk", "This conversation is at the desk already. Take it there.",
            ticket=known.id,
        )  # fmt: skip
    return _open(session, conversation, who)


def take_from_colleague(session: Any, ticket_id: int, who: Identity) -> Changes:
    """Take a conversation that a colleague answers; the customer hears who is there now.

    Raises:
        RequestError: There is no such ticket, or no colleague has it.
    """
    ticket = transitions.find_ticket(session, ticket_id)
    if ticket.state != states.AGENT:
        raise RequestError(409, "not_with_colleague", "No colleague has this conversation.")
    if ticket.agent_id == who.agent_id:
        return Changes(tickets={ticket.id})
    before = ticket.agent.name
    now, key = time.time(), f"take-over:{uuid.uuid4()}"
    transitions.move(
        session, ticket, states.AGENT, who=who.name,
        why=f"taken over by {who.display_name} from {before}", at=now, key=key,
    )  # fmt: skip
    ticket.agent_id = who.agent_id
    session.flush()
    session.expire(ticket, ["agent"])
    return _join(session, ticket, who, [])


def _open(session: Any, conversation: Conversation, who: Identity) -> Changes:
    now, why = time.time(), f"taken over by {who.display_name}"
    ticket = Ticket(
        conversation_id=conversation.id, state=states.QUEUED, opened_at=now,
        heat=conversation.heat or 0.0, forecast=conversation.forecast,
        evidence=priority.UNKNOWN_EVIDENCE, sort_key=0.0,
        reasons=[{"signal": TAKEN_OVER, "value": who.display_name, "says": why}],
    )  # fmt: skip
    priority.weigh(ticket)
    session.add(ticket)
    session.flush()
    transitions.record_opening(session, ticket, why=why, key=f"open:take-over:{ticket.id}")
    transitions.move(
        session, ticket, states.AGENT, who=who.name, why=why, at=now, key=f"claim:{ticket.id}"
    )
    ticket.agent_id, ticket.claimed_at = who.agent_id, now
    return _join(
        session, ticket, who,
        [
            telling.state_slot(states.AGENT),
            telling.slot("escalation_reason", why),
            # What a form asked before is no question any more when the bot has the word again.
            {"event": "active_loop", "name": None},
            {"event": "pause"},
        ],
    )  # fmt: skip


def _join(session: Any, ticket: Ticket, who: Identity, events: list[dict[str, Any]]) -> Changes:
    text = notices.joined(ticket.conversation.language, who.display_name)
    return telling.notify(session, ticket, text, *events)
