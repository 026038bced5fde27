from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from rasa_project.desk.queue import hours
from rasa_project.desk.queue.config import DeskConfig
from tests.rasa_project.desk.queue.conftest import ReadFile

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> float:
    return dt.datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp()


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-23T08:59", False),  # a Monday
        ("2026-11-23T09:00", True),
        ("2026-11-23T12:00", False),
        ("2026-11-23T17:29", True),
        ("2026-11-24T10:00", False),
        ("2026-11-27T23:59", True),  # a Friday
        ("2026-12-25T10:00", False),  # a Friday and a holiday
    ],
)
def test_it_is_open_in_its_hours_and_not_on_holidays(
    desk_config: DeskConfig, moment: str, is_open: bool
) -> None:
    assert hours.is_open(desk_config, at(moment)) is is_open


def test_it_opens_next_after_breaks_days_and_holidays(desk_config: DeskConfig) -> None:
    asked = ("2026-11-23T08:00", "2026-11-23T12:30", "2026-11-24T10:00", "2026-12-22T10:00")
    assert [
        f"{hours.opens_next(desk_config, at(moment)):%Y-%m-%d %H:%M %Z}" for moment in asked
    ] == [
        "2026-11-23 09:00 CET",
        "2026-11-23 13:00 CET",
        "2026-11-27 09:00 CET",
        "2026-12-28 09:00 CET",
    ]


def test_only_open_seconds_count(desk_config: DeskConfig) -> None:
    asked = [
        ("2026-11-23T09:00", 60),
        ("2026-11-23T11:59", 120),
        ("2026-11-23T17:30", 60),
        ("2026-11-22T03:00", 3600),
    ]
    assert [hours.after(desk_config, at(start), seconds) for start, seconds in asked] == [
        at("2026-11-23T09:01"),
        at("2026-11-23T13:01"),
        at("2026-11-27T09:01"),
        at("2026-11-23T10:00"),
    ]


def test_the_day_on_which_the_clock_changes_has_its_own_length(read_file: ReadFile) -> None:
    config = read_file('{time_zone: Europe/Berlin, opening_hours: {sunday: "00:00-24:00"}}')
    midnight = at("2026-10-25T00:00")
    assert hours.after(config, midnight, 24 * 3600) == midnight + 24 * 3600
    assert hours.is_open(config, midnight + 24.9 * 3600)
    assert not hours.is_open(config, midnight + 25 * 3600)


def test_without_hours_it_is_always_open(read_file: ReadFile) -> None:
    config = read_file("")
    assert (hours.is_open(config, 5.0), hours.after(config, 5.0, 60)) == (True, 65.0)


def test_a_desk_that_never_opens_names_no_time(read_file: ReadFile) -> None:
    config = read_file("opening_hours: {monday: []}")
    assert (hours.is_open(config, 5.0), hours.opens_next(config, 5.0)) == (False, None)
    assert hours.after(config, 5.0, 60) == 65.0
