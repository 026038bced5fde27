"""When nobody is there: the customer hears it once, and may leave a message and a contact."""

from __future__ import annotations

import re
from typing import Any, Final

from sqlalchemy import or_, select

from rasa_project.desk.outbound import queue_notices, telling
from rasa_project.desk.queue import hours
from rasa_project.desk.queue.config import DeskConfig
from rasa_project.desk.store.models import Absence, Message, Ticket
from rasa_project.desk.tickets import states
from rasa_project.desk.tickets.changes import Changes

CLOSED: Final = "closed"
NOBODY: Final = "nobody"
_MAX_CONTACT_CHARACTERS = 120

_EMAIL = re.compile(r"[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}", re.ASCII)
_DIGITS = re.compile(r"(?<![\w#])\+?\(?\d(?:[\d ()/.-]{5,20})\d(?!\w)", re.ASCII)
# As people write a number, and not that of an order: from abroad or with a leading zero, a Chinese
# mobile phone's, or ten digits and more in groups.
_PHONE = re.compile(r"(\+|\(?0)[\d ()/.-]{6,}|1[3-9]\d{9}|\(?\d{2,5}[ )/.-]+[\d ()/.-]+", re.ASCII)
_MESSENGER = re.compile(
    r"(?:wechat|weixin|whatsapp|telegram|微信|QQ)(?: ?号| ?id)?\W{0,3}([A-Za-z0-9_-]{5,20})",
    re.ASCII | re.IGNORECASE,
)
_DATE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}")
_MIN_PHONE_DIGITS = 8


def reason(config: DeskConfig, now: float, anybody: bool) -> str | None:
    """Say why nobody is there; none if somebody is.

    Args:
        config: The desk's.
        now: Seconds since 1970.
        anybody: Whether an agent has the desk's page open.
    """
    if not hours.is_open(config, now):
        return CLOSED
    return None if anybody else NOBODY


def tell(session: Any, config: DeskConfig, now: float, why: str) -> Changes:
    """Tell those who wait and have not heard it."""
    told = select(Absence.ticket_id).where(Absence.ticket_id == Ticket.id).exists()
    query = select(Ticket).where(
        Ticket.state == states.QUEUED, Ticket.entered_at.is_not(None), ~told,
        or_(Ticket.snoozed_until.is_(None), Ticket.snoozed_until <= now),
    )  # fmt: skip
    changes = Changes()
    opens = hours.opens_next(config, now) if why == CLOSED else None
    for ticket in session.scalars(query):
        text = queue_notices.absent(ticket.conversation.language, why, opens)
        changes |= telling.notify(session, ticket, text)
        session.add(Absence(ticket_id=ticket.id, told_at=now, why=why))
    return changes


def take_contacts(session: Any) -> Changes:
    """Look for a contact in what those customers wrote since, while nobody has the conversation."""
    query = (
        select(Ticket, Absence, Message.text)
        .join(Absence, Absence.ticket_id == Ticket.id)
        .join(Message, Message.conversation_id == Ticket.conversation_id)
        .where(
            Absence.contact.is_(None), Ticket.state == states.QUEUED,
            Message.sender == "customer", Message.timestamp > Absence.told_at,
        )
        .order_by(Message.timestamp, Message.id)
    )  # fmt: skip
    changes = Changes()
    for ticket, absence, text in session.execute(query).all():
        found = find_contact(text) if absence.contact is None else None
        if found is not None:
            absence.contact = found
            said = queue_notices.contact_noted(ticket.conversation.language, found)
            changes |= telling.notify(session, ticket, said)
    return changes


def find_contact(text: str) -> str | None:
    """Return the e-mail address, messenger name or phone number in a text, in its own writing."""
    if match := _EMAIL.search(text):
        return match[0].rstrip(".-")[:_MAX_CONTACT_CHARACTERS]
    if match := _MESSENGER.search(text):
        return match[0][:_MAX_CONTACT_CHARACTERS]
    for match in _DIGITS.finditer(text):
        digits = sum(character.isdigit() for character in match[0])
        is_date = _DATE.fullmatch(match[0])
        if digits >= _MIN_PHONE_DIGITS and not is_date and _PHONE.fullmatch(match[0]):
            return match[0].strip()[:_MAX_CONTACT_CHARACTERS]
    return None


def contacts(session: Any, ticket_ids: list[int]) -> dict[int, str]:
    """Return the contacts that customers left, by ticket."""
    query = select(Absence.ticket_id, Absence.contact).where(
        Absence.ticket_id.in_(ticket_ids), Absence.contact.is_not(None)
    )
    return dict(session.execute(query).all())
