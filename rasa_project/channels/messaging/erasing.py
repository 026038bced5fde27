"""What the messaging channels hold of conversations: counted, given out, and deleted.

Of a conversation `channel:customer`, which no other store needs to know.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from sqlalchemy import and_, delete, false, func, inspect, or_, select

from rasa_project.channels.files.vault import Vault
from rasa_project.channels.messaging.database import Database
from rasa_project.channels.messaging.tables import Customer, File, Outgoing, Received
from rasa_project.channels.messaging.turn import customer_in, short

_TABLES: Final[dict[str, Any]] = {
    "messages received": Received,
    "messages to send": Outgoing,
    "files": File,
    "customers": Customer,
}


class ChannelRows:
    """The rows of the channels' database, and the files that they name.

    Args:
        database: Opened or not; tables that it lacks hold nothing.
        folders: Where files may lie.
    """

    def __init__(self, database: Database, folders: Iterable[Path]) -> None:
        self._database = database
        self._vaults = [Vault(folder) for folder in folders]

    def count(self, senders: Sequence[str]) -> dict[str, int]:
        """Count the rows of conversations, by what they are."""
        with self._database.read() as session:
            return {
                what: count
                for what, table in self._tables(session).items()
                if (
                    count := session.scalar(
                        select(func.count()).select_from(table).where(_theirs(table, senders))
                    )
                )
            }

    def export(self, senders: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
        """Return the rows of conversations, JSON-ready, by what they are."""
        with self._database.read() as session:
            return {
                what: rows
                for what, table in self._tables(session).items()
                if (
                    rows := [
                        dict(row)
                        for row in session.execute(
                            select(table.__table__).where(_theirs(table, senders))
                        ).mappings()
                    ]
                )
            }

    def erase(self, senders: Sequence[str]) -> None:
        """Delete files and rows; the rows go last, for who is stopped midway finds them by these.

        What a server has just in hand ends without a row.
        """
        with self._database.write() as session:
            tables = self._tables(session)
            if File in tables.values():
                for file_id in session.scalars(select(File.id).where(_theirs(File, senders))):
                    for vault in self._vaults:
                        vault.remove(file_id)
            for table in tables.values():
                session.execute(
                    delete(table).where(_theirs(table, senders)),
                    execution_options={"synchronize_session": False},
                )

    def empty_log(self) -> bool:
        """Leave nothing of what was deleted beside the database; False where readers are slow."""
        return self._database.empty_log()

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def _tables(self, session: Any) -> dict[str, Any]:
        """Return the tables that are there: no server may have been started yet."""
        there = set(inspect(session.connection()).get_table_names())
        return {what: one for what, one in _TABLES.items() if one.__tablename__ in there}


def _theirs(table: Any, senders: Sequence[str]) -> Any:
    who = [
        and_(table.channel == channel, table.customer == short(customer_in(sender, channel)))
        for sender in senders
        for channel, colon, _ in [sender.partition(":")]
        if colon
    ]
    return or_(*who) if who else false()
