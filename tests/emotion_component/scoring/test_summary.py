"""What a scored table shows as a whole."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from emotion_component.scoring.summary import EXAMPLES, PROBLEMS_SHOWN, Summary, hour_of


def judged(name: str, confidence: float, **other: Any) -> dict[str, Any]:
    usual = {"intensity": 0.5, "language": "en", "abstained": False, "negative": 0.25}
    return {"name": name, "confidence": confidence, **usual, **other}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-06-07T12:30:59Z", datetime(2024, 6, 7, 12)),
        ("2024-06-07 09:05+08:00", datetime(2024, 6, 7, 9)),
        ("2024/6/7 8:05", datetime(2024, 6, 7, 8)),
        ("2024年6月7日 23:59", datetime(2024, 6, 7, 23)),
        ("2024年6月7日8点", datetime(2024, 6, 7, 8)),
        ("2024-06-07", datetime(2024, 6, 7)),
        ("20240607", datetime(2024, 6, 7)),
        (1717763400, datetime(2024, 6, 7, 12)),
        ("1717763400000", datetime(2024, 6, 7, 12)),
        (
            datetime(2024, 6, 7, 12, 30, tzinfo=timezone(timedelta(hours=8))),
            datetime(2024, 6, 7, 12),
        ),
        (date(2024, 6, 7), datetime(2024, 6, 7)),
        ("07/06/2024", None),
        ("2024-13-01", None),
        ("2024-06-071", None),
        ("0001-01-01", None),
        ("yesterday", None),
        ("", None),
        (None, None),
        (12, None),
        (float("nan"), None),
        (1e300, None),
    ],
)
def test_an_hour_is_read_where_its_day_is_certain(value: Any, expected: datetime | None) -> None:
    assert hour_of(value) == expected


@pytest.mark.parametrize(
    ("days", "period", "periods"),
    [(2, "hour", 3), (3.5, "day", 4), (100, "week", 3), (800, "month", 3)],
)
def test_hours_join_to_the_period_that_suits_their_span(
    days: float, period: str, periods: int
) -> None:
    summary = Summary()
    start = datetime(2024, 1, 1)
    for part in (0.0, 0.3, 0.3, 1.0) if period == "day" else (0.0, 0.5, 0.5, 1.0):
        summary.time(start + part * timedelta(days=days), judged("anger", 0.9))
    if period == "day":
        summary.time(start + timedelta(days=2), judged("joy", 0.9))
    found, joined = summary.over_time()
    assert (found, len(joined)) == (period, periods)
    assert sum(counts["negative"] for counts in joined.values()) == 4
    assert list(joined) == sorted(joined)


def test_the_strongest_messages_are_kept_once_each_and_cut() -> None:
    summary = Summary()
    for number in range(20):
        summary.add(number, f"text {number % 10}", judged("anger", (number % 10) / 10))
    summary.add(99, "x" * 1_000, judged("anger", 1.0))
    kept = summary.samples["anger"]
    assert [sample.text for sample in kept] == [
        "x" * 300 + "…",
        "text 9",
        "text 8",
        "text 7",
        "text 6",
    ]
    assert len(kept) == EXAMPLES
    assert kept[1].strength == pytest.approx(0.45)


def test_rows_are_counted_by_label_language_and_problem() -> None:
    summary = Summary()
    summary.add(2, "thanks", judged("gratitude", 0.9, negative=0.05))
    summary.add(3, "hm", judged("neutral", 0.1, abstained=True, negative=0.45))
    nothing = judged("neutral", 0.0, abstained=True, negative=None, language=None)
    summary.add(4, "", nothing)
    for number in range(30):
        summary.skip(number, "broken")
    summary.time("never", nothing)
    found = json.loads(json.dumps(summary.to_dict()))
    assert (found["rows"], found["skipped"], len(found["problems"])) == (3, 30, PROBLEMS_SHOWN)
    assert {name: n for name, n in found["labels"].items() if n} == {"gratitude": 1, "abstained": 2}
    assert found["languages"] == {"en": 2, "other": 1}
    assert found["mean_negative"] == 0.25
    assert found["rows_without_time"] == 1
    assert found["examples"] == {"gratitude": [{"strength": 0.45, "text": "thanks", "number": 2}]}
