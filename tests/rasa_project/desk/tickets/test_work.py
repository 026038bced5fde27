from __future__ import annotations

import time
from typing import Any

import pytest
from sqlalchemy import select

from rasa_project.desk.errors import RequestError
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import Message, OutboxEntry, Ticket, Transition
from rasa_project.desk.tickets import work
from rasa_project.desk.tickets.changes import Changes
from tests.rasa_project.desk.rows import add_agent, add_ticket


def act(store: Store, change: Any, *values: Any) -> Changes:
    with store.write() as session:
        done: Changes = change(session, *values)
        return done


def refusal(store: Store, change: Any, *values: Any) -> tuple[int, str]:
    with pytest.raises(RequestError) as refused:
        act(store, change, *values)
    return refused.value.status, refused.value.code


def outbox(store: Store) -> list[list[dict[str, Any]]]:
    """What Rasa is told, without the ids that are made up."""
    with store.read() as session:
        entries = session.scalars(select(OutboxEntry).order_by(OutboxEntry.id)).all()
    for entry in entries:
        for event in entry.events:
            event.get("metadata", {}).pop("message_id", None)
    return [entry.events for entry in entries]


def steps(store: Store) -> list[tuple[str, str, str]]:
    with store.read() as session:
        found = session.scalars(select(Transition).order_by(Transition.id))
        return [(step.from_state, step.to_state, step.who) for step in found]


def test_who_takes_a_conversation_has_it_and_the_customer_hears_it(store: Store) -> None:
    li, ticket = add_agent(store, "li"), add_ticket(store, language="zh")
    changes = act(store, work.claim, ticket, li)
    assert (changes, steps(store)) == (Changes({ticket}, {1}), [("queued", "agent", "li")])
    assert outbox(store) == [
        [
            {"event": "slot", "name": "handoff_state", "value": "agent"},
            {
                "event": "bot",
                "text": "Li已加入对话，您之前写的内容都已看过。",
                "metadata": {"sender": "system"},
            },
        ]
    ]


def test_taking_ones_own_conversation_again_changes_nothing(store: Store) -> None:
    li, ticket = add_agent(store, "li"), add_ticket(store)
    act(store, work.claim, ticket, li)
    assert (act(store, work.claim, ticket, li), len(outbox(store))) == (Changes(), 1)


def test_a_conversation_that_a_colleague_has_is_refused(store: Store) -> None:
    li, ana, ticket = add_agent(store, "li"), add_agent(store, "ana"), add_ticket(store)
    act(store, work.claim, ticket, li)
    assert [
        refusal(store, work.claim, ticket, ana),
        refusal(store, work.answer, ticket, ana, "message-1", "hello"),
        refusal(store, work.hand_back, ticket, ana, ""),
        refusal(store, work.resolve, ticket, ana, ""),
    ] == [(409, "claimed")] * 4


def test_an_answer_needs_the_conversation_and_something_to_say(store: Store) -> None:
    li, ticket = add_agent(store, "li"), add_ticket(store)
    early = refusal(store, work.answer, ticket, li, "message-1", "hello")
    act(store, work.claim, ticket, li)
    assert [
        early,
        refusal(store, work.answer, 99, li, "message-1", "hello"),
        refusal(store, work.answer, ticket, li, "message-1", " \n\0 "),
        refusal(store, work.answer, ticket, li, "no", "hello"),
        refusal(store, work.answer, ticket, li, "message-1", "x" * 4_001),
    ] == [
        (409, "not_claimed"),
        (404, "no_ticket"),
        (400, "empty"),
        (400, "message_id"),
        (400, "too_long"),
    ]
    assert len(outbox(store)) == 1


def test_the_same_message_id_is_sent_once(store: Store) -> None:
    li, ticket = add_agent(store, "li"), add_ticket(store)
    act(store, work.claim, ticket, li)
    for _ in range(2):
        act(store, work.answer, ticket, li, "message-1", "hello")
    assert refusal(store, work.answer, ticket, li, "message-1", "other") == (409, "message_id")
    metadata = {"sender": "agent", "agent": "Li"}
    assert outbox(store)[1:] == [[{"event": "bot", "text": "hello", "metadata": metadata}]]


