"""What the lists and the conversation show of the queue."""

from __future__ import annotations

from typing import Any

from rasa_project.desk.queue import absence, events, merging, timers
from rasa_project.desk.store.models import Ticket


def of_tickets(session: Any, tickets: list[Ticket]) -> dict[int, dict[str, Any]]:
    """Return what each ticket's summary holds of the queue."""
    ids = [ticket.id for ticket in tickets]
    running, contacts = timers.running(session, ids), absence.contacts(session, ids)
    return {
        ticket.id: {
            "forecast": ticket.forecast,
            "priority": ticket.priority,
            "team": ticket.team,
            "entered": ticket.entered_at is not None,
            "snoozed_until": ticket.snoozed_until,
            "timer": running.get(ticket.id),
            "contact": contacts.get(ticket.id),
        }
        for ticket in tickets
    }


def of_conversation(session: Any, ticket: Ticket) -> dict[str, Any]:
    """Return what the open conversation shows besides."""
    return {
        "events": events.of_ticket(session, ticket.id),
        "earlier": merging.earlier(session, ticket),
    }
