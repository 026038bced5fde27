"""A desk, a Rasa to go with it, and agents."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from rasa_project.desk.store.database import Store
from tests.postgresql import PostgresqlServer
from tests.rasa_project.desk.desk_process import DeskProcess, Person
from tests.rasa_project.desk.rasa_like import RasaLike


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, once on each kind that the desk runs on."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'desk.db'}"
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    return server.copy_of_template(_make_tables)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables, once on each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    return server.empty_database()


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An empty store with all its tables, once on each kind of database."""
    store = Store(database_url)
    store.open()
    yield store
    store.close()


def _make_tables(url: str) -> None:
    store = Store(url)
    store.open()
    store.close()


@pytest.fixture
async def rasa(tmp_path: Path) -> AsyncIterator[RasaLike]:
    """A running server with Rasa's endpoints."""
    server = RasaLike(tmp_path)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def desk(rasa: RasaLike, tmp_path: Path) -> AsyncIterator[DeskProcess]:
    """A running desk."""
    process = DeskProcess(rasa, tmp_path)
    await process.start()
    yield process
    await process.end()


@pytest.fixture
async def li(desk: DeskProcess) -> AsyncIterator[Person]:
    """The first agent, signed in with a password of her own."""
    person = Person(desk)
    await person.enter("agent", desk.one_time_password(), "Li", "a password of Li's")
    yield person
    await person.close()
