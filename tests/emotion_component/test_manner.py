from __future__ import annotations

import pytest

from emotion_component import manner


@pytest.mark.parametrize(
    ("text", "loud"),
    [
        ("where is my order", 0.0),
        ("WHERE IS MY ORDER", 1.0),
        ("Where is my order!!!", 1.0),
        ("where is my order!!!!!!!", 1.0),
        ("where is my order!", 0.3333),
        ("我的订单呢！！！", 1.0),
        ("OK", 0.0),
        ("SO-1042", 0.0),
        ("我的VIP会员", 0.0),
        ("", 0.0),
        ("😡😡😡", 0.0),
    ],
)
def test_capitals_and_exclamation_marks_are_loud(text: str, loud: float) -> None:
    assert manner.loudness(text) == loud


def test_a_longer_message_says_more_up_to_a_bound() -> None:
    amounts = [manner.amount("word " * count) for count in (1, 5, 20, 100, 1000)]

    assert amounts == sorted(amounts)
    assert 0 < amounts[0] < amounts[1] < 1
    assert amounts[-1] == 1.0


def test_a_chinese_character_says_as_much_as_several_letters() -> None:
    assert manner.amount("我的订单已经三个星期了") > manner.amount("my order is 3 weeks")


def test_a_run_of_question_marks_is_one_question() -> None:
    assert manner.questions("why??? 为什么？？") == pytest.approx(2 / 3)
    assert manner.questions("a? b? c? d? e?") == 1.0


@pytest.mark.parametrize(
    ("text", "quiet"),
    [
        ("thanks!!!", "thanks."),
        ("WHERE IS MY ORDER!!", "where is my order."),
        ("我的订单呢！！！", "我的订单呢。"),
        ("where is my order?", "where is my order?"),
    ],
)
def test_the_messages_of_a_customer_who_is_always_loud_are_read_in_an_even_tone(
    text: str, quiet: str
) -> None:
    assert manner.even(text, habit=1.0) == quiet


def test_a_customer_who_is_not_loud_by_habit_is_read_as_written() -> None:
    assert manner.even("WHERE IS MY ORDER!!!", habit=0.3) == "WHERE IS MY ORDER!!!"
