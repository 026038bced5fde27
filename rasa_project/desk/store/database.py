"""The desk's database: opened, brought up to date, and used in whole transactions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import DatabaseError

from rasa_project.database.backends import BACKENDS
from rasa_project.database.faults import reason_of
from rasa_project.database.transactions import Transactions
from rasa_project.desk.store import figures
from rasa_project.errors import StartError

MIGRATIONS = Path(__file__).parent / "migrations"


class Store(Transactions):
    """The desk's database.

    Args:
        url: SQLAlchemy URL of a SQLite file, which need not exist yet, or of a PostgreSQL database.
    """

    def __init__(self, url: str) -> None:
        address = make_url(url)
        super().__init__(BACKENDS[address.get_backend_name()](address))
        event.listen(self._writers, "after_flush", figures.follow)

    @property
    def engine(self) -> Engine:
        """The engine that reads, for tests."""
        engine: Engine = self._database.engine
        return engine

    @property
    def sessions(self) -> Any:
        """The factory of the sessions that write, for those who listen to what is written."""
        return self._writers

    def open(self) -> None:
        """Run the migrations that the database has not had; make it where it is a missing file.

        Raises:
            StartError: It cannot be read or written, or is no database of the desk.
        """
        with self._told_of_faults():
            self._database.make()
            self.migrate()

    def hold(self) -> None:
        """Keep other desk processes off this database as long as this process lives.

        Raises:
            StartError: Another process has it, or it cannot be used.
        """
        with self._told_of_faults():
            self._database.hold()

    def check_hold(self) -> None:
        """Hold that no other desk process has taken over.

        Raises:
            StartError: One has, while this one's connection was lost. Nothing was written since.
        """
        self._database.check_hold()

    def migrate(self, revision: str = "head") -> None:
        """Bring the tables to a revision, all the way or not at all."""
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with self._database.writer.connect().execution_options(writes=True) as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, revision)

    @contextmanager
    def _told_of_faults(self) -> Iterator[None]:
        try:
            yield
        except (OSError, DatabaseError, CommandError) as error:
            reason = reason_of(error)
            raise StartError(
                f"The desk's database {self._database.name} cannot be used: {reason}. "
                f"ATTUNE_DESK_DB names it. {self._database.advice}; restore it from a "
                "backup or name another, and the desk reads all conversations anew."
            ) from error
