"""Tables that can change: a store's migrations, run when its database is opened.

A store has a folder with one Alembic migration a file and nothing else, and a table of its own for
the revision that its tables are at, so that several stores may share a database:

    MIGRATIONS = Migrations(Path(__file__).parent / "migrations", "shop_revision", baseline="0001")
    MIGRATIONS.bring_up(connection)
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import create_engine, inspect

_HEAD: Final = "head"
# Alembic's `op` is one for the whole process.
_one_at_a_time: Final = threading.RLock()

Tables = dict[str, set[str]]
Steps = Callable[[Any], Iterable[Any]]


class UnknownSchema(Exception):
    """A database's tables are none that this version can use; the message says why."""


class Migrations:
    """The migrations of one store.

    Args:
        folder: Of the files; each has a `revision`, a `down_revision`, `upgrade` and `downgrade`.
        table: Keeps the revision; none of its name may belong to another store.
        baseline: The revision that makes the tables as they were before there were migrations; a
            database of that time counts as being there.
    """

    def __init__(self, folder: Path, table: str, baseline: str) -> None:
        self._folder = folder
        self._table = table
        self._baseline = baseline

    def bring_up(self, connection: Any, revision: str = _HEAD) -> None:
        """Bring the tables to a revision, all the way or not at all.

        Args:
            connection: Of a transaction that nobody else can write beside; the caller commits it.
            revision: The latest, unless a test says otherwise.

        Raises:
            UnknownSchema: A later version made the tables, or something else that is no version.
        """
        with _one_at_a_time:
            script = _script(self._folder)
            at = self.revision(connection)
            if at is not None:
                _require_known(script, at)
            elif self._is_older(connection):
                self._run(connection, lambda heads: script._stamp_revs(self._baseline, heads))
            self._run(connection, lambda heads: script._upgrade_revs(revision, heads))

    def take_down(self, connection: Any, revision: str) -> None:
        """Bring the tables back to an earlier revision, which forgets what came with later ones."""
        with _one_at_a_time:
            script = _script(self._folder)
            self._run(connection, lambda heads: script._downgrade_revs(revision, heads))

    def revision(self, connection: Any) -> str | None:
        """Return what the tables are at, none where nobody has noted it."""
        context = MigrationContext.configure(connection, opts={"version_table": self._table})
        found: str | None = context.get_current_revision()
        return found

    def _is_older(self, connection: Any) -> bool:
        """Say whether the tables are those of the time before there were migrations.

        Raises:
            UnknownSchema: They are there in part.
        """
        found = _tables(connection)
        if not found:
            return False
        baseline = _made_by(self._folder, self._baseline, self._table)
        if not baseline.keys() & found.keys():
            return False
        for table, columns in baseline.items():
            if missing := sorted(columns - found.get(table, set())):
                raise UnknownSchema(
                    f"its table {table} lacks {', '.join(missing)}, so that no version can have "
                    "made it"
                )
        return True

    def _run(self, connection: Any, steps: Steps) -> None:
        _run(connection, self._folder, self._table, steps)


def _run(connection: Any, folder: Path, table: str, steps: Steps) -> None:
    script = _script(folder)
    with EnvironmentContext(Config(), script, fn=lambda heads, _: steps(heads)) as environment:
        environment.configure(
            connection=connection,
            version_table=table,
            transactional_ddl=True,  # SQLite can, since transactions here begin by themselves
        )
        environment.run_migrations()


def _script(folder: Path) -> ScriptDirectory:
    return ScriptDirectory(str(folder), version_locations=[str(folder)])


def _require_known(script: ScriptDirectory, revision: str) -> None:
    try:
        known = script.get_revision(revision)
    except CommandError:
        known = None
    if known is None:
        raise UnknownSchema(
            f"a later version has brought its tables to revision {revision}, and this version "
            f"knows them up to {script.get_current_head()}. Run that version, or restore the "
            "backup that was made before it"
        )


@lru_cache
def _made_by(folder: Path, revision: str, table: str) -> Tables:
    """Return the tables that the migrations up to a revision make, by making them in memory."""
    engine = create_engine("sqlite://", future=True)
    with engine.connect() as connection:
        script = _script(folder)
        _run(connection, folder, table, lambda heads: script._upgrade_revs(revision, heads))
        found = _tables(connection)
    engine.dispose()
    del found[table]
    return found


def _tables(connection: Any) -> Tables:
    known = inspect(connection)
    return {
        table: {column["name"] for column in known.get_columns(table)}
        for table in known.get_table_names()
        if not table.startswith("sqlite_")  # its own
    }
