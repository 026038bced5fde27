"""Where the layer keeps what was received and what is still to be sent."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError

from rasa_project.database.backends import BACKENDS
from rasa_project.database.faults import reason_of
from rasa_project.database.migrations import Migrations, UnknownSchema
from rasa_project.database.transactions import Transactions
from rasa_project.errors import StartError

VARIABLE: Final = "ATTUNE_CHANNELS_DB"
MIGRATIONS: Final = Migrations(
    Path(__file__).parent / "migrations", "channel_revision", baseline="0001"
)


class Database(Transactions):
    """The layer's database; any number of server processes may share it.

    Args:
        url: SQLAlchemy URL of a SQLite file, which need not exist yet, or of a PostgreSQL database.

    Raises:
        StartError: It is neither.
    """

    def __init__(self, url: str) -> None:
        try:
            address = make_url(url)
            super().__init__(BACKENDS[address.get_backend_name()](address))
        except (ArgumentError, KeyError) as error:
            raise StartError(
                "The channels' database must be the URL of a SQLite file or of a PostgreSQL "
                f"database, such as sqlite:////srv/channels.db. {VARIABLE} names it."
            ) from error

    def open(self) -> None:
        """Run the migrations that the database has not had; make it where it is a missing file.

        Raises:
            StartError: It cannot be used, or a later version has changed its tables.
        """
        try:
            self._database.make()
            with self._database.writer.connect().execution_options(writes=True) as connection:
                MIGRATIONS.bring_up(connection)
                connection.commit()
        except (OSError, DatabaseError, UnknownSchema) as error:
            reason = reason_of(error)
            raise StartError(
                f"The channels' database {self._database.name} cannot be used: {reason}. "
                f"{VARIABLE} names it."
            ) from error


def address(project: Path | None = None) -> str:
    """Return the URL that the environment names, else that of a file in a project's `.attune`.

    Args:
        project: The project's folder; none for the one that this process runs in.
    """
    file = (project or Path()) / ".attune" / "channels.db"
    return os.environ.get(VARIABLE, "").strip() or f"sqlite:///{file}"
