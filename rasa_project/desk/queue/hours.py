"""When the desk is open: now, next, and so many open seconds from a moment on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from rasa_project.desk.queue.config import DAYS, DeskConfig

_LOOK_AHEAD_DAYS = 400  # further away than any holiday that stands between two open days


def is_open(config: DeskConfig, now: float) -> bool:
    """Say whether the desk is open at a moment, in seconds since 1970."""
    if not config.opening_hours:
        return True
    return any(start <= now < end for start, end in _spans(config, now, days=1))


def opens_next(config: DeskConfig, now: float) -> dt.datetime | None:
    """Return when it opens next, in its own time zone; none where it never does."""
    for start, _end in _spans(config, now):
        if start > now:
            return dt.datetime.fromtimestamp(start, config.time_zone)
    return None


def after(config: DeskConfig, start: float, seconds: float) -> float:
    """Return the moment when so many open seconds have passed since `start`."""
    if not config.opening_hours:
        return start + seconds
    left, moment = seconds, start
    for begin, end in _spans(config, start):
        moment = max(moment, begin)
        if moment < end:
            if left <= end - moment:
                return moment + left
            left -= end - moment
    return start + seconds  # it never opens again: then the plain clock counts


def _spans(
    config: DeskConfig, now: float, days: int = _LOOK_AHEAD_DAYS
) -> Iterator[tuple[float, float]]:
    """Give the open times from the day of `now` on, in seconds since 1970.

    Each end of a span is taken from the wall clock, so a day with a change of the clock is right.
    """
    today = dt.datetime.fromtimestamp(now, config.time_zone).date()
    for offset in range(days):
        day = today + dt.timedelta(days=offset)
        if day in config.holidays:
            continue
        for start, end in config.opening_hours.get(DAYS[day.weekday()], ()):
            yield _moment(config, day, start), _moment(config, day, end)


def _moment(config: DeskConfig, day: dt.date, minutes: int) -> float:
    midnight = dt.time(tzinfo=config.time_zone)
    if minutes == 24 * 60:
        return dt.datetime.combine(day + dt.timedelta(days=1), midnight).timestamp()
    return dt.datetime.combine(
        day, midnight.replace(hour=minutes // 60, minute=minutes % 60)
    ).timestamp()
