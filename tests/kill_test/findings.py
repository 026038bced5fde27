"""Compares what was said with what Rasa and the desk have kept."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any

from sqlalchemy import select

from rasa_project.desk.store.models import Message, OutboxEntry, Ticket, Transition
from tests.kill_test.talk import Record

_HUMAN_SIDE = {"agent", "system"}


@dataclass
class Findings:
    """What is wrong, in words; all empty is what was promised."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    reordered: list[str] = field(default_factory=list)
    bot_spoke: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """Return how much of each there is."""
        return {entry.name: len(getattr(self, entry.name)) for entry in fields(self)}

    def compare(self, where: str, said: list[str], found: Iterable[str]) -> None:
        """Hold that everything said was found, once and in the same order."""
        times = Counter(found := list(found))
        self.lost += [f"{where}: {name}" for name in said if name not in times]
        expected = set(said)
        self.doubled += [
            f"{where}: {name} came {count} times, {int(name in expected)} expected"
            for name, count in times.items()
            if count != 1 or name not in expected
        ]
        places = {name: place for place, name in enumerate(said)}
        first = [places[name] for name in dict.fromkeys(found) if name in places]
        self.reordered += [
            f"{where}: {said[after]} before {said[before]}"
            for after, before in itertools.pairwise(first)
            if before < after
        ]

    def check_rasa(self, where: str, record: Record, events: list[dict[str, Any]]) -> None:
        """Judge a conversation as Rasa keeps it."""
        self.compare(f"{where} at Rasa", record.said, _ids(record, events))
        self.bot_spoke += [f"{where} at Rasa: {text}" for text in bot_among_humans(events)]
        self.bot_spoke += [f"{where} to the customer: {text}" for text in record.bot_heard]

    def check_desk(self, where: str, record: Record, session: Any, conversation: str) -> None:
        """Judge a conversation as the desk keeps it."""
        query = select(Message).where(Message.conversation_id == conversation)
        messages = session.scalars(query.order_by(Message.timestamp, Message.id)).all()
        ids = {record.texts[message_id]: message_id for message_id in record.customers}
        self.compare(
            f"{where} at the desk",
            record.said,
            [
                ids.get(message.text, message.text)
                if message.sender == "customer"
                else message.message_id
                for message in messages
                if message.sender in {"customer", "agent"}
            ],
        )
        self._check_tickets(where, record, session, conversation)
        unsent = select(OutboxEntry.message_id).where(
            OutboxEntry.conversation_id == conversation, OutboxEntry.state != "sent"
        )
        self.lost += [f"{where}: {entry} was never sent" for entry in session.scalars(unsent)]

    def _check_tickets(self, where: str, record: Record, session: Any, conversation: str) -> None:
        query = (
            select(Transition)
            .join(Ticket, Ticket.id == Transition.ticket_id)
            .where(Ticket.conversation_id == conversation)
            .order_by(Transition.id)
        )
        steps = [f"{step.from_state} > {step.to_state}" for step in session.scalars(query)]
        # The same steps come once a round, so they are told apart by their place.
        self.compare(f"{where}, tickets", _placed(record.steps), _placed(steps))


def bot_among_humans(events: list[dict[str, Any]]) -> list[str]:
    """Return what the bot answered to turns that began while a human had the conversation."""
    state, silent, spoken = "bot", False, []
    for event in events:
        if event["event"] == "slot" and event["name"] == "handoff_state":
            state = event["value"] or "bot"
            silent = silent and state != "bot"
        elif event["event"] == "user":
            silent = state != "bot"
        elif event["event"] == "bot" and silent and not _by_a_human(event):
            spoken.append(str(event.get("text")))
    return spoken


def _by_a_human(event: dict[str, Any]) -> bool:
    return (event.get("metadata") or {}).get("sender") in _HUMAN_SIDE


def _ids(record: Record, events: list[dict[str, Any]]) -> Iterable[str]:
    """Name customers' turns and agents' messages by the ids that they were sent with."""
    for event in events:
        metadata = event.get("metadata") or {}
        if event["event"] == "user" and event.get("text"):
            yield str(metadata.get("message_id") or event["text"])
        elif event["event"] == "bot" and metadata.get("sender") == "agent":
            yield str(metadata["message_id"])


def _placed(steps: list[str]) -> list[str]:
    return [f"step {place}: {step}" for place, step in enumerate(steps, 1)]
