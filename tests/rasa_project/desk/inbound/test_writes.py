from __future__ import annotations

import sqlite3
from pathlib import Path

from rasa_project.desk.inbound.writes import Writes


def test_a_commit_of_another_connection_is_noticed_once(tmp_path: Path) -> None:
    file = tmp_path / "tracker.db"
    writes = Writes(file)
    assert writes.noticed() is False  # the file is not there yet
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE events (id INTEGER)")
    assert writes.noticed() is False  # a beginning is no change
    with sqlite3.connect(file) as connection:
        connection.execute("INSERT INTO events VALUES (1)")
    assert [writes.noticed(), writes.noticed()] == [True, False]
    connection.close()
    writes.close()
