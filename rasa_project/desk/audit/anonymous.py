"""Takes a customer's ids out of the audit log, which otherwise can only be added to.

The triggers that keep entries as they are stand aside for this transaction alone: with it they are
back, whether it is kept or not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import String, cast, or_, select, text, update

from rasa_project.desk.store.models import AuditEntry

_SQLITE_TRIGGER: Final = "audit_unchanged"
_POSTGRESQL_TRIGGER: Final = "audit_kept"


def replace(session: Any, senders: Sequence[str], stand_in: str) -> int:
    """Put a word in the place of conversations' ids; return in how many entries.

    Args:
        session: A session of `Store.write`.
        senders: Rasa's sender ids.
        stand_in: Leads back to nobody.
    """
    entries = {
        entry.id: details
        for entry in session.execute(_naming(senders))
        if (details := _without(entry.details, senders, stand_in)) != entry.details
    }
    if not entries:
        return 0
    with _unlocked(session):
        for number, details in entries.items():
            session.execute(
                update(AuditEntry).where(AuditEntry.id == number).values(details=details),
                execution_options={"synchronize_session": False},
            )
    return len(entries)


def _naming(senders: Sequence[str]) -> Any:
    written = cast(AuditEntry.details, String)
    # As it stands in the column: JSON, and no longer than the log keeps a text.
    parts = [json.dumps(_kept(sender))[1:-1] for sender in senders]
    found = or_(*(written.contains(part, autoescape=True) for part in parts))
    return select(AuditEntry.id, AuditEntry.details).where(found)


def _without(details: dict[str, Any], senders: Sequence[str], stand_in: str) -> dict[str, Any]:
    names = {_kept(sender) for sender in senders}
    return {key: stand_in if value in names else value for key, value in details.items()}


def _kept(sender: str) -> str:
    return sender[:200]


@contextmanager
def _unlocked(session: Any) -> Iterator[None]:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"ALTER TABLE audit_entries DISABLE TRIGGER {_POSTGRESQL_TRIGGER}"))
        yield
        session.execute(text(f"ALTER TABLE audit_entries ENABLE TRIGGER {_POSTGRESQL_TRIGGER}"))
        return
    query = text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = :name")
    written = session.scalar(query, {"name": _SQLITE_TRIGGER})
    session.execute(text(f"DROP TRIGGER {_SQLITE_TRIGGER}"))
    yield
    session.connection().exec_driver_sql(written)
