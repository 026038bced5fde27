"""What agents do with tickets: take one, answer, hand back, close.

Each step changes the ticket and writes what Rasa has to hear into the outbox, in one transaction.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from rasa_project import attachments
from rasa_project.desk.errors import RequestError
from rasa_project.desk.outbound import notices
from rasa_project.desk.outbound.telling import says, slot, state_slot, tell
from rasa_project.desk.people.identity import Identity
from rasa_project.desk.queue import duty
from rasa_project.desk.queue.config import DeskConfig
from rasa_project.desk.store.models import Agent, Message, OutboxEntry, Ticket
from rasa_project.desk.tickets import elsewhere, files, states, transitions
from rasa_project.desk.tickets.changes import Changes
from rasa_project.desk.tickets.transitions import find_ticket

EVERYBODY = DeskConfig()
MAX_MESSAGE_CHARACTERS = 4_000
MAX_NOTE_CHARACTERS = 1_000
_MESSAGE_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


def claim(session: Any, ticket_id: int, agent: Identity, config: DeskConfig = EVERYBODY) -> Changes:
    """Take a waiting conversation; taking one's own again changes nothing.

    Raises:
        RequestError: There is no such ticket, a colleague has it, it is closed, or the agent has as
            many as they may.
    """
    ticket = find_ticket(session, ticket_id)
    if ticket.state == states.AGENT and ticket.agent_id == agent.agent_id:
        return Changes()
    if ticket.state == states.AGENT:
        raise RequestError(
            409, "claimed", f"{ticket.agent.display_name} has already taken this conversation.",
            agent=ticket.agent.display_name,
        )  # fmt: skip
    _require_open(ticket)
    elsewhere.require_not_elsewhere(session, ticket, agent)
    duty.require_room(session, config, session.get(Agent, agent.agent_id), agent)
    now = time.time()
    transitions.move(
        session, ticket, states.AGENT, who=agent.name, why="claimed", at=now,
        key=f"claim:{ticket.id}:{transitions.count(session, ticket.id)}",
    )  # fmt: skip
    # When it was put back and is taken again, it was first in hand then.
    ticket.agent_id, ticket.claimed_at = agent.agent_id, ticket.claimed_at or now
    ticket.snoozed_at = ticket.snoozed_until = None
    text = notices.joined(ticket.conversation.language, agent.display_name)
    return tell_state(session, ticket, text)


def take_over(
    session: Any, ticket_id: int, agent: Identity, config: DeskConfig = EVERYBODY
) -> Changes:
    """Take a conversation from another help desk, on purpose; the customer hears who is there.

    Raises:
        RequestError: There is no such ticket, a colleague here has it, it is closed, or the agent
            has as many as they may.
    """
    ticket = find_ticket(session, ticket_id)
    if ticket.state == states.AGENT and ticket.agent.name.startswith(elsewhere.ACCOUNT_MARK):
        duty.require_room(session, config, session.get(Agent, agent.agent_id), agent)
        ticket.agent_id, ticket.claimed_at = agent.agent_id, time.time()
        elsewhere.release(session, ticket_id)
        said = says("system", notices.joined(ticket.conversation.language, agent.display_name))
        return tell(session, ticket, [said], said)
    if ticket.state == states.QUEUED:
        elsewhere.release(session, ticket_id)
    return claim(session, ticket_id, agent, config)


def answer(
    session: Any,
    ticket_id: int,
    agent: Identity,
    message_id: str,
    text: str,
    file_ids: Sequence[str] = (),
) -> Changes:
    """Say something to the customer; the same message id again changes nothing.

    Raises:
        RequestError: The conversation is not this agent's, or the message cannot be sent.
    """
    text = _sendable(text, MAX_MESSAGE_CHARACTERS)
    if not text and not file_ids:
        raise RequestError(400, "empty", "Write something before you send it.")
    if not _MESSAGE_ID.fullmatch(message_id):
        raise RequestError(400, "message_id", "`id` must be 8 to 64 letters, digits and hyphens.")
    ticket = find_ticket(session, ticket_id)
    held = files.for_answer(session, ticket, file_ids)
    text = text or attachments.stand_in(held)
    known = session.scalar(select(Message).where(Message.message_id == message_id))
    if known is not None:
        same = (known.conversation_id, known.text, known.attachments or [])
        if same != (ticket.conversation_id, text, held):
            raise RequestError(409, "message_id", "This message id was used for another message.")
        return Changes(messages={known.id})
    require_mine(ticket, agent)
    said = says("agent", text, agent.display_name, message_id, held)
    return tell(session, ticket, [said], said)


def conversation_to_answer(session: Any, ticket_id: int, agent: Identity) -> str:
    """Return which conversation an agent answers in a ticket.

    Raises:
        RequestError: The conversation is not this agent's.
    """
    ticket = find_ticket(session, ticket_id)
    require_mine(ticket, agent)
    return str(ticket.conversation_id)


def say_afterwards(
    session: Any, ticket: Ticket, agent: Identity, message_id: str, text: str
) -> Changes:
    """Say something to the customer of a closed ticket, whom the bot goes on serving.

    Raises:
        RequestError: The text is empty or too long.
    """
    text = _sendable(text, MAX_MESSAGE_CHARACTERS)
    if not text:
        raise RequestError(400, "empty", "Write something before you send it.")
    said = says("agent", text, agent.display_name, message_id)
    return tell(session, ticket, [said], said)


def hand_back(session: Any, ticket_id: int, agent: Identity, note: str) -> Changes:
    """Give the conversation back to the bot, which greets with the agent's note.

    Raises:
        RequestError: The conversation is not this agent's.
    """
    return _close(session, ticket_id, agent, states.BOT, note)


def resolve(session: Any, ticket_id: int, agent: Identity, note: str) -> Changes:
    """Close the request; should the customer write again, the bot answers.

    Raises:
        RequestError: The conversation is not this agent's.
    """
    return _close(session, ticket_id, agent, states.RESOLVED, note)


def resend(session: Any, message_id: str, agent: Identity) -> Changes:
    """Try again to deliver a message that was given up.

    Raises:
        RequestError: There is no such message, or it is no longer given up.
    """
    entry = session.scalar(select(OutboxEntry).where(OutboxEntry.message_id == message_id))
    if entry is None:
        raise RequestError(404, "no_message", "There is no such message.")
    if entry.state != "dead":
        raise RequestError(409, "not_dead", "This message was not given up.")
    now = time.time()
    entry.state, entry.attempts, entry.next_attempt_at, entry.created_at = "pending", 0, now, now
    entry.error = f"sent again by {agent.name}"
    message = session.scalar(select(Message).where(Message.message_id == message_id))
    return Changes(tickets={entry.ticket_id}, messages={message.id})


def _close(session: Any, ticket_id: int, agent: Identity, to: str, note: str) -> Changes:
    note = _sendable(note, MAX_NOTE_CHARACTERS)
    ticket = find_ticket(session, ticket_id)
    if ticket.state == to and ticket.agent_id == agent.agent_id:
        return Changes()  # a second click
    require_mine(ticket, agent)
    transitions.move(
        session, ticket, to, who=agent.name, why=note or "closed by the agent", at=time.time(),
        key=f"close:{ticket.id}",
    )  # fmt: skip
    language = ticket.conversation.language
    words = notices.handed_back if to == states.BOT else notices.resolved
    said = says("bot", words(language, agent.display_name, note))
    events = [
        slot("handoff_state", states.BOT),
        slot("escalation_reason", None),
        {"event": "resume"},
        said,
        {"event": "action", "name": "action_listen"},
    ]
    return tell(session, ticket, events, said)


def tell_state(session: Any, ticket: Ticket, text: str) -> Changes:
    """Tell Rasa who has the conversation now, and the customer in words."""
    said = says("system", text)
    return tell(session, ticket, [state_slot(ticket.state), said], said)


def _require_open(ticket: Ticket) -> None:
    if ticket.state not in states.OPEN:
        raise RequestError(409, "closed", "This conversation is not at the desk any more.")


def require_mine(ticket: Ticket, agent: Identity) -> None:
    """Hold that an agent has a conversation.

    Raises:
        RequestError: They do not.
    """
    _require_open(ticket)
    if ticket.state == states.QUEUED:
        raise RequestError(409, "not_claimed", "Take this conversation first.")
    if ticket.agent_id != agent.agent_id:
        raise RequestError(
            409, "claimed", f"{ticket.agent.display_name} has this conversation.",
            agent=ticket.agent.display_name,
        )  # fmt: skip


def _sendable(text: str, limit: int) -> str:
    """Return the text without what no channel delivers, if it is not too long."""
    text = text.replace("\0", "").strip()
    if len(text) > limit:
        raise RequestError(
            400, "too_long", f"The text has {len(text)} characters; {limit} are allowed.",
            maximum=limit,
        )  # fmt: skip
    return text
