"""How customers on the web chat stand who wait: their place in line, or that nobody is there.

Their page shows it beside the conversation and keeps it up to date; what is said in the
conversation stays with `waiting.py` and `absence.py`.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import func, or_, select

from rasa_project.desk.outbound import queue_notices
from rasa_project.desk.queue import absence, hours, waiting
from rasa_project.desk.queue.config import DAYS, DeskConfig
from rasa_project.desk.queue.teams import Work
from rasa_project.desk.store.models import Absence, Conversation, Message, Ticket
from rasa_project.desk.tickets import states

CHANNEL: Final = "webchat"
LANGUAGES: Final = ("en", "zh")  # that the pages speak

Standing = dict[str, Any]


def of_all(
    session: Any, config: DeskConfig, now: float, present: dict[int, Work], anybody: bool
) -> dict[str, Standing]:
    """Return how each customer stands, by Rasa's sender id.

    Args:
        session: A session of `Store.read`.
        config: The desk's file.
        now: Seconds since 1970.
        present: The work of the agents who are there, by their ids.
        anybody: Whether anybody is there.
    """
    why = absence.reason(config, now, anybody)
    if why is not None:
        return _absent(session, config, now, why) if config.tell_absence else {}
    if not config.tell_place:
        return {}
    return {
        str(ticket.conversation_id): {
            "state": "queued", "place": place, "wait": list(wait) if wait else None,
            "says": {
                language: queue_notices.place(language, place, wait, waiting.LONGEST_MINUTES)
                for language in LANGUAGES
            },
        }
        for ticket, place, wait in waiting.places(session, now, present)
        if ticket.conversation.channel == CHANNEL
    }  # fmt: skip


def ended_since(session: Any, since: float) -> list[str]:
    """List the conversations that ceased to wait since a moment, and do not wait again."""
    query = (
        select(Ticket.conversation_id)
        .join(Conversation, Conversation.id == Ticket.conversation_id)
        .where(
            Conversation.channel == CHANNEL,
            or_(Ticket.claimed_at > since, Ticket.closed_at > since),
        )
    )
    waits = select(Ticket.conversation_id).where(Ticket.state == states.QUEUED)
    return list(session.scalars(query.where(Ticket.conversation_id.not_in(waits)).distinct()))


def _absent(session: Any, config: DeskConfig, now: float, why: str) -> dict[str, Standing]:
    """Return how those stand who heard that nobody is there.

    Only they: what somebody leaves is looked for after they heard it; nothing is asked before.
    """
    opens = hours.opens_next(config, now) if why == absence.CLOSED else None
    week = [config.opening_hours.get(day, ()) for day in DAYS]
    said = {
        "state": why,
        "opens": None if opens is None else opens.timestamp(),
        "says": {each: queue_notices.away(each, why, opens) for each in LANGUAGES},
        "hours": {each: queue_notices.days(each, week) for each in LANGUAGES},
        "zone": config.time_zone.key,
    }
    waits = (
        select(Ticket.conversation_id, Absence.told_at)
        .join(Conversation, Conversation.id == Ticket.conversation_id)
        .join(Absence, Absence.ticket_id == Ticket.id)
        .where(
            Conversation.channel == CHANNEL,
            Ticket.state == states.QUEUED, Ticket.entered_at.is_not(None),
            or_(Ticket.snoozed_until.is_(None), Ticket.snoozed_until <= now),
        )
    )  # fmt: skip
    waiting_now = session.execute(waits).all()
    said_last = _latest_words(session, [row.conversation_id for row in waiting_now])
    return {
        row.conversation_id: {
            **said,
            "left": said_last.get(row.conversation_id, 0) > row.told_at,
        }
        for row in waiting_now
    }


def _latest_words(session: Any, conversations: list[str]) -> dict[str, float]:
    """Return when each customer last wrote."""
    query = (
        select(Message.conversation_id, func.max(Message.timestamp))
        .where(Message.sender == "customer", Message.conversation_id.in_(conversations))
        .group_by(Message.conversation_id)
    )
    return dict(session.execute(query).all())
