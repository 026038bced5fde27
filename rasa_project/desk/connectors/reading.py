"""Reads from the store what other desks are told of a ticket."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import func, select

from rasa_project.desk.connectors import wording
from rasa_project.desk.connectors.connector import Facts, Said
from rasa_project.desk.store.models import Message, Ticket
from rasa_project.desk.tickets import files, views

MAX_TRANSCRIPT_MESSAGES: Final = 200


def facts(session: Any, ticket: Ticket, desk_url: str) -> Facts:
    """Return what is known of a ticket now."""
    conversation = ticket.conversation
    emotion = conversation.last_emotion or {}
    clear = emotion and not emotion.get("abstained")
    return Facts(
        ticket_id=ticket.id,
        conversation=conversation.id,
        level=views.level(ticket),  # type: ignore[arg-type]  # one of the three
        channel=conversation.channel,
        language=conversation.language,
        emotion=emotion.get("name") if clear else None,
        intensity=emotion.get("intensity") if clear else None,
        forecast=emotion.get("forecast"),
        reasons=tuple(str(reason["says"]) for reason in ticket.reasons if reason.get("says")),
        known=dict(conversation.slots),
        url=f"{desk_url}/?ticket={ticket.id}",
    )


def said(message: Message, language: str) -> Said:
    """Return a message as other desks show it; its language is that of their agents."""
    name = wording.text(language, message.sender)
    return Said(
        key=f"attune-message-{message.id}",
        sender=message.sender,
        name=message.agent or name,
        text=files.words(message),
        at=message.timestamp,
    )


def transcript(session: Any, ticket: Ticket, until: int, language: str) -> tuple[list[Said], int]:
    """Return the latest messages up to one, oldest first, and how many came before them."""
    mine = [Message.conversation_id == ticket.conversation_id, Message.id <= until]
    latest = select(Message).where(*mine).order_by(Message.id.desc()).limit(MAX_TRANSCRIPT_MESSAGES)
    shown = [said(message, language) for message in reversed(session.scalars(latest).all())]
    count = session.scalar(select(func.count()).select_from(Message).where(*mine))
    return shown, count - len(shown)
