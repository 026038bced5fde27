"""A desk, a Rasa to go with it, and agents."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from rasa_project.desk.store import Store
from tests.rasa_project.desk.desk_process import DeskProcess, Person
from tests.rasa_project.desk.rasa_like import RasaLike


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store with all its tables."""
    store = Store(f"sqlite:///{tmp_path / 'desk.db'}")
    store.open()
    yield store
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
