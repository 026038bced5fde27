from __future__ import annotations

from datetime import datetime

from actions.opening_hours import OpeningHours, is_open
from tests.actions.dialogue import run


def test_people_are_there_on_working_days_from_nine_to_six() -> None:
    moments = {
        "Monday, just before nine": datetime(2026, 11, 16, 8, 59),
        "Monday at nine": datetime(2026, 11, 16, 9, 0),
        "Friday, just before six": datetime(2026, 11, 20, 17, 59),
        "Friday at six": datetime(2026, 11, 20, 18, 0),
        "Saturday at noon": datetime(2026, 11, 21, 12, 0),
    }
    assert {name: is_open(moment) for name, moment in moments.items()} == {
        "Monday, just before nine": False,
        "Monday at nine": True,
        "Friday, just before six": True,
        "Friday at six": False,
        "Saturday at noon": False,
    }


def test_the_reply_says_whether_people_are_there_now() -> None:
    replies, events = run(OpeningHours())
    expected = "utter_hours_open" if is_open(datetime.now()) else "utter_hours_closed"
    assert replies == [{"response": expected, "opens": "9:00", "closes": "18:00"}]
    assert events == []
