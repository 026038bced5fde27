"""The outbox against a server that speaks Rasa's two endpoints."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import select

from rasa_project.desk.erasing import names, rows
from rasa_project.desk.inbound.intake import Intake
from rasa_project.desk.inbound.tracker_events import Row, Utterance
from rasa_project.desk.outbound import outbox
from rasa_project.desk.outbound.outbox import OutboxSender, wait_seconds
from rasa_project.desk.outbound.rasa_client import RasaClient
from rasa_project.desk.people.identity import Identity
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import OutboxEntry
from rasa_project.desk.tickets import transcript, work
from rasa_project.desk.tickets.changes import Changes
from tests.rasa_project.desk.rasa_like import TOKEN, RasaLike
from tests.rasa_project.desk.rows import add_agent, add_ticket


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_FIRST_WAIT_SECONDS", 0.02)
    monkeypatch.setattr(outbox, "_LONGEST_WAIT_SECONDS", 0.05)
    monkeypatch.setattr(outbox, "_CLOSED_DOOR_SECONDS", 0.01)


async def published(_changes: Changes) -> None:
    """Nobody looks."""


@asynccontextmanager
async def sending(
    store: Store, rasa: RasaLike, max_attempts: int = 50, token: str = TOKEN
) -> AsyncIterator[None]:
    async with RasaClient(rasa.url, token) as client:
        sender = OutboxSender(store, client, published, max_attempts)
        task = asyncio.create_task(sender.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


def states(store: Store) -> list[str]:
    with store.read() as session:
        return list(session.scalars(select(OutboxEntry.state).order_by(OutboxEntry.id)))


async def settle(store: Store) -> list[str]:
    """Wait until nothing is pending."""
    for _ in range(1_000):
        if "pending" not in states(store):
            break
        await asyncio.sleep(0.01)
    return states(store)


def speak(store: Store, ticket: int, agent: Identity, *texts: str) -> None:
    """Take the conversation and say something in it."""
    with store.write() as session:
        work.claim(session, ticket, agent)
        for index, text in enumerate(texts):
            work.answer(session, ticket, agent, f"{ticket}-message-{index}", text)


JOINED = "Li has joined the chat and has read what you wrote."


async def test_a_conversations_messages_arrive_in_order(store: Store, rasa: RasaLike) -> None:
    li = add_agent(store, "li")
    texts = [f"message {number}" for number in range(8)]
    for conversation in ("a", "b", "c"):
        speak(store, add_ticket(store, conversation), li, *texts)
    async with sending(store, rasa):
        assert await settle(store) == ["sent"] * 27
    for conversation in ("a", "b", "c"):
        assert await rasa.bot_texts(conversation) == [JOINED, *texts]
        assert (await rasa.tracker(conversation)).get_slot("handoff_state") == "agent"


@pytest.mark.parametrize("fault", ["fail_before", "fail_after", "cut_after"])
async def test_an_uncertain_outcome_is_looked_up_and_never_doubled(
    store: Store, rasa: RasaLike, fault: str
) -> None:
    speak(store, add_ticket(store), add_agent(store, "li"), "one", "two")
    rasa.faults = [fault] * 3
    async with sending(store, rasa):
        assert await settle(store) == ["sent"] * 3
    assert await rasa.bot_texts("c") == [JOINED, "one", "two"]
    assert rasa.delivered == [("c", JOINED), ("c", "one"), ("c", "two")]


async def test_messages_wait_while_rasa_is_down(store: Store, rasa: RasaLike) -> None:
    await rasa.stop()
    speak(store, add_ticket(store), add_agent(store, "li"), "one")
    async with sending(store, rasa):
        for _ in range(500):
            with store.read() as session:
                first = session.get(OutboxEntry, 1)
            if first.error and not first.uncertain:
                break
            await asyncio.sleep(0.01)
        assert (first.state, first.attempts, first.uncertain) == ("pending", 0, False)
        assert "Rasa cannot be reached" in first.error
        await rasa.start()
        assert await settle(store) == ["sent"] * 2
    assert await rasa.bot_texts("c") == [JOINED, "one"]
    assert set(rasa.posts.values()) == {1}


async def test_a_rasa_that_is_away_for_long_is_given_up_and_the_agent_can_send_again(
    store: Store, rasa: RasaLike
) -> None:
    await rasa.stop()
    li = add_agent(store, "li")
    speak(store, add_ticket(store), li)
    with store.write() as session:
        session.get(OutboxEntry, 1).created_at -= outbox.GIVE_UP_SECONDS
    async with sending(store, rasa):
        assert await settle(store) == ["dead"]
        with store.write() as session:
            work.resend(session, session.get(OutboxEntry, 1).message_id, li)
        await rasa.start()
        assert await settle(store) == ["sent"]
    assert await rasa.bot_texts("c") == [JOINED]


async def test_a_message_that_never_goes_through_is_given_up_and_the_next_goes_on(
    store: Store, rasa: RasaLike
) -> None:
    speak(store, add_ticket(store), add_agent(store, "li"), "one")
    rasa.faults = ["fail_before"] * 3
    async with sending(store, rasa, max_attempts=3):
        assert await settle(store) == ["dead", "sent"]
    assert await rasa.bot_texts("c") == ["one"]
    with store.read() as session:
        entry = session.get(OutboxEntry, 1)
    assert (entry.attempts, entry.error) == (3, 'Rasa answered 500: {"message": "broke"}')


async def test_what_rasa_refuses_for_what_it_is_is_not_tried_again(
    store: Store, rasa: RasaLike
) -> None:
    speak(store, add_ticket(store), add_agent(store, "li"), "one")
    rasa.faults = ["refuse"]
    async with sending(store, rasa):
        assert await settle(store) == ["dead", "sent"]
    assert max(rasa.posts.values()) == 1


async def test_a_wrong_token_is_named(store: Store, rasa: RasaLike) -> None:
    speak(store, add_ticket(store), add_agent(store, "li"))
    async with sending(store, rasa, max_attempts=2, token="wrong"):
        assert await settle(store) == ["dead"]
    with store.read() as session:
        error = session.get(OutboxEntry, 1).error
    assert error == "Rasa refuses the token in ATTUNE_RASA_TOKEN (401)."


async def test_an_entry_that_was_under_way_when_the_desk_died_is_looked_up_first(
    store: Store, rasa: RasaLike
) -> None:
    speak(store, add_ticket(store), add_agent(store, "li"), "one")
    with store.write() as session:
        died_after, died_before = session.scalars(select(OutboxEntry).order_by(OutboxEntry.id))
        for entry in (died_after, died_before):
            entry.uncertain, entry.attempts = True, 1
        arrived: list[dict[str, Any]] = died_after.events
    await rasa.add("c", *arrived)
    async with sending(store, rasa):
        assert await settle(store) == ["sent"] * 2
    assert await rasa.bot_texts("c") == [JOINED, "one"]
    assert rasa.delivered == [("c", "one")]


async def test_a_conversations_id_may_hold_anything(store: Store, rasa: RasaLike) -> None:
    speak(store, add_ticket(store, "+49 170/5?x=1#é&"), add_agent(store, "li"), "one")
    rasa.faults = ["fail_after"]
    async with sending(store, rasa):
        assert await settle(store) == ["sent"] * 2
    assert await rasa.bot_texts("+49 170/5?x=1#é&") == [JOINED, "one"]


async def test_it_ends_even_if_something_new_comes_at_that_moment(
    store: Store, rasa: RasaLike
) -> None:
    async with RasaClient(rasa.url, TOKEN) as client:
        sender = OutboxSender(store, client, published)
        task = asyncio.create_task(sender.run())
        await asyncio.sleep(0.2)
        sender.wake()
        task.cancel()
        ended, _ = await asyncio.wait({task}, timeout=2)
        task.cancel()
    assert ended == {task}


def test_waits_grow_up_to_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_FIRST_WAIT_SECONDS", 0.5)
    monkeypatch.setattr(outbox, "_LONGEST_WAIT_SECONDS", 60.0)
    assert [wait_seconds(attempts) for attempts in (1, 2, 3, 7, 8, 9, 1_000)] == [
        0.5, 1.0, 2.0, 32.0, 60.0, 60.0, 60.0,
    ]  # fmt: skip


async def test_what_waits_for_rasa_is_shown_behind_what_rasa_took_before_it(store: Store) -> None:
    ticket = add_ticket(store, "a")
    speak(store, ticket, add_agent(store, "li"), "first", "second")
    heard_late = Row(9, "a", "bot", time.time() + 60, "{}")
    first = Utterance("agent", "Li", "first", f"{ticket}-message-0", [])
    with store.write() as session:
        Intake(session).take(heard_late, first)
    with store.read() as session:
        shown = [message["text"] for message in transcript.page(session, "a")[0]]
    assert shown[-2:] == ["first", "second"]


async def test_an_answer_under_way_as_its_customer_is_erased_ends_nobody_elses(
    store: Store, rasa: RasaLike
) -> None:
    agent = add_agent(store, "li")
    speak(store, add_ticket(store, "gone"), agent, "It comes today.")
    async with RasaClient(rasa.url, TOKEN) as client:
        sender = OutboxSender(store, client, published)
        (head,) = sender._heads()
        attempt = sender._begin(head.id)
        assert attempt is not None
        with store.write() as session:
            stand_in = names.begin(session, ["gone"], {})
            rows.erase(session, ["gone"], stand_in)
            names.finish(session, stand_in, "root")
        assert sender._begin(head.id) is None
        speak(store, add_ticket(store, "here"), agent, "And yours tomorrow.")
        before = states(store)
        assert sender._finish(attempt, None) == Changes()
        assert states(store) == before == ["pending"] * len(before)
