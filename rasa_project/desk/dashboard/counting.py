"""Counts tickets by SQL: totals, groups, and how waiting and handling times are spread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import and_, case, func, select

from rasa_project.desk.dashboard.period import Period
from rasa_project.desk.store.figures import UNCLEAR
from rasa_project.desk.store.models import TicketFigures, TicketReason
from rasa_project.desk.tickets import states

# Valence within one emotion differs by less; a smaller step is the model's noise, not a recovery.
RECOVERY_STEP: Final = 0.1
HAPPY_RATING: Final = 4  # of 5: "good" and "very good" are satisfied customers
MAX_GROUPS: Final = 50
TIMES: Final = ("waited", "handled")
UNKNOWN: Final = ""

_F: Final = TicketFigures.__table__.c
_NUMBERS: Final = (
    *("tickets", "closed", "answered", "abandoned", "served", "reopened", "compared"),
    *("recovered", "rated", "rating_sum", "happy"),
)
Times = tuple[int | None, int | None]  # median and 90th percentile, seconds
_NO_TIMES: Final[Times] = (None, None)
GROUPS: Final = {"channel": _F.channel, "language": _F.language, "intent": _F.intent}


@dataclass(frozen=True)
class Selection:
    """Which tickets are counted: those that came within a period, of certain kinds.

    Attributes:
        period: When they came to the desk.
        only: Columns of `GROUPS` and the value that is looked for; empty for "not known".
    """

    period: Period
    only: tuple[tuple[str, str], ...] = ()

    def before(self) -> Selection:
        """Return the same kinds in the period before."""
        return Selection(self.period.before(), self.only)

    @property
    def where(self) -> Any:
        """The SQL condition."""
        kinds = [
            GROUPS[name].is_(None) if value == UNKNOWN else GROUPS[name] == value
            for name, value in self.only
        ]
        period = self.period
        return and_(_F.opened_at >= period.start, _F.opened_at < period.end, *kinds)


def total(session: Any, selection: Selection) -> dict[str, Any]:
    """Count all tickets of a selection."""
    return _grouped(session, selection.where, _F.ticket_id * 0).get(0) or _figures()


def over_time(session: Any, selection: Selection) -> list[dict[str, Any]]:
    """Count by hour, day or week; times without a ticket have a row as well."""
    period = selection.period
    found = _grouped(session, selection.where, period.slot(_F.opened_at))
    return [
        {"start": start, **(found.get(number) or _figures())}
        for number, start in period.starts().items()
    ]


def by_group(session: Any, selection: Selection, name: str) -> list[dict[str, Any]]:
    """Count by channel, language or intent, the largest group first."""
    found = _grouped(session, selection.where, func.coalesce(GROUPS[name], UNKNOWN))
    rows = [{"key": key, **figures} for key, figures in found.items()]
    return sorted(rows, key=lambda row: (-row["tickets"], row["key"]))[:MAX_GROUPS]


def reasons(session: Any, selection: Selection) -> list[dict[str, Any]]:
    """Count the signals for which tickets came; one ticket may have several."""
    reason = TicketReason.__table__.c
    query = (
        select(reason.signal, func.count())
        .join_from(
            TicketFigures.__table__, TicketReason.__table__, _F.ticket_id == reason.ticket_id
        )
        .where(selection.where)
        .group_by(reason.signal)
        .order_by(func.count().desc(), reason.signal)
        .limit(MAX_GROUPS)
    )
    return [{"key": key, "tickets": count} for key, count in session.execute(query)]


def emotions(session: Any, selection: Selection) -> list[dict[str, Any]]:
    """Count how customers felt when they came, and at the end of what was closed."""
    arrived = _count_by(session, _F.arrival_emotion, selection.where)
    # Who wrote nothing more that was clear left as they came, as far as anybody can tell.
    ended = _count_by(
        session, func.coalesce(_F.end_emotion, _F.arrival_emotion),
        and_(selection.where, _F.closed_at.is_not(None)),
    )  # fmt: skip
    names = sorted({*arrived, *ended}, key=lambda name: (-arrived.get(name, 0), name))
    rows = [
        {"key": name, "arrival": arrived.get(name, 0), "end": ended.get(name, 0)} for name in names
    ]
    return sorted(rows, key=lambda row: row["key"] == UNCLEAR)


def ratings(session: Any, selection: Selection) -> list[dict[str, Any]]:
    """Count the customers' ratings, from very bad (1) to very good (5)."""
    found = _count_by(session, _F.rating, selection.where)
    return [{"key": rating, "answers": found.get(rating, 0)} for rating in range(1, 6)]


