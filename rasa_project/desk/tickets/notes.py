"""What agents write about a ticket for each other; the customer never reads it."""

from __future__ import annotations

import re
import time
from typing import Any, Final

from sqlalchemy import delete, func, select

from rasa_project.desk.errors import RequestError
from rasa_project.desk.people.identity import Identity
from rasa_project.desk.store.models import Note, Ticket, TicketTag
from rasa_project.desk.tickets.changes import Changes
from rasa_project.desk.tickets.transitions import find_ticket

MAX_NOTE_CHARACTERS: Final = 4_000
MAX_NOTES: Final = 500
MAX_TAGS: Final = 20
MAX_TAG_CHARACTERS: Final = 40
MAX_KNOWN_TAGS: Final = 200
_KEY = re.compile(r"[A-Za-z0-9-]{8,64}")


def write(session: Any, ticket_id: int, agent: Identity, key: str, text: str) -> Changes:
    """Keep a note; the same key again changes nothing.

    Raises:
        RequestError: There is no such ticket, or the note cannot be kept.
    """
    text = text.replace("\0", "").strip()
    if not text:
        raise RequestError(400, "empty", "Write something before you save it.")
    if len(text) > MAX_NOTE_CHARACTERS:
        raise RequestError(
            400, "too_long",
            f"The text has {len(text)} characters; {MAX_NOTE_CHARACTERS} are allowed.",
            maximum=MAX_NOTE_CHARACTERS,
        )  # fmt: skip
    if not _KEY.fullmatch(key):
        raise RequestError(400, "message_id", "`id` must be 8 to 64 letters, digits and hyphens.")
    ticket = find_ticket(session, ticket_id)
    known = session.scalar(select(Note).where(Note.key == key))
    if known is not None:
        if (known.ticket_id, known.agent_id, known.text) != (ticket.id, agent.agent_id, text):
            raise RequestError(409, "message_id", "This id was used for another note.")
        return Changes()
    session.add(
        Note(key=key, ticket_id=ticket.id, agent_id=agent.agent_id, text=text, at=time.time())
    )
    return Changes(casework={ticket.id})


def tag(session: Any, ticket_id: int, agent: Identity, names: list[str]) -> Changes:
    """Give a ticket exactly these tags.

    Raises:
        RequestError: There is no such ticket, or there are too many or too long tags.
    """
    wanted = {clean for name in names if (clean := _clean(name))}
    if len(wanted) > MAX_TAGS or any(len(name) > MAX_TAG_CHARACTERS for name in wanted):
        raise RequestError(
            400, "tags",
            f"A conversation has up to {MAX_TAGS} tags of up to {MAX_TAG_CHARACTERS} characters.",
        )  # fmt: skip
    ticket = find_ticket(session, ticket_id)
    found = set(session.scalars(select(TicketTag.name).where(TicketTag.ticket_id == ticket.id)))
    if found == wanted:
        return Changes()
    session.execute(
        delete(TicketTag).where(TicketTag.ticket_id == ticket.id, TicketTag.name.not_in(wanted))
    )
    session.add_all(
        TicketTag(ticket_id=ticket.id, name=name, agent_id=agent.agent_id, at=time.time())
        for name in wanted - found
    )
    return Changes(casework={ticket.id})


def of_conversation(session: Any, conversation_id: str) -> list[dict[str, Any]]:
    """Return the latest notes on all tickets of a conversation, oldest first."""
    query = (
        select(Note)
        .join(Ticket, Ticket.id == Note.ticket_id)
        .where(Ticket.conversation_id == conversation_id)
        .order_by(Note.at.desc(), Note.id.desc())
        .limit(MAX_NOTES)
    )
    return [
        {
            "id": note.id,
            "ticket": note.ticket_id,
            "agent": note.agent.display_name,
            "text": note.text,
            "at": note.at,
        }
        for note in reversed(session.scalars(query).all())
    ]


def tags_of(session: Any, ticket_id: int) -> list[str]:
    """Return a ticket's tags in their order of letters."""
    query = select(TicketTag.name).where(TicketTag.ticket_id == ticket_id)
    return sorted(session.scalars(query))


def known_tags(session: Any) -> list[str]:
    """Return the tags in use, the most used first."""
    query = (
        select(TicketTag.name)
        .group_by(TicketTag.name)
        .order_by(func.count().desc(), TicketTag.name)
        .limit(MAX_KNOWN_TAGS)
    )
    return list(session.scalars(query))


def _clean(name: str) -> str:
    """Write a tag in one way: small letters, single spaces, no `#` before it."""
    return " ".join(name.replace("\0", "").lower().removeprefix("#").split())
