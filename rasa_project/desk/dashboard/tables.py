"""The dashboard's tables, as JSON for the page and as CSV for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timezone
from functools import partial
from typing import Any, Final

from sqlalchemy import select

from rasa_project.desk.dashboard import counting
from rasa_project.desk.dashboard.counting import Selection
from rasa_project.desk.store.models import Survey, TicketFigures, TicketReason

ROWS_AT_A_TIME: Final = 2_000

Load = Callable[[Any, Selection], list[dict[str, Any]]]
TABLES: Final[dict[str, Load]] = {
    "over_time": counting.over_time,
    "channel": partial(counting.by_group, name="channel"),
    "language": partial(counting.by_group, name="language"),
    "intent": partial(counting.by_group, name="intent"),
    "reasons": counting.reasons,
    "emotions": counting.emotions,
    "ratings": counting.ratings,
}
TICKET_COLUMNS: Final = (
    *("ticket", "opened", "channel", "language", "intent", "reasons", "state"),
    *("waited_seconds", "handled_seconds", "closed", "reopened"),
    *("arrival_emotion", "arrival_valence", "end_emotion", "end_valence", "rating", "comment"),
)
# A spreadsheet takes what begins so for a formula, and a customer could have written it.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def as_csv(session: Any, selection: Selection, table: str) -> str:
    """Write one of `TABLES`, times as ISO 8601 in the viewer's zone."""
    rows = TABLES[table](session, selection)
    for row in rows:
        if "start" in row:
            row["start"] = _moment(row["start"], selection)
    return _written(rows[:1], (row.values() for row in rows))


def tickets_as_csv(session: Any, selection: Selection, after: int | None) -> tuple[str, int | None]:
    """Write the next tickets of a selection.

    Args:
        session: A session of `Store.read`.
        selection: Which tickets.
        after: The last ticket that was written; none to begin, with the column's names.

    Returns:
        The lines, and what to go on after; none once all are written.
    """
    figures = TicketFigures
    where = [selection.where, figures.ticket_id > (after or 0)]
    query = select(figures).where(*where).order_by(figures.ticket_id).limit(ROWS_AT_A_TIME)
    found = session.scalars(query).all()
    numbers = [row.ticket_id for row in found]
    reasons, comments = _reasons(session, numbers), _comments(session, numbers)
    lines = (
        [*_ticket(row, reasons.get(row.ticket_id, []), selection), comments.get(row.ticket_id)]
        for row in found
    )
    head = [dict.fromkeys(TICKET_COLUMNS)] if after is None else []
    more = found[-1].ticket_id if len(found) == ROWS_AT_A_TIME else None
    return _written(head, lines), more


def _ticket(row: TicketFigures, reasons: list[str], selection: Selection) -> list[Any]:
    return [
        row.ticket_id, _moment(row.opened_at, selection), row.channel, row.language, row.intent,
        " ".join(reasons), row.state, row.waited, row.handled, _moment(row.closed_at, selection),
        _moment(row.reopened_at, selection), row.arrival_emotion, row.arrival_valence,
        row.end_emotion, row.end_valence, row.rating,
    ]  # fmt: skip


def _comments(session: Any, tickets: list[int]) -> dict[int, str]:
    query = select(Survey.ticket_id, Survey.comment).where(
        Survey.ticket_id.in_(tickets), Survey.comment.is_not(None)
    )
    return dict(session.execute(query).all())


def _reasons(session: Any, tickets: list[int]) -> dict[int, list[str]]:
    reason = TicketReason
    query = select(reason.ticket_id, reason.signal).where(reason.ticket_id.in_(tickets))
    found: dict[int, list[str]] = {}
    for ticket, signal in session.execute(query.order_by(reason.ticket_id, reason.signal)):
        found.setdefault(ticket, []).append(signal)
    return found


def _moment(seconds: int | None, selection: Selection) -> str | None:
    if seconds is None:
        return None
    there = datetime.fromtimestamp(seconds, timezone.utc).astimezone(selection.period.zone)
    return there.isoformat()


def _written(head: Iterable[dict[str, Any]], rows: Iterable[Iterable[Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    for row in head:
        out.write("\ufeff")  # without it, spreadsheets take UTF-8 for something else
        writer.writerow(row)
    writer.writerows(_cells(row) for row in rows)
    return out.getvalue()


def _cells(row: Iterable[Any]) -> Iterator[Any]:
    for value in row:
        formula = isinstance(value, str) and value.startswith(_FORMULA)
        yield f"'{value}" if formula else value
