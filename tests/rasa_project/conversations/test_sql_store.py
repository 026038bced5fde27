from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from rasa.core.brokers.sql import SQLEventBroker
from rasa.core.tracker_store import SQLTrackerStore

from rasa_project.conversations import sql_store
from rasa_project.conversations.conversation import ConversationsError
from tests.rasa_project.conversations.stored import answered, emotion, said, save, store, tracker

TALK = [said("hello", emotion("joy"), "greet"), *answered(), said("我要投诉", emotion("anger"))]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_every_event_that_rasa_stored_is_read_in_its_order(tmp_path: Path) -> None:
    talks = [tracker("b", TALK), tracker("a", TALK[:1])]
    read = sql_store.from_file(store(tmp_path / "tracker.db", talks))
    assert {each.id: [event.data for event in each.events] for each in read} == {
        talk.sender_id: [event.as_dict() for event in talk.events] for talk in talks
    }
    assert [each.id for each in read] == ["a", "b"]
    assert read.count() == 2


def test_an_event_has_the_attributes_of_rasas_own(tmp_path: Path) -> None:
    talk = tracker("a", TALK)
    read = sql_store.from_file(store(tmp_path / "tracker.db", [talk])).find("a")
    assert read is not None
    for event, original in zip(read.events, talk.events, strict=True):
        assert (event.type_name, event.timestamp) == (original.type_name, original.timestamp)
        if event.type_name == "user":
            assert event.text == original.text
            assert event.parse_data == original.parse_data
            assert event.intent_name == original.intent_name
        elif event.type_name == "action":
            assert (event.action_name, event.policy) == (original.action_name, original.policy)


def test_reading_leaves_the_file_as_it_is(tmp_path: Path) -> None:
    path = store(tmp_path / "tracker.db", [tracker("a", TALK)])
    before = digest(path)
    read = sql_store.from_file(path)
    assert (len(list(read)), read.count(), read.find("nobody")) == (1, 1, None)
    assert digest(path) == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["tracker.db"]


def test_the_database_refuses_to_be_written(tmp_path: Path) -> None:
    read = sql_store.from_file(store(tmp_path / "tracker.db", [tracker("a", TALK)]))
    with pytest.raises(Exception, match="readonly"), read._engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM events")


def test_all_pages_of_conversations_are_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql_store, "_PAGE", 2)
    ids = ["", "Z", "a", "a b", "é", "顾客"]
    path = store(tmp_path / "tracker.db", [tracker(each, TALK[:1]) for each in ids[1:]])
    assert [each.id for each in sql_store.from_file(path)] == ids[1:]


def test_a_bot_stores_messages_while_they_are_read(tmp_path: Path) -> None:
    path = store(tmp_path / "tracker.db", [tracker("a", TALK), tracker("b", TALK)])
    reading = iter(sql_store.from_file(path))
    assert next(reading).id == "a"
    bot = SQLTrackerStore(db=str(path))
    bot.engine.dispose()
    save(bot, [tracker("c", TALK)])
    assert [each.id for each in reading] == ["b", "c"]


def test_the_database_of_an_event_broker_is_read(tmp_path: Path) -> None:
    broker = SQLEventBroker(db=str(tmp_path / "events.db"))
    talk = tracker("a", TALK)
    for event in talk.events:
        broker.publish({"sender_id": "a", **event.as_dict()})
    read = sql_store.from_file(tmp_path / "events.db").find("a")
    assert read is not None
    assert [event.type_name for event in read.events] == [each.type_name for each in talk.events]


def test_broken_rows_are_left_out_and_counted(tmp_path: Path) -> None:
    path = store(tmp_path / "tracker.db", [tracker("a", TALK)])
    with closing(sqlite3.connect(path)) as database:
        rows = [("{half",), ("[]",), ('{"event": 3}',), ('{"event": "user", "timestamp": null}',)]
        database.executemany(
            "INSERT INTO events (sender_id, type_name, data) VALUES ('a', 'user', ?)", rows
        )
        database.commit()
    read = sql_store.from_file(path).find("a")
    assert read is not None
    assert read.broken == 3
    assert read.events[-1].timestamp == read.events[-2].timestamp  # its own is missing


def test_a_missing_store_is_an_error_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(ConversationsError, match=r"no tracker store at .*tracker\.db"):
        sql_store.from_endpoint({"db": "tracker.db"}, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_database_without_the_table_is_an_error(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as database:
        database.execute("CREATE TABLE orders (id INTEGER)")
    with pytest.raises(ConversationsError, match=r"other\.db cannot be read: no such table: event"):
        list(sql_store.from_file(tmp_path / "other.db"))


@pytest.mark.parametrize(
    "settings",
    [
        {"dialect": "postgresql", "url": "127.0.0.1:1", "username": "bot", "password": "secret"},
        {"url": "postgresql://bot:secret@127.0.0.1:1/rasa?password=secret"},
    ],
)
def test_an_error_never_shows_the_password(tmp_path: Path, settings: dict[str, str]) -> None:
    read = sql_store.from_endpoint({"db": "rasa", **settings}, tmp_path)
    with pytest.raises(ConversationsError) as caught:
        read.count()
    assert str(caught.value).startswith("postgresql://bot@127.0.0.1:1/rasa cannot be read: ")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"dialect": "nosuchdb"}, "cannot be opened"),
        ({"dialect": "postgresql", "url": "host", "port": "many"}, "no address of a database"),
        ({"url": "post gres://x"}, "none that SQLAlchemy reads"),
    ],
)
def test_a_wrong_address_is_said(tmp_path: Path, settings: dict[str, str], says: str) -> None:
    with pytest.raises(ConversationsError, match=says):
        sql_store.from_endpoint(settings, tmp_path)
