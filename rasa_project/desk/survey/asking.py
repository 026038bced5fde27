"""Asks customers how it was: once a ticket, and never twice within a day."""

from __future__ import annotations

import time
import uuid
from typing import Any, Final

from sqlalchemy import select

from rasa_project.desk.store.models import (
    Conversation,
    Message,
    OutboxEntry,
    Outcome,
    Survey,
    Ticket,
)
from rasa_project.desk.survey import words
from rasa_project.desk.tickets import states
from rasa_project.desk.tickets.changes import Changes

ASKED: Final = "asked"
RATED: Final = "rated"
COMMENTING: Final = "commenting"
DONE: Final = "done"

PAUSE_SECONDS: Final = 24 * 3600.0
# A desk that was away for longer does not come back with a question about last week.
_FRESH_SECONDS: Final = 3600.0


def due(session: Any, after: tuple[str, ...], now: float) -> list[int]:
    """List the tickets after which a customer is to be asked.

    Args:
        session: A session of `Store.read`.
        after: How a ticket must have ended: `states.RESOLVED`, `states.BOT`.
        now: Seconds since 1970.
    """
    asked = select(Survey.id).where(
        Survey.conversation_id == Ticket.conversation_id, Survey.asked_at > now - PAUSE_SECONDS
    )
    again = select(Survey.id).where(Survey.ticket_id == Ticket.id)
    left = select(Outcome.ticket_id).where(
        Outcome.ticket_id == Ticket.id, Outcome.kind == "no_answer"
    )
    query = select(Ticket.id).where(
        Ticket.state.in_(after), Ticket.closed_at > now - _FRESH_SECONDS,
        # Whom no agent answered has nothing to rate; the bot may take back what still waited.
        Ticket.agent_id.is_not(None), ~asked.exists(), ~again.exists(), ~left.exists(),
    )  # fmt: skip
    return list(session.scalars(query.order_by(Ticket.id)))


def ask(session: Any, ticket_id: int, after: tuple[str, ...]) -> Changes:
    """Ask after a ticket, unless that is no longer due."""
    now = time.time()
    if ticket_id not in due(session, after, now):
        return Changes()
    ticket = session.get(Ticket, ticket_id)
    conversation = ticket.conversation
    if _is_at_the_desk(session, conversation.id):
        return Changes()
    survey = Survey(
        ticket_id=ticket.id, conversation_id=conversation.id, language=conversation.language,
        step=ASKED, message_id="", asked_at=now,
    )  # fmt: skip
    session.add(survey)
    if conversation.channel in words.TEXT_ONLY:
        return say(session, survey, ASKED, words.text(survey.language, "ask_by_number"))
    buttons = words.rating_buttons(survey.language)
    return say(session, survey, ASKED, words.text(survey.language, "ask"), buttons)


def say(
    session: Any, survey: Survey, step: str, text: str, buttons: list[dict[str, str]] | None = None
) -> Changes:
    """Say something about a survey in its conversation, and note that this is where it stands."""
    now, message_id = time.time(), str(uuid.uuid4())
    survey.step, survey.message_id = step, message_id
    metadata = {"sender": "bot", "message_id": message_id, **words.metadata(step, _answers(step))}
    event: dict[str, Any] = {"event": "bot", "text": text, "metadata": metadata}
    if buttons:
        event["data"] = {"buttons": buttons}
    message = Message(
        conversation_id=survey.conversation_id, message_id=message_id, sender="bot", text=text,
        buttons=buttons, timestamp=now,
    )  # fmt: skip
    session.add(message)
    session.add(
        OutboxEntry(
            conversation_id=survey.conversation_id, ticket_id=survey.ticket_id, events=[event],
            message_id=message_id, next_attempt_at=now, created_at=now,
        )
    )  # fmt: skip
    session.get(Conversation, survey.conversation_id).last_sender = "bot"
    session.flush()
    ids = {survey.ticket_id}
    return Changes(tickets=ids, messages={message.id}, casework=set(ids))


def _answers(step: str) -> list[str]:
    if step == ASKED:
        return list(words.rating_words())
    if step == RATED:
        return words.comment_words()
    return [words.ANYTHING] if step == COMMENTING else []


def _is_at_the_desk(session: Any, conversation_id: str) -> bool:
    query = select(Ticket.id).where(
        Ticket.conversation_id == conversation_id, Ticket.state.in_(states.OPEN)
    )
    return session.scalar(query) is not None
