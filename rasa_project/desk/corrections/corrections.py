"""Takes what agents know better: a message's emotion, and whether a ticket came rightly."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import select

from rasa_project.desk.corrections.verdicts import EMOTIONS, VERDICTS
from rasa_project.desk.errors import RequestError
from rasa_project.desk.people.identity import Identity
from rasa_project.desk.store.models import (
    EmotionCorrection,
    HandoffVerdict,
    Message,
    Ticket,
)
from rasa_project.desk.tickets.changes import Changes
from rasa_project.desk.tickets.transitions import find_ticket


def correct(session: Any, message_id: int, agent: Identity, emotion: str | None) -> Changes:
    """Say what a customer felt in a message; none takes the correction back.

    Raises:
        RequestError: The message is no customer's at this desk, or there is no such emotion.
    """
    if emotion is not None and emotion not in EMOTIONS:
        known = ", ".join(EMOTIONS)
        raise RequestError(400, "emotion", f"{emotion!r} is no emotion. Known: {known}.")
    tickets = _tickets_of(session, message_id)
    correction = session.get(EmotionCorrection, message_id)
    if (correction.emotion if correction else None) == emotion:
        return Changes()
    if emotion is None:
        session.delete(correction)
    elif correction is None:
        session.add(
            EmotionCorrection(
                message_id=message_id, emotion=emotion, agent_id=agent.agent_id, at=time.time()
            )
        )
    else:
        correction.emotion, correction.agent_id = emotion, agent.agent_id
        correction.at = time.time()
    return Changes(casework=tickets)


def judge(session: Any, ticket_id: int, agent: Identity, verdict: str | None) -> Changes:
    """Say whether a ticket came to the desk rightly; none takes that back.

    Raises:
        RequestError: There is no such ticket or verdict.
    """
    if verdict is not None and verdict not in VERDICTS:
        raise RequestError(
            400, "verdict", f"{verdict!r} is no verdict. Known: {', '.join(VERDICTS)}."
        )
    ticket = find_ticket(session, ticket_id)
    known = session.get(HandoffVerdict, ticket.id)
    if (known.verdict if known else None) == verdict:
        return Changes()
    if verdict is None:
        session.delete(known)
    elif known is None:
        session.add(
            HandoffVerdict(
                ticket_id=ticket.id, verdict=verdict, agent_id=agent.agent_id, at=time.time()
            )
        )
    else:
        known.verdict, known.agent_id, known.at = verdict, agent.agent_id, time.time()
    return Changes(casework={ticket.id})


def of_conversation(session: Any, conversation_id: str) -> dict[str, dict[str, Any]]:
    """Return the corrected emotions of a conversation, by the message's id as text."""
    query = (
        select(EmotionCorrection)
        .join(Message, Message.id == EmotionCorrection.message_id)
        .where(Message.conversation_id == conversation_id)
    )
    return {
        str(found.message_id): {"emotion": found.emotion, "agent": found.agent.display_name}
        for found in session.scalars(query)
    }


def verdict_of(session: Any, ticket_id: int) -> dict[str, str] | None:
    """Return what was said of a ticket's handoff, or none."""
    found = session.get(HandoffVerdict, ticket_id)
    return found and {"verdict": found.verdict, "agent": found.agent.display_name}


def _tickets_of(session: Any, message_id: int) -> set[int]:
    """Return the tickets whose agents see a customer's message."""
    message = session.get(Message, message_id) if message_id < 2**31 else None
    tickets: set[int] = set()
    if message is not None and message.sender == "customer":
        query = select(Ticket.id).where(Ticket.conversation_id == message.conversation_id)
        tickets = set(session.scalars(query))
    if not tickets:
        raise RequestError(404, "no_message", "There is no such message of a customer.")
    return tickets
