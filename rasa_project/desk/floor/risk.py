"""Conversations that the bot still has and that go badly, and silent watch of one."""

from __future__ import annotations

import time
from typing import Any, Final

from sqlalchemy import func, or_, select

from rasa_project.desk.audit import log
from rasa_project.desk.errors import RequestError
from rasa_project.desk.people.identity import Identity
from rasa_project.desk.store.models import AuditEntry, Conversation, Ticket
from rasa_project.desk.tickets import states, transcript

# Half an hour after the last message nobody is there to be helped.
RECENT_SECONDS: Final = 1_800.0
# As `dissatisfaction` in config.yml: from here on it counts as a reason to hand over.
RISKY_FORECAST: Final = 0.25
# Clear displeasure; a strong one reaches 0.8.
RISKY_HEAT: Final = 0.5
MAX_AT_RISK: Final = 100
WATCHED: Final = "conversation_watched"
_PREVIEW_CHARACTERS: Final = 160


def at_risk(session: Any, now: float) -> list[dict[str, Any]]:
    """List conversations with the bot whose forecast or heat is high, the worst first."""
    conversation = Conversation
    worst = func.coalesce(conversation.forecast, 0.0) + func.coalesce(conversation.heat, 0.0)
    at_desk = select(Ticket.id).where(
        Ticket.conversation_id == conversation.id, Ticket.state.in_(states.OPEN)
    )
    query = (
        select(conversation)
        .where(
            conversation.last_seen > now - RECENT_SECONDS,
            or_(conversation.forecast >= RISKY_FORECAST, conversation.heat >= RISKY_HEAT),
            ~at_desk.exists(),
        )
        .order_by(worst.desc(), conversation.last_seen.desc())
        .limit(MAX_AT_RISK)
    )
    return [_summary(found) for found in session.scalars(query)]


def watch(session: Any, conversation_id: str) -> dict[str, Any]:
    """Return a conversation as it stands, wherever it is; nobody in it notices.

    Raises:
        RequestError: There is no such conversation.
    """
    conversation = find(session, conversation_id)
    query = select(Ticket.id).where(
        Ticket.conversation_id == conversation.id, Ticket.state.in_(states.OPEN)
    )
    return {
        "conversation": _summary(conversation),
        "ticket": session.scalar(query),
        "messages": transcript.page(session, conversation.id)[0],
    }


def is_recorded(session: Any, conversation_id: str, who: Identity) -> bool:
    """Say whether this look is part of one that was written down a moment ago."""
    since = time.time() - log.LOOK_SECONDS
    query = select(AuditEntry.details).where(
        AuditEntry.at > since, AuditEntry.agent_id == who.agent_id, AuditEntry.action == WATCHED
    )
    wanted = _detail(conversation_id)
    return any(details.get("conversation") == wanted for details in session.scalars(query))


def record(session: Any, conversation_id: str, who: Identity) -> None:
    """Write down who watched."""
    log.record(session, who, WATCHED, conversation=_detail(conversation_id))


def find(session: Any, conversation_id: str) -> Conversation:
    """Return a conversation.

    Raises:
        RequestError: There is none with this id.
    """
    found: Conversation | None = session.get(Conversation, conversation_id)
    if found is None:
        raise RequestError(404, "no_conversation", "There is no such conversation.")
    return found


def _detail(conversation_id: str) -> str:
    return conversation_id[:200]  # what the log keeps of a text


def _summary(conversation: Conversation) -> dict[str, Any]:
    return {
        "id": conversation.id,
        "channel": conversation.channel,
        "language": conversation.language,
        "last_seen": conversation.last_seen,
        "preview": (conversation.last_text or "")[:_PREVIEW_CHARACTERS],
        "emotion": conversation.last_emotion,
        "forecast": conversation.forecast,
        "intent": conversation.intent,
    }
