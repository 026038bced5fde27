"""What the tests of stores with migrations share: comparing tables, and starts that go wrong.

A store is opened in processes of their own by a piece of Python that finds the address in `url`.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

_KILLED: Final = """
import os, signal, sys
from sqlalchemy import event
from sqlalchemy.engine import Engine
url, left = sys.argv[1], int(sys.argv[2])
def count(connection, *_):
    global left
    left -= connection.engine.url.database is not None  # what is made in memory is no store
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
event.listen(Engine, "after_cursor_execute", count)
"""
_AT_ONCE: Final = """
import importlib, os, sys
url, count = sys.argv[1], int(sys.argv[2])
for module in sys.argv[3:]:
    importlib.import_module(module)
gate, opener = os.pipe()
children = []
for _ in range(count):
    child = os.fork()
    if not child:
        os.close(opener)
        os.read(gate, 1)  # until the parent closes the other end
        break
    children.append(child)
else:
    os.close(opener)
    sys.exit(any([os.waitpid(child, 0)[1] for child in children]))
"""


def tables(connection: Any) -> set[str]:
    """Return the names of all tables but the database's own."""
    return {name for name in inspect(connection).get_table_names() if _is_ours(name)}


def differences(
    connection: Any, metadata: Any, revision: str, *, defaults: bool = False
) -> list[Any]:
    """Return what the tables are other than models say.

    Args:
        connection: To where migrations made the tables.
        metadata: The models'.
        revision: The table of the migrations themselves.
        defaults: Compare what the database itself puts where nothing is said as well.
    """
    options = {
        "compare_type": True, "compare_server_default": defaults,
        "version_table": revision, "include_name": _is_ours,
    }  # fmt: skip
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, metadata))


def statements(folder: Path, url: str) -> list[str]:
    """Return the statements that made the tables before there were migrations."""
    kind = "sqlite" if url.startswith("sqlite") else "postgresql"
    parts = (folder / f"{kind}.sql").read_text(encoding="utf-8").split(";")
    return [part.strip() for part in parts if part.strip()]


def kill_over(opening: str, url: str, statement: int) -> None:
    """Open a store in a process that is killed right after one of its statements."""
    died = subprocess.run(
        [sys.executable, "-c", _KILLED + opening, url, str(statement)],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert died.returncode == -signal.SIGKILL, died.stderr


def open_at_once(opening: str, url: str, modules: Sequence[str], count: int) -> None:
    """Open a store in several processes at the same time, forked when `modules` were loaded."""
    done = subprocess.run(
        [sys.executable, "-c", _AT_ONCE + opening, url, str(count), *modules],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def _is_ours(name: str | None, *_where: Any) -> bool:
    return not (name or "").startswith("sqlite_")
