from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select
from sqlalchemy.exc import IntegrityError

from rasa_project.desk.errors import StartError
from rasa_project.desk.models import Base, Conversation, Message, Ticket
from rasa_project.desk.store import Store


def ticket(conversation: str, state: str) -> Ticket:
    return Ticket(
        conversation_id=conversation, state=state, heat=0, evidence=0, sort_key=0, reasons=[],
        opened_at=1.0,
    )  # fmt: skip


def test_the_migrations_make_the_tables_that_the_models_describe(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    assert set(inspect(store.engine).get_table_names()) == {
        *Base.metadata.tables,
        "alembic_version",
    }


def test_opening_again_keeps_what_is_there(store: Store, tmp_path: Path) -> None:
    with store.write() as session:
        session.add(Conversation(id="one", last_seen=1.0, slots={"a": "b"}))
    again = Store(f"sqlite:///{tmp_path / 'desk.db'}")
    again.open()
    with again.read() as session:
        assert session.scalar(select(Conversation.slots)) == {"a": "b"}
    again.close()


def test_the_database_writes_ahead_and_checks_references(store: Store) -> None:
    with store.engine.connect() as connection:
        pragmas = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys")
        ]
    assert pragmas == ["wal", 1]
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


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "desk.db"
    file.write_text("a shopping list, " * 100)
    with pytest.raises(StartError, match="file is not a database"):
        Store(f"sqlite:///{file}").open()
    assert file.read_text().startswith("a shopping list")


def test_a_database_of_a_later_version_is_refused(store: Store, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "desk.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StartError, match="9999"):
        store.open()


def test_a_half_done_migration_leaves_nothing(tmp_path: Path) -> None:
    file = tmp_path / "desk.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE cursors (name TEXT)")  # the last one to be made
    with pytest.raises(StartError, match="cursors already exists"):
        Store(f"sqlite:///{file}").open()
    with sqlite3.connect(file) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        assert names.fetchall() == [("cursors",)]


def test_a_second_process_is_kept_off(store: Store, tmp_path: Path) -> None:
    store.hold()
    second = Store(f"sqlite:///{tmp_path / 'desk.db'}")
    with pytest.raises(StartError, match="Another desk process"):
        second.hold()
    second.close()
