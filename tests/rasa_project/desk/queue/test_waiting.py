from __future__ import annotations

import pytest

from rasa_project.desk.outbound import queue_notices
from rasa_project.desk.queue import waiting
from rasa_project.desk.store.models import QueueNotice

MINUTES = [60.0 * minutes for minutes in (2, 4, 6, 8, 10, 12, 14, 16)]


@pytest.mark.parametrize(
    ("place", "hands", "wait"), [(1, 1, (6, 15)), (3, 1, (20, 40)), (3, 3, (6, 15)), (1, 9, (1, 2))]
)
def test_the_wait_grows_with_the_place_and_shrinks_with_the_hands(
    place: int, hands: int, wait: tuple[int, int]
) -> None:
    assert waiting.expected_wait(place, MINUTES, hands) == wait


@pytest.mark.parametrize(
    ("before", "place", "minutes", "seconds", "news"),
    [
        (None, 9, None, 0, True),
        ((9, None), 1, None, 119, False),
        ((9, None), 8, None, 121, False),
        ((9, None), 6, None, 121, True),
        ((3, None), 2, None, 121, True),
        ((3, None), 4, None, 121, True),
        ((3, 20), 3, 24, 121, False),
        ((3, 20), 3, 30, 121, True),
        ((3, None), 3, 30, 121, False),
        ((None, None), 3, None, 121, True),
    ],
)
def test_a_place_is_news_when_it_changed_enough_and_two_minutes_are_over(
    before: tuple[int | None, int | None] | None,
    place: int,
    minutes: int | None,
    seconds: float,
    news: bool,
) -> None:
    notice = None
    if before is not None:
        notice = QueueNotice(told_at=1_000.0, place=before[0], minutes=before[1])
    assert waiting.is_news(notice, place, minutes, 1_000.0 + seconds) is news


def test_the_place_is_told_with_an_honest_wait_or_none() -> None:
    waits = [None, (3, 8), (5, 5), (70, 90)]
    assert [queue_notices.place("en", 2, wait, 60) for wait in waits] == [
        "You are number 2 in line.",
        "You are number 2 in line. The wait is about 3 to 8 minutes.",
        "You are number 2 in line. The wait is about 5 min.",
        "You are number 2 in line. The wait is longer than an hour; you can come back later and "
        "read the answer here.",
    ]
    assert [queue_notices.place("zh", 1, wait, 60) for wait in waits] == [
        "下一位就是您。",
        "下一位就是您。预计还需等待 3 到 8 分钟。",
        "下一位就是您。预计还需等待约 5 分钟。",
        "下一位就是您。预计等待超过一小时，您可以稍后再来，回复会留在这里。",
    ]
