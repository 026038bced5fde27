"""Tickets that somebody at another help desk has: nobody takes one of those by accident."""

from __future__ import annotations

from typing import Any

from sqlalchemy import case, func, select

from rasa_project.desk.errors import RequestError
from rasa_project.desk.people.identity import Identity
from rasa_project.desk.store.models import ConnectorEntry, ConnectorLink, Ticket

# What no person's sign-in name begins with; see `people.accounts`.
ACCOUNT_MARK = "@"


def is_other_desk(agent: Identity) -> bool:
    """Say whether somebody acts from another desk."""
    return agent.name.startswith(ACCOUNT_MARK)


def require_not_elsewhere(session: Any, ticket: Ticket, agent: Identity) -> None:
    """Hold that nobody at another desk has a waiting ticket.

    Raises:
        RequestError: Somebody has.
    """
    if is_other_desk(agent):
        return
    query = select(ConnectorLink).where(
        ConnectorLink.ticket_id == ticket.id, ConnectorLink.holder.is_not(None)
    )
    link = session.scalar(query.limit(1))
    if link is not None:
        raise RequestError(
            409, "elsewhere", f"{link.holder} has this conversation in {link.connector}.",
            agent=link.holder, desk=link.connector,
        )  # fmt: skip


def release(session: Any, ticket_id: int) -> None:
    """Say that nobody at another desk has a ticket any more."""
    for link in session.scalars(select(ConnectorLink).where(ConnectorLink.ticket_id == ticket_id)):
        link.holder = None


def of_tickets(session: Any, ticket_ids: list[int]) -> dict[int, list[dict[str, Any]]]:
    """Return where each ticket is besides here, JSON-ready, by ticket."""
    late = _late(session, ticket_ids)
    query = select(ConnectorLink).where(ConnectorLink.ticket_id.in_(ticket_ids))
    found: dict[int, list[dict[str, Any]]] = {}
    for link in session.scalars(query.order_by(ConnectorLink.id)):
        state, error = late.get((link.ticket_id, link.connector), ("sent", None))
        found.setdefault(link.ticket_id, []).append(
            {
                "desk": link.connector,
                "url": link.url,
                "agent": link.holder,
                "state": state,
                "error": error,
            }
        )
    return found


def _late(session: Any, ticket_ids: list[int]) -> dict[tuple[int, str], tuple[str, str | None]]:
    """Return by ticket and desk whether something waits or was given up, and why."""
    entry = ConnectorEntry
    given_up = func.max(case((entry.state == "dead", 1), else_=0))
    query = (
        select(entry.ticket_id, entry.connector, given_up, func.max(entry.error))
        .where(entry.ticket_id.in_(ticket_ids), entry.state != "sent")
        .group_by(entry.ticket_id, entry.connector)
    )
    return {
        (ticket_id, desk): ("dead" if dead else "pending", error)
        for ticket_id, desk, dead, error in session.execute(query)
    }
