from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import literal, select

from rasa_project.desk.dashboard import period
from rasa_project.desk.dashboard.period import Period
from rasa_project.desk.errors import RequestError
from rasa_project.desk.store.database import Store

BERLIN = ZoneInfo("Europe/Berlin")
CHANGE = date(2026, 3, 29)  # on which clocks skip from 2 to 3


def local(second: int, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(second, zone).strftime("%m-%d %H:%M")


def test_days_begin_at_the_viewers_midnight_also_where_clocks_change() -> None:
    days = Period(date(2026, 3, 28), date(2026, 3, 30), BERLIN)
    assert [local(second, BERLIN) for second in days.starts().values()] == [
        "03-28 00:00", "03-29 00:00", "03-30 00:00",
    ]  # fmt: skip
    assert days.end - days.start == 71 * 3600


def test_hours_of_the_day_on_which_clocks_go_back_are_25() -> None:
    hours = Period(date(2026, 10, 25), date(2026, 10, 25), BERLIN, period.HOUR)
    shown = [local(second, BERLIN)[6:8] for second in hours.starts().values()]
    assert shown == ["00", "01", "02", "02", *(f"{hour:02}" for hour in range(3, 24))]


def test_weeks_begin_on_monday_and_the_first_where_the_period_does() -> None:
    weeks = Period(date(2026, 3, 26), date(2026, 4, 6), BERLIN, period.WEEK)
    assert [local(second, BERLIN) for second in weeks.starts().values()] == [
        "03-26 00:00", "03-30 00:00", "04-06 00:00",
    ]  # fmt: skip


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Kolkata", "America/St_Johns", "UTC"])
@pytest.mark.parametrize("by", [period.HOUR, period.DAY, period.WEEK])
def test_the_database_numbers_times_as_the_period_does(store: Store, zone: str, by: str) -> None:
    span = Period(date(2026, 3, 20), date(2026, 4, 10), ZoneInfo(zone), by)
    seconds = range(span.start, span.end, 1_800)
    with store.read() as session:
        found = [session.scalar(select(span.slot(literal(second)))) for second in seconds]
    begun = list(span.starts().items())
    last = [max((start, number) for number, start in begun if start <= at)[1] for at in seconds]
    assert found == last


def test_the_period_before_is_as_long_and_ends_where_this_one_begins() -> None:
    span = Period(CHANGE, date(2026, 3, 31), BERLIN)
    before = span.before()
    assert (before.first, before.last, before.end) == (
        date(2026, 3, 26), date(2026, 3, 28), span.start,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "last", "zone", "by", "code"),
    [
        ("2026-03-02", "2026-03-01", "UTC", "day", "period"),
        ("yesterday", "2026-03-01", "UTC", "day", "date"),
        ("0001-01-01", "2026-03-01", "UTC", "day", "date"),
        ("2026-03-01", "2026-04-01", "UTC", "hour", "period_too_long"),
        ("2026-03-01", "2026-03-01", "Mars/Base", "day", "zone"),
        ("2026-03-01", "2026-03-01", "../etc/passwd", "day", "zone"),
        ("2026-03-01", "2026-03-01", "Europe", "day", "zone"),
        ("2026-03-01", "2026-03-01", "", "day", "zone"),
        ("2026-03-01", "2026-03-01", "\0", "day", "zone"),
    ],
)
def test_what_is_no_period_is_refused(first: str, last: str, zone: str, by: str, code: str) -> None:
    with pytest.raises(RequestError) as refused:
        period.read(first, last, zone, by)
    assert (refused.value.status, refused.value.code) == (400, code)
