from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from emotion_component.errors import ConfigurationError
from emotion_component.escalation import quiet_hours
from emotion_component.escalation.quiet_hours import Window

NIGHT = [{"from": "20:00", "to": "24:00"}, {"from": "00:00", "to": "08:00"}]


def quiet(entries: Any, zone: str, *when: int) -> bool:
    windows = quiet_hours.read(entries, zone)
    now = datetime(*when, tzinfo=ZoneInfo(zone)).timestamp()  # type: ignore[arg-type, misc]
    return quiet_hours.quiet_at(windows, zone, now) is not None


def test_a_window_begins_and_ends_on_the_minute() -> None:
    times = [(7, 59), (8, 0), (19, 59), (20, 0), (23, 59), (0, 0)]

    assert [quiet(NIGHT, "Europe/Berlin", 2024, 5, 15, *time) for time in times] == [
        *(True, False, False, True, True, True),
    ]


def test_days_are_those_of_the_time_zone() -> None:
    weekend = [{"days": ["sat", "sun"]}]
    saturday_in_shanghai = datetime(2024, 5, 18, 1, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp()

    def holds(zone: str) -> bool:
        windows = quiet_hours.read(weekend, zone)
        return quiet_hours.quiet_at(windows, zone, saturday_in_shanghai) is not None

    assert (holds("Asia/Shanghai"), holds("Europe/Berlin")) == (True, False)


def test_summer_time_moves_the_hours_with_the_clock() -> None:
    assert quiet(NIGHT, "Europe/Berlin", 2024, 1, 15, 20, 0)
    assert quiet(NIGHT, "Europe/Berlin", 2024, 7, 15, 20, 0)


def test_without_windows_no_hour_is_quiet() -> None:
    assert quiet_hours.read([], None) == ()
    assert quiet_hours.quiet_at((), None, 0.0) is None


def test_a_window_says_when_it_is() -> None:
    assert str(Window((0,), 1200, 1440)) == "20:00 to 24:00"


@pytest.mark.parametrize(
    ("entries", "zone", "message"),
    [
        (NIGHT, None, "`time_zone` must be the name of a time zone"),
        (NIGHT, "Middle/Earth", "`time_zone` must be the name of a time zone"),
        (NIGHT, "../etc/passwd", "`time_zone` must be the name of a time zone"),
        ("20:00", "UTC", "`quiet_hours` must be a list of windows"),
        ([{}], "UTC", "`quiet_hours` must be a list of windows like"),
        ([{"von": "20:00"}], "UTC", "`quiet_hours` must be made of days, from, to"),
        ([{"from": 1200}], "UTC", "`quiet_hours.from` must be a time in quotes"),
        ([{"to": "24:30"}], "UTC", "`quiet_hours.to` must be a time in quotes"),
        ([{"to": "8 am"}], "UTC", "`quiet_hours.to` must be a time in quotes"),
        ([{"days": ["weekend"]}], "UTC", "`quiet_hours.days` must be a list of mon, tue"),
        ([{"days": []}], "UTC", "`quiet_hours.days` must be a list of mon, tue"),
        (
            [{"from": "22:00", "to": "06:00"}],
            "UTC",
            "`quiet_hours` must be windows that end after they start; cut a night at midnight",
        ),
    ],
)
def test_hours_that_cannot_be_read_say_what_and_where(
    entries: Any, zone: Any, message: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        quiet_hours.read(entries, zone)

    assert str(caught.value).startswith(message)
    assert str(caught.value).endswith("Set it in config.yml under EscalationPolicy.")