def choices(session: Any, period: Period) -> dict[str, list[str]]:
    """List the channels, languages and intents of a period, to choose from."""
    where = Selection(period).where
    return {
        name: sorted(
            session.scalars(
                select(func.coalesce(column, UNKNOWN)).where(where).distinct().limit(200)
            )
        )
        for name, column in GROUPS.items()
    }


def _grouped(session: Any, where: Any, group: Any) -> dict[Any, dict[str, Any]]:
    group = group.label("grp")
    query = select(group, *_counts()).where(where).group_by(group)
    rows = {row[0]: row._mapping for row in session.execute(query)}
    times = {name: _spread(session, where, group, _F[name]) for name in TIMES}
    return {
        key: _figures(row, *(times[name].get(key, _NO_TIMES) for name in TIMES))
        for key, row in rows.items()
    }


def _counts() -> list[Any]:
    better = _F.end_valence - _F.arrival_valence >= RECOVERY_STEP
    comparable = and_(_F.end_valence.is_not(None), _F.arrival_valence.is_not(None))
    served = _F.state.in_((states.RESOLVED, states.BOT))
    return [
        func.count().label("tickets"),
        func.count(_F.closed_at).label("closed"),
        func.count(_F.waited).label("answered"),
        _how_many(_F.state == states.ABANDONED).label("abandoned"),
        _how_many(served).label("served"),
        _how_many(and_(served, _F.reopened_at.is_not(None))).label("reopened"),
        _how_many(comparable).label("compared"),
        _how_many(and_(comparable, better)).label("recovered"),
        func.count(_F.rating).label("rated"),
        func.coalesce(func.sum(_F.rating), 0).label("rating_sum"),
        _how_many(_F.rating >= HAPPY_RATING).label("happy"),
    ]


def _how_many(condition: Any) -> Any:
    return func.count(case((condition, 1)))


def _spread(session: Any, where: Any, group: Any, column: Any) -> dict[Any, Times]:
    """Find median and 90th percentile of each group, exact to the second.

    The database counts how many tickets took how many seconds, which costs a third of ranking them
    by a window function; what is left to do is to count up to the middle.
    """
    query = (
        select(group, column, func.count())
        .where(where, column.is_not(None))
        .group_by(group, column)
        .order_by(group, column)
    )
    counts: dict[Any, list[tuple[int, int]]] = {}
    for key, seconds, count in session.execute(query):
        counts.setdefault(key, []).append((seconds, count))
    return {key: (nearest(found, 0.5), nearest(found, 0.9)) for key, found in counts.items()}


def nearest(counts: list[tuple[int, int]], share: float) -> int | None:
    """Return the value at a share of all, by nearest rank.

    Args:
        counts: Values in rising order, each with how often it occurs.
        share: 0 to 1.
    """
    place = share * sum(count for _, count in counts)
    seen = 0
    for value, count in counts:
        seen += count
        if seen >= place:
            return value
    return None


def _figures(
    row: Mapping[str, Any] | None = None, waited: Times = _NO_TIMES, handled: Times = _NO_TIMES
) -> dict[str, Any]:
    """Put together what is told of a group; a share of nothing is unknown, not zero."""
    row = row or {}
    get = {name: int(row.get(name) or 0) for name in _NUMBERS}
    return {
        **{name: get[name] for name in ("tickets", "closed", "answered", "abandoned", "rated")},
        "waited_median": waited[0],
        "waited_p90": waited[1],
        "handled_median": handled[0],
        "handled_p90": handled[1],
        "recovered": _share(get["recovered"], get["compared"]),
        "compared": get["compared"],
        "reopened": _share(get["reopened"], get["served"]),
        "rating": _share(get["rating_sum"], get["rated"]),
        "happy": _share(get["happy"], get["rated"]),
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _count_by(session: Any, column: Any, where: Any) -> dict[Any, int]:
    query = select(column, func.count()).where(where, column.is_not(None)).group_by(column)
    return dict(session.execute(query).all())
