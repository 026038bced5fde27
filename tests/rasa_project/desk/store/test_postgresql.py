"""What only PostgreSQL has to hold: a server that is elsewhere, and goes and comes."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg2
import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from rasa_project.database import postgresql as postgresql_store
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import Conversation
from rasa_project.errors import StartError
from tests.postgresql import PostgresqlServer

pytestmark = pytest.mark.services


@pytest.fixture
def url(postgresql: PostgresqlServer) -> str:
    return postgresql.empty_database()


@pytest.fixture
def held(url: str) -> Iterator[Store]:
    """A store that a desk holds."""
    store = Store(url)
    store.hold()
    store.open()
    yield store
    store.close()


def cut_off(server: PostgresqlServer) -> None:
    """End every connection, as a restart of the server or a broken network does."""
    server.ask(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
        "AND application_name = 'attune desk'"
    )


def add(store: Store, name: str) -> None:
    with store.write() as session:
        session.add(Conversation(id=name, last_seen=1.0, slots={"a": ["b", None]}))


def names(store: Store) -> list[str]:
    with store.read() as session:
        return list(session.scalars(select(Conversation.id).order_by(Conversation.id)))


def test_a_desk_whose_connection_was_cut_goes_on(held: Store, postgresql: PostgresqlServer) -> None:
    add(held, "before")
    cut_off(postgresql)
    add(held, "after")
    assert names(held) == ["after", "before"]


def test_a_desk_that_was_taken_over_writes_nothing_and_says_so(
    held: Store, url: str, postgresql: PostgresqlServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql_store, "_TAKE_OVER_SECONDS", 0.1)
    cut_off(postgresql)
    second = Store(url)
    second.hold()
    with pytest.raises(StartError, match="Another desk process"):
        add(held, "too late")
    with pytest.raises(StartError, match="Another desk process"):
        held.check_hold()
    add(second, "mine")
    assert names(second) == ["mine"]
    second.close()


def test_a_server_that_is_away_is_no_reason_to_end(url: str, postgresql: PostgresqlServer) -> None:
    store = Store(url)
    store.hold()
    store.open()
    postgresql.stop()
    store.check_hold()
    with pytest.raises(DatabaseError):
        add(store, "lost")
    postgresql.start()
    add(store, "kept")
    assert names(store) == ["kept"]
    store.close()


def test_a_reader_cannot_write(held: Store) -> None:
    with pytest.raises(DatabaseError, match="read-only transaction"), held.read() as session:
        session.add(Conversation(id="one", last_seen=1.0, slots={}))
        session.flush()


def test_a_database_that_is_not_there_is_told_without_its_password(
    postgresql: PostgresqlServer,
) -> None:
    url = postgresql.url("nothing").replace("attune@", "attune:secret@")
    with pytest.raises(StartError, match='database "nothing" does not exist') as refused:
        Store(url).open()
    assert "secret" not in str(refused.value)
    with pytest.raises(psycopg2.OperationalError):
        postgresql.ask("SELECT 1", database="nothing")
