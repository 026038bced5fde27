"""How a ticket ended: resolving one with an outcome."""

from __future__ import annotations

import time
from typing import Any, Final

from rasa_project.desk.errors import RequestError
from rasa_project.desk.people.identity import Identity
from rasa_project.desk.store.models import Outcome
from rasa_project.desk.tickets import work
from rasa_project.desk.tickets.changes import Changes
from rasa_project.desk.tickets.outcome_kinds import OUTCOMES

MAX_DETAIL_CHARACTERS: Final = 1_000


def resolve(
    session: Any, ticket_id: int, agent: Identity, note: str, kind: str | None, detail: str
) -> Changes:
    """Close a request and keep how it ended.

    Args:
        session: A session of `Store.write`.
        ticket_id: The agent's own ticket.
        agent: Who closes it.
        note: What the customer reads; may be empty.
        kind: One of `OUTCOMES`, or none.
        detail: The outcome in the agent's own words, for colleagues.

    Raises:
        RequestError: The ticket is not this agent's, or there is no such outcome.
    """
    detail = detail.replace("\0", "").strip()
    if kind is not None and kind not in OUTCOMES:
        known = ", ".join(OUTCOMES)
        raise RequestError(400, "outcome", f"{kind!r} is no outcome. Known: {known}.")
    if len(detail) > MAX_DETAIL_CHARACTERS:
        raise RequestError(
            400, "too_long",
            f"The text has {len(detail)} characters; {MAX_DETAIL_CHARACTERS} are allowed.",
            maximum=MAX_DETAIL_CHARACTERS,
        )  # fmt: skip
    changes = work.resolve(session, ticket_id, agent, note)
    if changes and kind is not None:
        session.add(
            Outcome(
                ticket_id=ticket_id, kind=kind, detail=detail, agent_id=agent.agent_id,
                at=time.time(),
            )
        )  # fmt: skip
        changes.casework.add(ticket_id)
    return changes


def of_ticket(session: Any, ticket_id: int) -> dict[str, Any] | None:
    """Return how a ticket ended, or none where nobody said so."""
    outcome = session.get(Outcome, ticket_id)
    return None if outcome is None else {"kind": outcome.kind, "detail": outcome.detail}
