from __future__ import annotations

from typing import Any

import pytest

from rasa_project.desk.insight import summary
from rasa_project.desk.insight.summary import Turn, summarize
from tests.rasa_project.desk.rows import feeling


def turn(
    number: int, text: str, emotion: dict[str, Any] | None = None, intent: str | None = None
) -> Turn:
    return Turn(number, text, emotion, intent, float(number))


def chosen(found: dict[str, Any]) -> tuple[int | None, list[int]]:
    opening = found["opening"]
    return opening and opening["id"], [line["id"] for line in found["telling"]]


def test_the_request_and_the_strongest_turns_stand_for_a_conversation() -> None:
    turns = [
        turn(1, "hello there everybody", intent="greet"),
        turn(2, "I want to know where my parcel is", feeling("worry", 0.2)),
        turn(3, "A1042"),
        turn(4, "this is the third week!", feeling("frustration", 0.8)),
        turn(5, "thanks a lot", feeling("gratitude", 0.9, 0.7)),
        turn(6, "nobody answers me", feeling("anger", 0.7)),
        turn(7, "Nobody answers me!!", feeling("anger", 0.6)),
        turn(8, "it was a gift for my mother", feeling("sadness", 0.5)),
    ]
    assert chosen(summarize(turns)) == (2, [4, 6, 8]) == chosen(summarize(list(turns)))


def test_a_chinese_request_needs_fewer_characters() -> None:
    turns = [
        turn(1, "你好", intent="greet"),
        turn(2, "在吗"),
        turn(3, "我的订单怎么还没到"),
        turn(4, "太离谱了，都等了三周", feeling("anger", 0.9)),
    ]
    assert chosen(summarize(turns)) == (3, [4])


def test_a_conversation_of_nothing_but_a_word_or_nothing_at_all_is_summed_up_too() -> None:
    assert chosen(summarize([turn(1, "???"), turn(2, "help")])) == (2, [])
    assert summarize([]) == {"opening": None, "telling": [], "facts": []}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Order a1042, paid $1,299.00 on 3 March 2026 at 14:30, wrote to me@x.example",
            [("reference", "A1042"), ("amount", "$1,299.00"), ("date", "3 March 2026"),
             ("time", "14:30"), ("email", "me@x.example")],
        ),
        (
            "订单B2031，3月5日付了299元，等了两周又3天，电话13800138000",
            [("reference", "B2031"), ("date", "3月5日"), ("amount", "299元"),
             ("duration", "3天"), ("phone", "13800138000")],
        ),
        (
            "see https://shop.example/orders/991234 or call +44 20 7946 0018, waited 3 weeks",
            [("link", "https://shop.example/orders/991234"), ("phone", "+44 20 7946 0018"),
             ("duration", "3 weeks")],
        ),
        ("I have 2 cats and 10 fingers", []),
    ],
)  # fmt: skip
def test_what_can_be_looked_up_is_found_as_written(text: str, found: list[tuple[str, str]]) -> None:
    assert [(fact["kind"], fact["text"]) for fact in summary.facts([text])] == found


def test_a_fact_said_twice_stands_once_and_the_latest_are_kept() -> None:
    texts = [f"A{1000 + number}" for number in range(20)] + ["a1005"]
    kept = [fact["text"] for fact in summary.facts(texts)]
    assert kept == [f"A{1000 + number}" for number in range(9, 20)] + ["A1005"]


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("First sentence of some length, with words in it, and more. " * 6,
         "First sentence of some length, with words in it, and more. " * 4 + "…"),
        ("word " * 100, "word " * 47 + "word…"),
        ("字" * 300, "字" * 240 + "…"),
    ],
)  # fmt: skip
def test_a_rant_is_cut_where_it_can_be(text: str, short: str) -> None:
    (line,) = [summarize([turn(1, text)])["opening"]]
    assert line["text"] == short
