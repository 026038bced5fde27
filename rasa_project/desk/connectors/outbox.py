"""What agents see and do about things that another desk did not take."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import case, func, select

from rasa_project.desk.connectors.feed import GIVE_UP_SECONDS, woken
from rasa_project.desk.errors import RequestError
from rasa_project.desk.store.models import ConnectorEntry
from rasa_project.desk.tickets.changes import Changes
from rasa_project.desk.tickets.transitions import find_ticket


def resend(session: Any, ticket_id: int, connector: str) -> Changes:
    """Try again what a desk did not take of a ticket.

    Raises:
        RequestError: There is no such ticket, or nothing of it was given up.
    """
    find_ticket(session, ticket_id)
    query = select(ConnectorEntry).where(
        ConnectorEntry.ticket_id == ticket_id,
        ConnectorEntry.connector == connector,
        ConnectorEntry.state == "dead",
    )
    entries = session.scalars(query).all()
    if not entries:
        raise RequestError(409, "not_dead", "Nothing of this conversation was given up.")
    now = time.time()
    for entry in entries:
        entry.state, entry.attempts, entry.next_attempt_at = "pending", 0, now
        entry.give_up_at = now + GIVE_UP_SECONDS
    woken(session)
    return Changes(tickets={ticket_id})


def state(session: Any, names: list[str]) -> list[dict[str, Any]]:
    """Return for each connector how much waits and was given up, JSON-ready."""
    entry = ConnectorEntry
    query = (
        select(
            entry.connector,
            func.sum(case((entry.state == "pending", 1), else_=0)),
            func.sum(case((entry.state == "dead", 1), else_=0)),
            func.max(entry.error),
        )
        .where(entry.state != "sent")
        .group_by(entry.connector)
    )
    found = {row[0]: row[1:] for row in session.execute(query)}
    nothing = (0, 0, None)
    keys = ("name", "waiting", "given_up", "error")
    rows = [(name, *found.get(name, nothing)) for name in names]
    return [dict(zip(keys, row, strict=True)) for row in rows]
