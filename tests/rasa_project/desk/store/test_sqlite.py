"""What only the SQLite file has to hold."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from rasa_project.desk.store.database import Store
from rasa_project.errors import StartError


def test_the_database_writes_ahead_and_checks_references(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'desk.db'}")
    store.open()
    with store.engine.connect() as connection:
        pragmas = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys")
        ]
    store.close()
    assert pragmas == ["wal", 1]


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "desk.db"
    file.write_text("a shopping list, " * 100)
    with pytest.raises(StartError, match="file is not a database"):
        Store(f"sqlite:///{file}").open()
    assert file.read_text().startswith("a shopping list")


def test_a_half_done_migration_leaves_nothing(tmp_path: Path) -> None:
    file = tmp_path / "desk.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE cursors (name TEXT)")  # the last one to be made
    with pytest.raises(StartError, match="cursors already exists"):
        Store(f"sqlite:///{file}").open()
    with sqlite3.connect(file) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        assert names.fetchall() == [("cursors",)]
