"""What was done to a ticket besides steps between states, each once and never forgotten."""

from __future__ import annotations

import re
import time
from typing import Any, Final

from sqlalchemy import select

from rasa_project.desk.errors import RequestError
from rasa_project.desk.store.models import Ticket, TicketEvent

PRIORITY: Final = "priority"
PASSED_ON: Final = "passed_on"
SNOOZED: Final = "snoozed"
WOKEN: Final = "woken"
MERGED: Final = "merged"

_KEY = re.compile(r"[A-Za-z0-9-]{8,64}")


def is_new(session: Any, key: str) -> bool:
    """Say whether nothing was done under this key yet.

    Args:
        session: A session of `Store.write`.
        key: Made by whoever asks, so that asking twice does it once.

    Raises:
        RequestError: It cannot be a key.
    """
    if not _KEY.fullmatch(key):
        raise RequestError(400, "key", "`id` must be 8 to 64 letters, digits and hyphens.")
    return session.scalar(select(TicketEvent.id).where(TicketEvent.key == key)) is None


def record(session: Any, ticket: Ticket, kind: str, who: str, key: str, **data: Any) -> None:
    """Write down what was done."""
    session.add(
        TicketEvent(ticket_id=ticket.id, kind=kind, who=who, at=time.time(), data=data, key=key)
    )
    session.flush()


def of_ticket(session: Any, ticket_id: int) -> list[dict[str, Any]]:
    """Return what was done to a ticket, the earliest first."""
    query = select(TicketEvent).where(TicketEvent.ticket_id == ticket_id).order_by(TicketEvent.id)
    return [
        {"kind": event.kind, "who": event.who, "at": event.at, **event.data}
        for event in session.scalars(query)
    ]
