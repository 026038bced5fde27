"""The audit log as admins read it: filtered, in pages, or whole as CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Final

from sqlalchemy import select

from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import AuditEntry

PAGE: Final = 50
_BATCH: Final = 1000
_COLUMNS: Final = ("at", "actor", "via", "action", "ticket", "details", "address")


@dataclass(frozen=True)
class Filter:
    """Which entries; what is empty lets all pass.

    Attributes:
        actor: Name of who did it, or the start of it.
        action: What was done.
        ticket_id: To which conversation.
        since: Seconds since 1970, inclusive.
        until: Seconds since 1970, exclusive.
    """

    actor: str = ""
    action: str = ""
    ticket_id: int | None = None
    since: float | None = None
    until: float | None = None


def page(session: Any, wanted: Filter, before: int | None) -> dict[str, Any]:
    """Return the latest entries before an id, and whether there are more."""
    query = _query(wanted).order_by(AuditEntry.id.desc()).limit(PAGE + 1)
    if before is not None:
        query = query.where(AuditEntry.id < before)
    found = [_entry(entry) for entry in session.scalars(query)]
    actions = session.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action))
    return {"entries": found[:PAGE], "more": len(found) > PAGE, "actions": list(actions)}


def as_csv(store: Store, wanted: Filter) -> Iterator[str]:
    """Yield the entries as lines of CSV, the oldest first; a batch is one short read."""
    yield _line(_COLUMNS)
    after = 0
    while True:
        query = _query(wanted).where(AuditEntry.id > after).order_by(AuditEntry.id).limit(_BATCH)
        with store.read() as session:
            found = [_entry(entry) for entry in session.scalars(query)]
        if not found:
            return
        after = found[-1]["id"]
        yield "".join(_line(_cells(entry)) for entry in found)


def _query(wanted: Filter) -> Any:
    query = select(AuditEntry)
    if wanted.actor:
        query = query.where(AuditEntry.actor.startswith(wanted.actor, autoescape=True))
    if wanted.action:
        query = query.where(AuditEntry.action == wanted.action)
    if wanted.ticket_id is not None:
        query = query.where(AuditEntry.ticket_id == wanted.ticket_id)
    if wanted.since is not None:
        query = query.where(AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(AuditEntry.at < wanted.until)
    return query


def _entry(entry: AuditEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": entry.at,
        "actor": entry.actor,
        "via": entry.via,
        "action": entry.action,
        "ticket": entry.ticket_id,
        "details": entry.details,
        "address": entry.address,
    }


def _cells(entry: dict[str, Any]) -> list[str]:
    moment = datetime.fromtimestamp(entry["at"], timezone.utc).isoformat(timespec="milliseconds")
    details = json.dumps(entry["details"], ensure_ascii=False) if entry["details"] else ""
    ticket = "" if entry["ticket"] is None else str(entry["ticket"])
    middle = [entry["actor"], entry["via"], entry["action"], ticket, details, entry["address"]]
    return [moment, *map(_harmless, middle)]


def _harmless(cell: str) -> str:
    """A spreadsheet would run what begins like a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell


def _line(cells: Any) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()
