"""What a pressed button, a typed number or a typed title means."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Final

from sqlalchemy import select

from rasa_project.channels.messaging.database import Database
from rasa_project.channels.messaging.part import Button, Part
from rasa_project.channels.messaging.tables import Outgoing, Received
from rasa_project.channels.messaging.turn import Turn, short

_TOKEN: Final = re.compile(r"(\d{1,18})\.(\d{1,3})")
_NUMBER: Final = re.compile(r"[#(\[]?\s*(\d{1,2})\s*[.)\]、。]?")
_LOOKED_AT: Final = 20  # of the latest parts


def chosen(database: Database, channel: str, turn: Turn) -> Button | None:
    """Return the button that a turn means, or none.

    A number counts where the latest answer listed its buttons by number; a title where it had
    buttons at all. A token counts for the customer who was shown the button, as long as the
    message is remembered.
    """
    with database.read() as session:
        if turn.pressed:
            return _pressed(session, channel, short(turn.customer), turn.pressed)
        return _typed(session, channel, short(turn.customer), turn.text)


def _pressed(session: Any, channel: str, customer: str, token: str) -> Button | None:
    match = _TOKEN.fullmatch(token)
    row = session.get(Outgoing, int(match[1])) if match else None
    if match is None or row is None or (row.channel, row.customer) != (channel, customer):
        return None
    buttons = Part.from_dict(row.part).buttons
    at = int(match[2])
    return buttons[at] if at < len(buttons) else None


def _typed(session: Any, channel: str, customer: str, text: str) -> Button | None:
    said = _plain(text)
    part = _latest_offer(session, channel, customer) if said else None
    if part is None:
        return None
    number = _NUMBER.fullmatch(said) if part.numbered else None
    if number and 1 <= int(number[1]) <= len(part.buttons):
        return part.buttons[int(number[1]) - 1]
    return next((one for one in part.buttons if _plain(one.title) == said), None)


def _latest_offer(session: Any, channel: str, customer: str) -> Part | None:
    """Return the latest buttons, if they came with the answer to the turn before or after it."""
    theirs = [Received.channel == channel, Received.customer == customer, Received.state == "done"]
    ended = select(Received.ended_at).where(*theirs).order_by(Received.ended_at.desc())
    since = session.scalars(ended.offset(1).limit(1)).first() or 0.0
    query = (
        select(Outgoing.part)
        .where(
            Outgoing.channel == channel,
            Outgoing.customer == customer,
            Outgoing.created_at >= since,
        )
        .order_by(Outgoing.id.desc())
        .limit(_LOOKED_AT)
    )
    parts = (Part.from_dict(stored) for stored in session.scalars(query))
    return next((part for part in parts if part.buttons), None)


def _plain(text: str) -> str:
    """Return a text for comparing: full-width digits are digits, capitals and spaces are none."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
