"""Hours at which nobody is there to take a conversation.

Standard library only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from emotion_component.escalation import checks

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_MIDNIGHT: Final = 24 * 60
_CLOCK: Final = re.compile(r"([01]\d|2[0-4]):([0-5]\d)")


@dataclass(frozen=True)
class Window:
    """A span of hours on some days of the week.

    Attributes:
        days: Days as `datetime.weekday` counts them, 0 is Monday.
        start: Minutes after midnight at which it begins, 0 to 1439.
        end: Minutes after midnight at which it is over, after `start`, at most 1440.
    """

    days: tuple[int, ...]
    start: int
    end: int

    def holds(self, moment: datetime) -> bool:
        """Tell whether a local time lies within it."""
        minute = moment.hour * 60 + moment.minute
        return moment.weekday() in self.days and self.start <= minute < self.end

    def __str__(self) -> str:
        """Say from when to when, for example `20:00 to 24:00`."""
        return f"{_clock(self.start)} to {_clock(self.end)}"


def read(entries: Any, time_zone: Any) -> tuple[Window, ...]:
    """Read the windows of config.yml.

    Args:
        entries: For example `[{"days": ["sat", "sun"]}, {"from": "20:00", "to": "24:00"}]`. Without
            `days` every day is meant, without `from` and `to` the whole day.
        time_zone: Name of the zone in which the hours are meant, for example `Europe/Berlin`.

    Raises:
        ConfigurationError: If an entry cannot be read, ends before it starts, or has no time zone.
    """
    if not isinstance(entries, (list, tuple)):
        raise checks.wrong("quiet_hours", "a list of windows", entries)
    windows = tuple(_window(entry) for entry in entries)
    if windows or time_zone is not None:
        _require_zone(time_zone)
    return windows


def quiet_at(windows: Sequence[Window], time_zone: str | None, now: float) -> Window | None:
    """Find the window that a moment lies in.

    Args:
        windows: What `read` gave.
        time_zone: Zone of their hours.
        now: Seconds since the epoch.
    """
    if not windows or time_zone is None:
        return None
    moment = datetime.fromtimestamp(now, ZoneInfo(time_zone))
    return next((window for window in windows if window.holds(moment)), None)


def _window(entry: Any) -> Window:
    if isinstance(entry, Window):
        return entry
    if not isinstance(entry, Mapping) or not entry:
        raise checks.wrong(
            "quiet_hours", "a list of windows like {from: '20:00', to: '24:00'}", entry
        )
    checks.require_keys("quiet_hours", entry, ("days", "from", "to"))
    start = _minutes("from", entry.get("from", "00:00"))
    end = _minutes("to", entry.get("to", "24:00"))
    if end <= start:
        raise checks.wrong(
            "quiet_hours",
            "windows that end after they start; cut a night at midnight in two, one to '24:00' "
            "and one from '00:00'",
            dict(entry),
        )
    return Window(_days(entry.get("days", DAYS)), start, end)


def _days(days: Any) -> tuple[int, ...]:
    if not isinstance(days, (list, tuple)) or not days or any(day not in DAYS for day in days):
        raise checks.wrong("quiet_hours.days", f"a list of {', '.join(DAYS)}", days)
    return tuple(DAYS.index(day) for day in days)


def _minutes(name: str, value: Any) -> int:
    # Some YAML readers take an unquoted 20:00 for the number 1200.
    match = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    minutes = int(match[1]) * 60 + int(match[2]) if match else _MIDNIGHT + 1
    if minutes > _MIDNIGHT:
        raise checks.wrong(f"quiet_hours.{name}", "a time in quotes from '00:00' to '24:00'", value)
    return minutes


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _require_zone(name: Any) -> None:
    expected = "the name of a time zone, like 'Europe/Berlin' or 'Asia/Shanghai', for `quiet_hours`"
    if not isinstance(name, str) or not name:
        raise checks.wrong("time_zone", expected, name)
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise checks.wrong("time_zone", expected, name) from error
