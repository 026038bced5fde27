"""The reader over files that Rasa's own SQLTrackerStore writes."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from rasa_project.desk.inbound import reader
from rasa_project.desk.inbound.reader import EventReader
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import Conversation, Cursor, Message, Ticket, Transition
from rasa_project.desk.tickets import states, views
from rasa_project.desk.tickets.changes import Changes
from tests.rasa_project.desk.rasa_like import (
    STREAK,
    RasaLike,
    bot,
    emotion,
    handoff,
    slot,
    user,
)


def catch_up(store: Store, rasa: RasaLike) -> Changes:
    """Read everything with a reader that knows only what the store holds."""
    events, total, more = EventReader(rasa.tracker_db, store), Changes(), True
    while more:
        changes, more = events.read_batch()
        total.tickets |= changes.tickets
        total.messages |= changes.messages
    return total


def transcript(store: Store, conversation: str = "c") -> list[tuple[str, str]]:
    with store.read() as session:
        query = select(Message).where(Message.conversation_id == conversation).order_by(Message.id)
        return [(message.sender, message.text) for message in session.scalars(query)]


def only_ticket(store: Store) -> dict[str, Any]:
    with store.read() as session:
        ((found,), _) = views.open_tickets(session)
        return dict(found)


def count(store: Store, table: Any) -> int:
    with store.read() as session:
        return int(session.scalar(select(func.count()).select_from(table)))


async def test_a_handoff_opens_a_ticket_with_transcript_moods_and_reasons(
    store: Store, tmp_path: Path
) -> None:
    rasa = RasaLike(tmp_path)
    await rasa.add(
        "c", user("where is it", emotion("worry", -0.4, 0.4)), bot("On its way."),
        slot("order_number", "10472"), user("this is a joke!!!", emotion()), *handoff(),
        bot("A colleague takes over."),
    )  # fmt: skip
    catch_up(store, rasa)
    assert transcript(store) == [
        ("customer", "where is it"),
        ("bot", "On its way."),
        ("customer", "this is a joke!!!"),
        ("bot", "A colleague takes over."),
    ]
    with store.read() as session:
        detail = views.ticket(session, 1)
    ticket, steps = detail["ticket"], detail["transitions"]
    assert [
        (step["from"], step["to"], step["who"], step["why"]) for step in steps
    ] == [("bot", "queued", "rasa", "the assistant handed over")]  # fmt: skip
    assert (ticket["state"], ticket["reasons"], ticket["language"], ticket["channel"]) == (
        "queued", [STREAK], "en", "webchat",
    )  # fmt: skip
    moods = [message["emotion"] for message in detail["messages"]]
    assert [mood and mood["name"] for mood in moods] == ["worry", None, "anger", None]
    assert detail["facts"] == {"order_number": "10472"}
    assert (ticket["emotion"]["name"], ticket["preview"]) == ("anger", "this is a joke!!!")


async def test_nothing_is_read_before_rasa_has_made_its_table(store: Store, tmp_path: Path) -> None:
    missing = EventReader(f"sqlite:///{tmp_path / 'later.db'}", store)
    assert missing.read_batch() == (Changes(), False)
    assert not (tmp_path / "later.db").exists()
    sqlite3.connect(tmp_path / "later.db").execute("CREATE TABLE other (id)")
    assert missing.read_batch() == (Changes(), False)


async def test_a_restart_goes_on_where_the_cursor_stands(store: Store, tmp_path: Path) -> None:
    rasa = RasaLike(tmp_path)
    await rasa.add("c", user("one"))
    first = catch_up(store, rasa)
    await rasa.add("c", user("two"))
    second = catch_up(store, rasa)
    assert (first.messages, second.messages) == ({1}, {2})
    assert transcript(store) == [("customer", "one"), ("customer", "two")]
    assert catch_up(store, rasa) == Changes()


async def test_many_events_are_read_in_batches(
    store: Store, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(reader, "BATCH_ROWS", 3)
    rasa = RasaLike(tmp_path)
    await rasa.add("c", *[user(f"{number}") for number in range(10)], *handoff())
    catch_up(store, rasa)
    assert transcript(store) == [("customer", f"{number}") for number in range(10)]
    assert only_ticket(store)["reasons"] == [STREAK]


async def test_reading_everything_again_doubles_nothing(store: Store, tmp_path: Path) -> None:
    rasa = RasaLike(tmp_path)
    await rasa.add("a", user("one"), *handoff(), slot("handoff_state", "bot"), user("two"))
    await rasa.add("b", user("three", emotion()), *handoff())
    catch_up(store, rasa)
    before = [count(store, table) for table in (Message, Ticket, Transition, Conversation)]
    opened = only_ticket(store)
    with store.write() as session:
        session.execute(Cursor.__table__.delete())
    catch_up(store, rasa)
    after = [count(store, table) for table in (Message, Ticket, Transition, Conversation)]
    assert after == before == [3, 2, 3, 2]
    assert only_ticket(store) == opened


async def test_a_tracker_store_made_anew_is_read_from_its_start(
    store: Store, tmp_path: Path
) -> None:
    old = RasaLike(tmp_path)
    await old.add("c", user("old one"), user("old two"))
    catch_up(store, old)
    old.file.unlink()
    new = RasaLike(tmp_path)
    await new.add("c", user("new one"), user("new two"), user("new three"))
    catch_up(store, new)
    texts = [text for _, text in transcript(store)]
    assert texts == ["old one", "old two", "new one", "new two", "new three"]


async def test_broken_rows_hold_up_nobody(store: Store, tmp_path: Path, caplog: Any) -> None:
    rasa = RasaLike(tmp_path)
    await rasa.add("c", user("before"))
    insert = "INSERT INTO events (sender_id, type_name, timestamp, data) VALUES (?, ?, ?, ?)"
    rows = [
        ("c", "user", 1.0, "{broken"),
        ("c", "user", None, '{"event": "user", "text": "no time"}'),
        ("", "user", 1.0, '{"event": "user", "text": "nobody"}'),
        ("x" * 300, "user", 1.0, '{"event": "user", "text": "too long an id"}'),
        ("c", "slot", 1.0, '{"event": "slot"}'),
        ("c", "user", 1.0, b"\xff\xfe"),
        ("c", "a_later_invention", 1.0, "{}"),
    ]
    with sqlite3.connect(rasa.file) as connection:
        connection.executemany(insert, rows)
    await rasa.add("d", user("after"))
    catch_up(store, rasa)
    assert (transcript(store), transcript(store, "d")) == (
        [("customer", "before")],
        [("customer", "after")],
    )
    skipped = [record for record in caplog.records if "is skipped" in record.getMessage()]
    assert len(skipped) == 6


async def test_a_session_that_starts_anew_repeats_the_slot_and_opens_nothing(
    store: Store, tmp_path: Path
) -> None:
    rasa = RasaLike(tmp_path)
    await rasa.add("c", user("help"), *handoff())
    await rasa.add("c", {"event": "session_started"}, slot("handoff_state", "queued"))
    catch_up(store, rasa)
    assert (count(store, Ticket), only_ticket(store)["state"]) == (1, "queued")


async def test_a_restarted_conversation_leaves_the_queue_and_can_come_back(
    store: Store, tmp_path: Path
) -> None:
    rasa = RasaLike(tmp_path)
    await rasa.add("c", user("help"), *handoff(), {"event": "restart"})
    catch_up(store, rasa)
    with store.read() as session:
        assert (views.open_tickets(session)[0], session.get(Ticket, 1).state) == ([], states.BOT)
    await rasa.add("c", user("help again"), *handoff())
    catch_up(store, rasa)
    assert only_ticket(store)["id"] == 2


async def test_the_newest_mood_decides_the_order_of_the_queue(store: Store, tmp_path: Path) -> None:
    rasa = RasaLike(tmp_path)
    await rasa.add("calm", user("hello", emotion("neutral", 0.0, 0.1)), *handoff())
    await rasa.add("angry", user("no!!!", emotion()), *handoff())
    catch_up(store, rasa)
    with store.read() as session:
        assert [found["conversation"] for found in views.open_tickets(session)[0]] == [
            "angry",
            "calm",
        ]
    await rasa.add("angry", user("oh, thanks", emotion("gratitude", 0.7, 0.7)))
    await rasa.add("calm", user("still nobody???", emotion("anger", -0.9, 0.9)))
    catch_up(store, rasa)
    with store.read() as session:
        assert [found["conversation"] for found in views.open_tickets(session)[0]] == [
            "calm",
            "angry",
        ]


async def test_a_handoff_without_a_decision_keeps_the_reason_of_the_slot(
    store: Store, tmp_path: Path
) -> None:
    rasa = RasaLike(tmp_path)
    await rasa.add(
        "c",
        user("help"),
        slot("escalation_reason", "VIP customer"),
        slot("handoff_state", "queued"),
    )
    catch_up(store, rasa)
    assert only_ticket(store)["reasons"] == [{"signal": "stated", "says": "VIP customer"}]


async def test_a_pressed_button_shows_by_its_title(store: Store, tmp_path: Path) -> None:
    rasa = RasaLike(tmp_path)
    offer = {**bot("Which?"), "data": {"buttons": [{"title": "My refund", "payload": "/refund"}]}}
    await rasa.add("c", offer, user("/refund"), user("/track", title="Track it"), user("/other"))
    catch_up(store, rasa)
    assert [text for _, text in transcript(store)] == ["Which?", "My refund", "Track it", "/other"]


async def test_html_and_long_texts_stay_text(store: Store, tmp_path: Path) -> None:
    rasa = RasaLike(tmp_path)
    texts = ["<img src=x onerror=alert(1)>", "😀" * 3_000, "مرحبا", ""]
    await rasa.add("c", *[user(text) for text in texts])
    catch_up(store, rasa)
    assert [text for _, text in transcript(store)] == texts


async def test_what_is_longer_than_a_column_is_cut_and_never_skipped(
    store: Store, tmp_path: Path
) -> None:
    rasa = RasaLike(tmp_path)
    await rasa.add(
        "c",
        {**user("hello"), "input_channel": "c" * 300},
        bot("from elsewhere", sender="agent", agent="A" * 100, message_id="m" * 100),
        slot("order_number", "9" * 1_000),
    )
    catch_up(store, rasa)
    with store.read() as session:
        said = session.scalars(select(Message).order_by(Message.id)).all()
        assert [(m.text, m.agent, m.message_id) for m in said] == [
            ("hello", None, None),
            ("from elsewhere", "A" * 80, "m" * 64),
        ]
        conversation = session.get(Conversation, "c")
        assert (conversation.channel, conversation.slots) == (
            "c" * 200,
            {"order_number": "9" * 200},
        )
