"""Which databases there are."""

from __future__ import annotations

from typing import Final

from rasa_project.database.postgresql import PostgresqlDatabase
from rasa_project.database.sqlite import SqliteDatabase

BACKENDS: Final[dict[str, type[SqliteDatabase] | type[PostgresqlDatabase]]] = {
    "sqlite": SqliteDatabase,
    "postgresql": PostgresqlDatabase,
}