@pytest.mark.parametrize(
    ("finish", "state", "words"),
    [
        (
            work.hand_back,
            "bot",
            "Li has left the chat and notes: all paid\n\n"
            "I'm the automated assistant again: what else can I do for you?",
        ),
        (
            work.resolve,
            "resolved",
            "Li has closed this request and notes: all paid\n\n"
            "Should anything else come up, just write here.",
        ),
    ],
)
def test_the_bot_goes_on_after_a_conversation_is_given_away(
    store: Store, finish: Any, state: str, words: str
) -> None:
    li, ticket = add_agent(store, "li"), add_ticket(store)
    act(store, work.claim, ticket, li)
    act(store, finish, ticket, li, " all paid ")
    assert act(store, finish, ticket, li, "a second click") == Changes()
    assert steps(store)[1:] == [("agent", state, "li")]
    assert outbox(store)[1:] == [
        [
            {"event": "slot", "name": "handoff_state", "value": "bot"},
            {"event": "slot", "name": "escalation_reason", "value": None},
            {"event": "resume"},
            {"event": "bot", "text": words, "metadata": {"sender": "bot"}},
            {"event": "action", "name": "action_listen"},
        ]
    ]
    assert refusal(store, work.answer, ticket, li, "message-9", "wait") == (409, "closed")
    assert refusal(store, work.claim, ticket, li) == (409, "closed")


def test_a_message_that_was_given_up_can_be_sent_again(store: Store) -> None:
    li, ticket = add_agent(store, "li"), add_ticket(store)
    act(store, work.claim, ticket, li)
    act(store, work.answer, ticket, li, "message-1", "hello")
    pending = refusal(store, work.resend, "message-1", li)
    with store.write() as session:
        entry = session.scalar(select(OutboxEntry).where(OutboxEntry.message_id == "message-1"))
        entry.state, entry.attempts = "dead", 50
    assert act(store, work.resend, "message-1", li) == Changes({ticket}, {2})
    assert (pending, refusal(store, work.resend, "nothing", li)) == (
        (409, "not_dead"),
        (404, "no_message"),
    )
    with store.read() as session:
        entry = session.scalar(select(OutboxEntry).where(OutboxEntry.message_id == "message-1"))
        assert (entry.state, entry.attempts) == ("pending", 0)


def test_a_step_that_fails_leaves_neither_ticket_nor_outbox_changed(store: Store) -> None:
    li, ticket = add_agent(store, "li"), add_ticket(store)
    with pytest.raises(ZeroDivisionError), store.write() as session:
        work.claim(session, ticket, li)
        1 / 0  # noqa: B018  # the process dies before the end
    with store.read() as session:
        assert session.get(Ticket, ticket).state == "queued"
        assert session.scalars(select(Message)).all() == []
    assert (outbox(store), steps(store)) == ([], [])


def test_an_answer_stands_behind_what_it_answers_though_rasas_clock_is_ahead(store: Store) -> None:
    li, ticket = add_agent(store, "li"), add_ticket(store)
    ahead = time.time() + 3_600.0
    with store.write() as session:
        session.get(Ticket, ticket).opened_at = ahead
        session.add(
            Message(conversation_id="c", sender="customer", text="help", timestamp=ahead - 1.0)
        )
    act(store, work.claim, ticket, li)
    act(store, work.answer, ticket, li, "message-1", "hello")
    with store.read() as session:
        said = session.scalars(select(Message).order_by(Message.timestamp, Message.id)).all()
        assert [message.sender for message in said] == ["customer", "system", "agent"]
        due = session.scalars(select(OutboxEntry.next_attempt_at)).all()
    assert all(at < ahead - 3_000.0 for at in due)
