"""A shop database of its own for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.orders import OrderStore


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
