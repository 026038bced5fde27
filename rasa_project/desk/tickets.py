"""What agents do with tickets: take one, answer, hand back, close.

Each step changes the ticket and writes what Rasa has to hear into the outbox, in one transaction.
"""

from __future__ import annotations

import re
import time
import uuid
from typing import Any

from sqlalchemy import select

from rasa_project.desk import notices, states, transitions
from rasa_project.desk.changes import Changes
from rasa_project.desk.errors import RequestError
from rasa_project.desk.models import Message, OutboxEntry, Ticket
from rasa_project.desk.sign_in import Identity
from rasa_project.desk.transitions import find_ticket

MAX_MESSAGE_CHARACTERS = 4_000
MAX_NOTE_CHARACTERS = 1_000
_MESSAGE_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


def claim(session: Any, ticket_id: int, agent: Identity) -> Changes:
    """Take a waiting conversation; taking one's own again changes nothing.

    Raises:
        RequestError: There is no such ticket, a colleague has it, or it is closed.
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
    now = time.time()
    transitions.move(
        session, ticket, states.AGENT, who=agent.name, why="claimed", at=now,
        key=f"claim:{ticket.id}",
    )  # fmt: skip
    ticket.agent_id, ticket.claimed_at = agent.agent_id, now
    text = notices.joined(ticket.conversation.language, agent.display_name)
    says = _says("system", text)
    return _tell_rasa(session, ticket, [_slot("handoff_state", states.AGENT), says], says)


def answer(session: Any, ticket_id: int, agent: Identity, message_id: str, text: str) -> Changes:
    """Say something to the customer; the same message id again changes nothing.

    Raises:
        RequestError: The conversation is not this agent's, or the message cannot be sent.
    """
    text = _sendable(text, MAX_MESSAGE_CHARACTERS)
    if not text:
        raise RequestError(400, "empty", "Write something before you send it.")
    if not _MESSAGE_ID.fullmatch(message_id):
        raise RequestError(400, "message_id", "`id` must be 8 to 64 letters, digits and hyphens.")
    ticket = find_ticket(session, ticket_id)
    known = session.scalar(select(Message).where(Message.message_id == message_id))
    if known is not None:
        if (known.conversation_id, known.text) != (ticket.conversation_id, text):
            raise RequestError(409, "message_id", "This message id was used for another message.")
        return Changes(messages={known.id})
    _require_mine(ticket, agent)
    says = _says("agent", text, agent.display_name, message_id)
    return _tell_rasa(session, ticket, [says], says)


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
    entry.state, entry.attempts, entry.next_attempt_at = "pending", 0, time.time()
    entry.error = f"sent again by {agent.name}"
    message = session.scalar(select(Message).where(Message.message_id == message_id))
    return Changes(tickets={entry.ticket_id}, messages={message.id})


def _close(session: Any, ticket_id: int, agent: Identity, to: str, note: str) -> Changes:
    note = _sendable(note, MAX_NOTE_CHARACTERS)
    ticket = find_ticket(session, ticket_id)
    if ticket.state == to and ticket.agent_id == agent.agent_id:
        return Changes()  # a second click
    _require_mine(ticket, agent)
    transitions.move(
        session, ticket, to, who=agent.name, why=note or "closed by the agent", at=time.time(),
        key=f"close:{ticket.id}",
    )  # fmt: skip
    language = ticket.conversation.language
    words = notices.handed_back if to == states.BOT else notices.resolved
    says = _says("bot", words(language, agent.display_name, note))
    events = [
        _slot("handoff_state", states.BOT),
        _slot("escalation_reason", None),
        {"event": "resume"},
        says,
        {"event": "action", "name": "action_listen"},
    ]
    return _tell_rasa(session, ticket, events, says)


def _tell_rasa(
    session: Any, ticket: Ticket, events: list[dict[str, Any]], says: dict[str, Any]
) -> Changes:
    now = time.time()
    metadata = says["metadata"]
    message = Message(
        conversation_id=ticket.conversation_id, message_id=metadata["message_id"],
        sender=metadata["sender"], agent=metadata.get("agent"), text=says["text"], timestamp=now,
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


def _says(
    sender: str, text: str, agent: str | None = None, message_id: str | None = None
) -> dict[str, Any]:
    metadata = {"sender": sender, "message_id": message_id or str(uuid.uuid4())}
    if agent is not None:
        metadata["agent"] = agent
    return {"event": "bot", "text": text, "metadata": metadata}


def _slot(name: str, value: str | None) -> dict[str, Any]:
    return {"event": "slot", "name": name, "value": value}


def _require_open(ticket: Ticket) -> None:
    if ticket.state not in states.OPEN:
        raise RequestError(409, "closed", "This conversation is not at the desk any more.")


def _require_mine(ticket: Ticket, agent: Identity) -> None:
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
