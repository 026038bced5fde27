from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import IntegrityError

from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import Base, Conversation, Message, Ticket
from rasa_project.errors import StartError
from tests.rasa_project.database import migrating

ADDITIONS = 10
OPENING = """
from rasa_project.desk.store.database import Store
Store(url).open()
"""


def ticket(conversation: str, state: str) -> Ticket:
    return Ticket(
        conversation_id=conversation, state=state, heat=0, evidence=0, sort_key=0, reasons=[],
        opened_at=1.0,
    )  # fmt: skip


def test_the_migrations_make_the_tables_that_the_models_describe(store: Store) -> None:
    with store.engine.connect() as connection:
        assert migrating.differences(connection, Base.metadata, "alembic_version") == []
    assert set(inspect(store.engine).get_table_names()) == {
        *Base.metadata.tables,
        "alembic_version",
    }


def test_opening_again_keeps_what_is_there(store: Store, database_url: str) -> None:
    with store.write() as session:
        session.add(Conversation(id="one", last_seen=1.0, slots={"a": "b"}))
    again = Store(database_url)
    again.open()
    with again.read() as session:
        assert session.scalar(select(Conversation.slots)) == {"a": "b"}
    again.close()


def test_references_are_checked(store: Store) -> None:
    orphan = Message(conversation_id="nobody", sender="bot", text="", timestamp=1.0)
    with pytest.raises(IntegrityError), store.write() as session:
        session.add(orphan)


def test_a_failed_transaction_leaves_nothing(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.write() as session:
        session.add(Conversation(id="one", last_seen=1.0, slots={}))
        session.flush()
        1 / 0  # noqa: B018  # any fault in the middle
    with store.read() as session:
        assert session.scalars(select(Conversation)).all() == []


def test_a_conversation_has_one_open_ticket_and_any_number_of_closed_ones(store: Store) -> None:
    with store.write() as session:
        session.add(Conversation(id="one", last_seen=1.0, slots={}))
        session.flush()
        session.add_all([ticket("one", "bot"), ticket("one", "resolved"), ticket("one", "queued")])
    with pytest.raises(IntegrityError), store.write() as session:
        session.add(ticket("one", "agent"))


def test_a_state_that_is_none_cannot_be_stored(store: Store) -> None:
    with store.write() as session:
        session.add(Conversation(id="one", last_seen=1.0, slots={}))
    with pytest.raises(IntegrityError), store.write() as session:
        session.add(ticket("one", "lost"))


def test_a_database_of_a_later_version_is_refused(store: Store) -> None:
    with store.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StartError, match="9999"):
        store.open()


def test_a_second_process_is_kept_off(store: Store, database_url: str) -> None:
    store.hold()
    second = Store(database_url)
    with pytest.raises(StartError, match="Another desk process"):
        second.hold()
    store.close()
    second.hold()
    second.close()


def test_what_was_read_still_holds_when_it_is_written(store: Store, database_url: str) -> None:
    """Read, add one, write, in four threads with a store each: no addition is lost."""
    with store.write() as session:
        session.add(Conversation(id="one", last_seen=0.0, slots={}))

    def add(_number: int) -> None:
        other = Store(database_url)
        for _ in range(ADDITIONS):
            with other.write() as session:
                conversation = session.get(Conversation, "one")
                time.sleep(0.001)
                conversation.last_seen += 1.0
        other.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(4)))
    with store.read() as session:
        assert session.get(Conversation, "one").last_seen == 4 * ADDITIONS


def test_a_reader_sees_one_state_of_the_database(store: Store) -> None:
    with store.write() as session:
        session.add(Conversation(id="one", last_seen=0.0, slots={}))
    query = select(Conversation.last_seen)
    with store.read() as reader:
        before = reader.scalar(query)
        with store.write() as session:
            session.get(Conversation, "one").last_seen = 1.0
        assert (before, reader.scalar(query)) == (0.0, 0.0)
    with store.read() as reader:
        assert reader.scalar(query) == 1.0


@pytest.mark.parametrize("statement", [2, 9, 30])
def test_a_migration_that_is_killed_in_the_middle_is_undone_and_done_again(
    empty_database_url: str, statement: int
) -> None:
    migrating.kill_over(OPENING, empty_database_url, statement)
    store = Store(empty_database_url)
    assert inspect(store.engine).get_table_names() == []
    store.open()
    assert set(inspect(store.engine).get_table_names()) == {
        *Base.metadata.tables,
        "alembic_version",
    }
    store.close()
