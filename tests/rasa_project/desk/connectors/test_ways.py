"""From an angry customer to each of the other desks and back, over faults of all kinds."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from rasa_project.desk.connectors import sender
from rasa_project.desk.outbound import outbox
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import ConnectorEntry, ConnectorLink, Note
from rasa_project.desk.tickets import notes, work
from tests.rasa_project.desk.connectors.fake_desk import FakeDesk, until
from tests.rasa_project.desk.connectors.harness import (
    angry,
    deliveries,
    entries,
    linked,
    said,
    settled,
    ticket_states,
)
from tests.rasa_project.desk.rasa_like import RasaLike, emotion, user
from tests.rasa_project.desk.rows import add_agent

JOINED = "Ana has joined the chat and has read what you wrote."
SORRY = "I am sorry.\nIt comes tomorrow & is free."
LEFT = "Ana has left the chat. I'm the automated assistant again: what else can I do for you?"
CLOSED = "Ana has closed this request. Should anything else come up, just write here."


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_FIRST_WAIT_SECONDS", 0.02)
    monkeypatch.setattr(outbox, "_LONGEST_WAIT_SECONDS", 0.05)


async def opened(fake: FakeDesk) -> int:
    await until(lambda: [one["open"] for one in fake.shown()] == [True], "it did not open")
    return fake.first()


async def test_an_answer_there_reaches_the_customer_and_the_bot_gets_the_conversation_back(
    fake: FakeDesk, store: Store, rasa: RasaLike
) -> None:
    async with linked(store, rasa, fake):
        await angry(rasa)
        number = await opened(fake)
        await settled(store)
        summary = "\n".join(fake.shown()[0]["notes"])
        for part in (
            "negative 3 turns in a row", "anger (83%)", "dissatisfied: 62 %", "Urgency: high",
            "Channel: webchat", "Language: en", "https://desk.example.com/?ticket=1",
            "Customer: where is my parcel?\n", "Assistant: I look.\n",
            "Customer: this is outrageous!",
        ):  # fmt: skip
            assert part in summary
        await fake.answer(number, "Ana", SORRY)
        assert await said(rasa, 2) == [(None, JOINED), ("Ana", SORRY)]
        await fake.note(number, "Ana", "quite angry, careful")
        await rasa.add("c", user("thanks <b> & bye", emotion("gratitude", 0.7, 0.7)))
        await until(
            lambda: len(fake.shown()[0]["customer"]) == 1 and fake.shown()[0]["level"] == fake.calm
        )
        await fake.hand_back(number, "Ana")
        assert (await said(rasa, 3))[2:] == [(None, LEFT)]
        await settled(store)
    assert (await rasa.tracker("c")).get_slot("handoff_state") == "bot"
    assert ticket_states(store) == ["bot"]
    with store.read() as session:
        assert list(session.scalars(select(Note.text))) == ["Ana: quite angry, careful"]
    assert fake.refused == []


async def test_closing_there_closes_here_and_closing_here_closes_there(
    fake: FakeDesk, store: Store, rasa: RasaLike
) -> None:
    li = add_agent(store, "li")
    async with linked(store, rasa, fake):
        await angry(rasa)
        number = await opened(fake)
        await fake.answer(number, "Ana", "done")
        await said(rasa, 2)
        await fake.resolve(number, "Ana")
        assert (await said(rasa, 3))[2:] == [(None, CLOSED)]
        await angry(rasa, "d")
        await until(lambda: len(fake.shown()) == 2 and fake.shown()[1]["open"])
        with store.write() as session:
            work.claim(session, 2, li)
            notes.write(session, 2, li, "note-of-li", "a note of Li's")
            work.answer(session, 2, li, "message-of-li", "an answer of Li's")
            work.resolve(session, 2, li, "all paid")
        await until(lambda: not fake.shown()[1]["open"], "it did not close")
    told = fake.shown()[1]["notes"][1:]
    for part in ("Li has joined", "Li: a note", "Li: an answer", "all paid"):
        assert any(part in text.replace("*", "") for text in told), (part, told)
    assert ticket_states(store) == ["resolved", "resolved"]
    assert not any("a note" in text for text in await rasa.bot_texts("d"))


async def test_faults_lose_and_double_nothing(fake: FakeDesk, store: Store, rasa: RasaLike) -> None:
    async with linked(store, rasa, fake):
        fake.faults = ["", "cut_after", "fail_before", "", "fail_after", "", "token", "cut_after"]
        await angry(rasa)
        await opened(fake)
        fake.faults += ["fail_after", "", "cut_after", "token", "fail_before"]
        for number in range(4):
            await rasa.add("c", user(f"message {number}"))
        await until(lambda: len(fake.shown()[0]["customer"]) == 4)
        await settled(store)
    (ticket,) = fake.shown()
    assert ticket["customer"] == [f"message {number}" for number in range(4)]
    first = [text for text in ticket["notes"] if "where is my parcel?" in text]
    assert len(first) == 1
    assert {state for _, state in entries(store)} == {"sent"}


async def test_a_desk_that_was_down_gets_everything_later_in_order(
    fake: FakeDesk, store: Store, rasa: RasaLike
) -> None:
    await fake.stop()
    async with linked(store, rasa, fake):
        await angry(rasa)
        for number in range(5):
            await rasa.add("c", user(f"message {number}"))
        await until(lambda: len(entries(store)) >= 6)
        await fake.start()
        await until(lambda: bool(fake.shown()) and len(fake.shown()[0]["customer"]) == 5)
        await settled(store)
    assert fake.shown()[0]["customer"] == [f"message {number}" for number in range(5)]
    assert ticket_states(store) == ["queued"]


async def test_it_is_left_alone_for_as_long_as_it_asks(
    fake: FakeDesk, store: Store, rasa: RasaLike
) -> None:
    async with linked(store, rasa, fake):
        fake.faults = ["limit"]
        await angry(rasa)
        await angry(rasa, "d")
        await until(lambda: [one["open"] for one in fake.shown()] == [True, True])
        await settled(store)
    assert fake.asked_too_early <= sender._PARALLEL - 1  # what was under way already


async def test_webhooks_that_come_twice_or_in_another_order_count_once(
    fake: FakeDesk, store: Store, rasa: RasaLike
) -> None:
    async with linked(store, rasa, fake):
        await angry(rasa)
        number = await opened(fake)
        await settled(store)
        fake.times, fake.held = 3, []
        await fake.answer(number, "Ana", "first")
        await fake.answer(number, "Ana", "last")
        await fake.resolve(number, "Ana")
        await fake.release([0, 2, 1])
        await settled(store)
        heard = await said(rasa, 4)
        await asyncio.sleep(0.3)
        assert await said(rasa, 4) == heard
    assert heard == [(None, JOINED), ("Ana", "first"), (None, CLOSED), ("Ana", "last")]
    assert ticket_states(store) == ["resolved"]


async def test_an_answer_there_to_a_customer_who_is_talking_to_somebody_here_is_sent_back(
    fake: FakeDesk, store: Store, rasa: RasaLike
) -> None:
    li = add_agent(store, "li")
    async with linked(store, rasa, fake):
        await angry(rasa)
        number = await opened(fake)
        with store.write() as session:
            work.claim(session, 1, li)
        await fake.answer(number, "Ana", "hello")
        await until(lambda: any("NOT sent: Li has" in text for text in fake.shown()[0]["notes"]))
        await settled(store)
    assert await rasa.bot_texts("c") == ["I look.", JOINED.replace("Ana", "Li")]


async def test_what_is_refused_for_what_it_is_waits_for_a_person_and_goes_out_again(
    fake: FakeDesk, store: Store, rasa: RasaLike
) -> None:
    async with linked(store, rasa, fake):
        await angry(rasa)
        await opened(fake)
        await settled(store)
        fake.faults = ["refuse"]
        await rasa.add("c", user("one"))
        await until(lambda: ("message", "dead") in entries(store))
        await rasa.add("c", user("two"))
        await until(lambda: fake.shown()[0]["customer"] == ["two"])
        with store.read() as session:
            error = session.scalar(
                select(ConnectorEntry.error).where(ConnectorEntry.state == "dead")
            )
    assert "answered 422" in error


async def test_a_desk_that_dies_midway_looks_before_it_sends_again(
    fake: FakeDesk, store: Store, rasa: RasaLike
) -> None:
    async with linked(store, rasa, fake):
        await angry(rasa)
        await opened(fake)
        await rasa.add("c", user("one"))
        await until(lambda: fake.shown()[0]["customer"] == ["one"])
        await settled(store)
    with store.write() as session:  # as if the outcome had never been written down
        for entry in session.scalars(select(ConnectorEntry)):
            entry.state, entry.uncertain = "pending", True
        for link in session.scalars(select(ConnectorLink)):
            link.remote_id, link.url, link.details = None, None, {}
    async with linked(store, rasa, fake):
        await settled(store)
    assert [one["customer"] for one in fake.shown()] == [["one"]]
    assert len(fake.shown()[0]["notes"]) == len({*fake.shown()[0]["notes"]})
    assert set(deliveries(store)) <= {"done"}
