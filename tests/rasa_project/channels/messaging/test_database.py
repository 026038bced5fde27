"""The layer's tables change with its versions, and nothing in them is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from rasa_project.channels.messaging.database import MIGRATIONS, Database
from rasa_project.channels.messaging.tables import Base, Customer, Received
from rasa_project.desk.store.database import Store
from rasa_project.errors import StartError
from tests.rasa_project.database import migrating

OLD = Path(__file__).parent / "before_migrations"
REVISION = "channel_revision"
OPENING = """
from rasa_project.channels.messaging.database import Database
Database(url).open()
"""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def url(request: pytest.FixtureRequest, database_url: str) -> str:
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgresql").empty_database())
    return database_url


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = Database(url)
    yield opened
    opened.close()


def run(database: Database, *statements: str) -> None:
    with database.write() as session:
        for statement in statements:
            session.execute(text(statement))


def tables(database: Database) -> set[str]:
    with database.read() as session:
        return migrating.tables(session.connection())


def make_as_before_migrations(database: Database, url: str) -> None:
    """Make the tables as a version without migrations did, with a turn and who said it."""
    run(database, *migrating.statements(OLD, url))
    with database.write() as session:
        session.execute(
            Received.__table__.insert().values(
                channel="telegram", customer="1", delivery_id="d-1", turn={"text": "order"},
                place=1.0, next_attempt_at=1.0, received_at=1.0,
            )
        )  # fmt: skip
        session.execute(Customer.__table__.insert().values(channel="telegram", customer="1"))


def differences(database: Database) -> list[Any]:
    with database.read() as session:
        return migrating.differences(session.connection(), Base.metadata, REVISION)


def test_the_migrations_make_the_tables_that_the_models_describe(database: Database) -> None:
    database.open()
    assert differences(database) == []
    assert tables(database) == {*Base.metadata.tables, REVISION}


def test_a_database_of_the_time_before_migrations_is_adopted_with_all_that_is_in_it(
    database: Database, url: str
) -> None:
    make_as_before_migrations(database, url)
    for _ in range(2):  # and opened again
        database.open()
        assert differences(database) == []
        with database.read() as session:
            (row,) = session.query(Received).all()
            assert (row.id, row.turn, row.state) == (1, {"text": "order"}, "pending")
            assert session.query(Customer).count() == 1


def test_who_goes_back_to_an_earlier_version_can_come_again(database: Database, url: str) -> None:
    database.open()
    with database.write() as session:
        MIGRATIONS.take_down(session.connection(), "0001")
    with database.read() as session:
        assert MIGRATIONS.revision(session.connection()) == "0001"
    database.open()
    assert differences(database) == []


def test_tables_of_a_later_version_are_refused_and_left_alone(database: Database) -> None:
    database.open()
    run(database, f"UPDATE {REVISION} SET version_num = '9999'")
    with pytest.raises(StartError) as refused:
        database.open()
    assert "a later version has brought its tables to revision 9999" in str(refused.value)
    assert "ATTUNE_CHANNELS_DB" in str(refused.value)


def test_tables_that_no_version_made_are_refused_and_left_alone(database: Database) -> None:
    run(database, "CREATE TABLE channel_workers (id VARCHAR(255) PRIMARY KEY)")
    with pytest.raises(StartError, match="channel_"):
        database.open()
    assert tables(database) == {"channel_workers"}


def test_a_server_killed_over_a_migration_leaves_what_was_there(
    database: Database, url: str
) -> None:
    make_as_before_migrations(database, url)
    before = tables(database)
    migrating.kill_over(OPENING, url, 8)
    assert tables(database) == before
    database.open()
    assert differences(database) == []


@pytest.mark.services
def test_the_desk_and_the_channels_may_share_a_database(postgresql: Any) -> None:
    url = postgresql.empty_database()
    for _ in range(2):
        for one in (Database(url), Store(url)):
            one.open()
            one.close()
