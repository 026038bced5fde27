"""A shop database of its own for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from actions.orders import OrderStore
from tests.actions.carrier_server import CarrierServer


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Path of a database that does not exist yet, in a folder that does not either."""
    path = tmp_path / "state" / "shop.db"
    monkeypatch.setenv("ATTUNE_SHOP_DB", str(path))
    return path


@pytest.fixture
def store(database: Path) -> OrderStore:
    """The store on that database."""
    return OrderStore(database)


@pytest.fixture
async def carrier_server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[CarrierServer]:
    """A carrier's tracking service on loopback, named to the actions."""
    server = CarrierServer()
    monkeypatch.setenv("ATTUNE_CARRIER_URL", await server.start())
    yield server
    await server.stop()
