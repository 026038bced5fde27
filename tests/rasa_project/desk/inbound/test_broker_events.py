"""Events as Rasa's broker carries them, taken into the store once however often they come."""

from __future__ import annotations

import json
from typing import Any

from rasa.shared.core.events import Event
from sqlalchemy import func, select

from rasa_project.desk.inbound.broker_events import take_batch
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import Message, OutboxEntry, Ticket, Transition
from rasa_project.desk.tickets import work
from rasa_project.desk.tickets.changes import Changes
from tests.rasa_project.desk.rasa_like import bot, handoff, slot, user
from tests.rasa_project.desk.rows import add_agent


def published(conversation: str, *events: dict[str, Any], at: float = 1_000.0) -> list[bytes]:
    """What Rasa puts on the broker: its own events as JSON, with the conversation's id."""
    bodies = []
    for number, event in enumerate(events):
        parsed = Event.from_parameters({**event, "timestamp": at + number})
        assert parsed is not None
        bodies.append(json.dumps({"sender_id": conversation, **parsed.as_dict()}).encode())
    return bodies


def transcript(store: Store) -> list[tuple[str, str]]:
    with store.read() as session:
        said = session.scalars(select(Message).order_by(Message.timestamp, Message.id))
        return [(message.sender, message.text) for message in said]


def counts(store: Store) -> list[int]:
    with store.read() as session:
        tables = (Message, Ticket, Transition)
        return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def test_the_same_batch_twice_changes_nothing(store: Store) -> None:
    batch = [
        *published("c", user("help", message_id="m1"), *handoff(), bot("Somebody comes.")),
        *published("c", slot("handoff_state", "bot"), user("again", message_id="m2"), at=2_000.0),
        *published("c", *handoff(), at=3_000.0),
    ]
    take_batch(store, batch)
    before = counts(store)
    take_batch(store, batch)
    assert counts(store) == before == [3, 2, 3]
    with store.read() as session:
        states = session.scalars(select(Ticket.state).order_by(Ticket.id)).all()
    assert states == ["bot", "queued"]


def test_a_message_that_is_sent_again_after_a_kill_is_one_message(store: Store) -> None:
    """Rasa published the turn and died before it stored it; the client sends the message again."""
    take_batch(store, published("c", user("help", message_id="m1"), at=1_000.0))
    take_batch(store, published("c", user("help", message_id="m1"), *handoff(), at=1_030.0))
    take_batch(store, published("d", user("help", message_id="m1"), at=1_030.0))
    assert (transcript(store), counts(store)) == ([("customer", "help")] * 2, [2, 1, 1])


def test_the_same_words_twice_are_two_messages(store: Store) -> None:
    for at in (1_000.0, 1_010.0):
        take_batch(store, published("c", user("hello"), bot("Hello!"), at=at))
    assert transcript(store) == [("customer", "hello"), ("bot", "Hello!")] * 2


def test_what_the_desk_sent_is_recognized_but_not_taken_for_delivered(store: Store) -> None:
    take_batch(store, published("c", user("help"), *handoff()))
    li = add_agent(store, "li")
    with store.write() as session:
        work.claim(session, 1, li)
    with store.read() as session:
        entry = session.get(OutboxEntry, 1)
    take_batch(store, published("c", *entry.events, at=5_000.0))
    with store.read() as session:
        assert session.get(OutboxEntry, 1).state == "pending"
        message = session.scalar(select(Message).where(Message.message_id == entry.message_id))
        assert message.timestamp == 5_001.0
    assert len(transcript(store)) == 2


def test_broken_and_unknown_events_hold_up_nobody(store: Store, caplog: Any) -> None:
    good = published("c", user("before"), user("after"))
    broken = [
        b"",
        b"{broken",
        b"\xff\xfe",
        b"[1, 2]",
        b'"text"',
        b"[" * 100_000,
        b'{"event": "user", "timestamp": 1.0, "text": "nobody"}',
        b'{"event": "user", "sender_id": "", "timestamp": 1.0, "text": "nobody"}',
        b'{"event": "user", "sender_id": "c", "text": "no time"}',
        b'{"event": "user", "sender_id": "c", "timestamp": NaN, "text": "no time"}',
        json.dumps({"event": "slot", "sender_id": "c", "timestamp": 1.0}).encode(),
        json.dumps({"event": "user", "sender_id": "x" * 300, "timestamp": 1.0}).encode(),
    ]
    unknown = [b'{"event": "a_later_invention", "sender_id": "c", "timestamp": 1.0}']
    assert take_batch(store, [good[0], *broken, *unknown, good[1]]) == Changes(messages={1, 2})
    assert transcript(store) == [("customer", "before"), ("customer", "after")]
    skipped = [record for record in caplog.records if "is skipped" in record.getMessage()]
    assert len(skipped) == len(broken)


def test_a_long_conversation_in_one_event_is_cut_and_kept(store: Store) -> None:
    take_batch(store, published("c", user("x" * 5_000_000), user("next")))
    assert [len(text) for _, text in transcript(store)] == [20_000, 4]
