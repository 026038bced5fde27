"""A span of days in somebody's time zone, and its division into hours, days or weeks.

Dates are the viewer's: a day begins at midnight where they are, and on the days on which clocks
change it has 23 or 25 hours. The division is an integer that SQL computes from whole seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import case, literal

from rasa_project.desk.errors import RequestError

HOUR: Final = "hour"
DAY: Final = "day"
WEEK: Final = "week"
# More points than this are neither seen in a chart nor read in a table.
MAX_DAYS: Final = {HOUR: 31, DAY: 731, WEEK: 3_660}
FIRST_DAY: Final = date(2000, 1, 1)
LAST_DAY: Final = date(2100, 1, 1)
_LENGTH: Final = {HOUR: 3_600, DAY: 86_400, WEEK: 7 * 86_400}
_MONDAY: Final = 4 * 86_400  # 1970 began on a Thursday


@dataclass(frozen=True)
class Period:
    """Whole days, the first and the last one included.

    Attributes:
        first: First day.
        last: Last day, not before the first.
        zone: In which they are days.
        by: `HOUR`, `DAY` or `WEEK`; weeks begin on Monday.
    """

    first: date
    last: date
    zone: ZoneInfo
    by: str = DAY

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def start(self) -> int:
        """Its first second, since 1970."""
        return _midnight(self.first, self.zone)

    @property
    def end(self) -> int:
        """The second after its last one."""
        return _midnight(self.last + timedelta(days=1), self.zone)

    def before(self) -> Period:
        """Return the period of the same length that ends where this one begins."""
        length = timedelta(days=self.days)
        return replace(self, first=self.first - length, last=self.last - length)

    def slot(self, seconds: Any) -> Any:
        """Make the SQL expression that numbers hours, days or weeks.

        Args:
            seconds: A column of whole seconds since 1970.
        """
        return (seconds + self._shift(seconds)) / _LENGTH[self.by]

    def starts(self) -> dict[int, int]:
        """List all numbers of `slot` in this period, each with its first second."""
        found: dict[int, int] = {}
        for second in self._beginnings():
            found.setdefault(self._number(second), second)
        return found

    def _beginnings(self) -> Iterator[int]:
        if self.by == HOUR:
            yield from range(self.start, self.end, 3_600)
        else:
            for day in range(self.days):
                yield _midnight(self.first + timedelta(days=day), self.zone)

    def _number(self, second: int) -> int:
        return (second + self._added(_offset(second, self.zone))) // _LENGTH[self.by]

    def _shift(self, seconds: Any) -> Any:
        """Make the expression that brings a time to the viewer's clock."""
        changes = _changes(self.start, self.end, self.zone)
        last = literal(self._added(changes[-1][1]))
        if len(changes) == 1:
            return last
        until = pairwise(changes)
        return case(
            *((seconds < after, self._added(offset)) for (_, offset), (after, _) in until),
            else_=last,
        )

    def _added(self, offset: int) -> int:
        if self.by == HOUR:
            return offset % 3_600  # an hour that comes twice stays two hours
        return offset if self.by == DAY else offset - _MONDAY


def read(first: str, last: str, zone: str, by: str) -> Period:
    """Make a period of what a page asks for.

    Args:
        first: Date such as 2026-03-01.
        last: Date.
        zone: Name of a time zone such as Europe/Berlin.
        by: One of `HOUR`, `DAY` and `WEEK`.

    Raises:
        RequestError: A date or the zone is none, or the period is too long to be divided so.
    """
    period = Period(_date("first", first), _date("last", last), _zone(zone), by)
    if period.last < period.first:
        raise RequestError(400, "period", "The period ends before it begins.")
    if period.days > MAX_DAYS[by]:
        raise RequestError(
            400, "period_too_long",
            f"By the {by} a period can have {MAX_DAYS[by]} days at most. "
            "Choose a shorter one, or larger steps.", maximum=MAX_DAYS[by],
        )  # fmt: skip
    return period


def _date(name: str, value: str) -> date:
    try:
        found = date.fromisoformat(value)
    except ValueError:
        found = None
    if found is None or not FIRST_DAY <= found <= LAST_DAY:
        raise RequestError(
            400, "date", f"`{name}` must be a date such as 2026-03-01, from 2000 to 2099."
        )
    return found


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:  # a path, a folder, a name that is none
        raise RequestError(
            400, "zone", "`zone` must be a time zone such as Europe/Berlin or UTC."
        ) from error


def _midnight(day: date, zone: ZoneInfo) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())


def _offset(second: int, zone: ZoneInfo) -> int:
    there = datetime.fromtimestamp(second, timezone.utc).astimezone(zone)
    offset = there.utcoffset()
    return int(offset.total_seconds()) if offset else 0


def _changes(start: int, end: int, zone: ZoneInfo) -> list[tuple[int, int]]:
    """List from which second on clocks are how far ahead of UTC, the start's own first."""
    found = [(start, _offset(start, zone))]
    for day in range(start, end, 86_400):
        until = min(day + 86_400, end)
        if _offset(until, zone) != found[-1][1]:
            at = _first_after(day, until, zone)
            found.append((at, _offset(at, zone)))
    return found


def _first_after(low: int, high: int, zone: ZoneInfo) -> int:
    """Find the second between two at which the clocks change."""
    before = _offset(low, zone)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(middle, zone) == before:
            low = middle
        else:
            high = middle
    return high
