from __future__ import annotations

import pytest

from emotion_component.acknowledgement.times import said_times

ENGLISH: list[tuple[str, dict[str, str]]] = [
    ("my order is three weeks late", {"late_by": "three weeks"}),
    (
        "Now a parcel is 10 working days overdue, and nobody answers.",
        {"late_by": "10 working days"},
    ),
    ("late by a month", {"late_by": "a month"}),
    ("its been 2 weeks and nothing has come", {"waited": "2 weeks"}),
    ("I’ve been waiting for my rug for over two weeks", {"waited": "over two weeks"}),
    ("We waited 10 days, it is a week late", {"late_by": "a week", "waited": "10 days"}),
    ("it isn't two days late, it's two weeks late", {"late_by": "two weeks"}),
    ("STILL waiting for my parcel, you said 3 days!!", {}),
    ("If it's two days late I'm cancelling", {}),
    ("will it be a week late", {}),
    ("I can't keep waiting for 3 weeks", {}),
    ("tracking hasnt moved for nine days", {}),
    ("晚了三个星期", {}),
]
CHINESE: list[tuple[str, dict[str, str]]] = [
    ("我的订单晚了三个星期", {"late_by": "三个星期"}),
    ("都过了预计时间五天了还没到", {"late_by": "五天"}),
    ("包裹比预计日期晚了十天，能帮忙看看原因吗？", {"late_by": "十天"}),
    ("my order 1042 还没到，已经 delay 两周了", {"late_by": "两周"}),
    ("等了大半个月了连个影子都没有", {"waited": "大半个月"}),
    ("等三天了", {"waited": "三天"}),
    ("说好三天到的，这都一个礼拜了！！", {}),
    ("还要等几天", {}),
    ("要等两天吗", {}),
    ("会不会晚几天", {}),
    ("再等两天", {}),
    ("如果晚了三天呢", {}),
    ("晚了三天吗", {}),
    ("从月初等到月底", {}),
    ("three weeks late", {}),
]


@pytest.mark.parametrize(("text", "times"), ENGLISH)
def test_a_time_is_named_only_where_it_was_said_of_the_delay(
    text: str, times: dict[str, str]
) -> None:
    assert said_times(text, "en") == times


@pytest.mark.parametrize(("text", "times"), CHINESE)
def test_a_time_is_named_only_where_it_was_said_of_the_delay_in_chinese(
    text: str, times: dict[str, str]
) -> None:
    assert said_times(text, "zh") == times
