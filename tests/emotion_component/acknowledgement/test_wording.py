from __future__ import annotations

from typing import Any

import pytest

from emotion_component.acknowledgement import wording

KNOWN = [
    "utter_acknowledge_anger",
    "utter_acknowledge_anger_brief",
    "utter_acknowledge_anger_strong",
    "utter_acknowledge_sadness",
    "utter_acknowledge_worry",
    "utter_acknowledge_cause_late",
    "utter_acknowledge_cause_late_brief",
    "utter_acknowledge_cause_late_strong",
    "utter_acknowledge_cause_broken",
]


def names(
    emotion: str, intensity: float, intent: str | None = None, *, terse: bool = False
) -> list[str]:
    found = wording.names(emotion, intensity, intent, terse, KNOWN)
    return [name.removeprefix(wording.PREFIX) for name in found]


def test_the_ladder_has_three_steps_by_intensity() -> None:
    at = {intensity: names("anger", intensity) for intensity in (0.0, 0.39, 0.4, 0.59, 0.6, 1.0)}

    assert at == {
        0.0: ["anger_brief"],
        0.39: ["anger_brief"],
        0.4: ["anger"],
        0.59: ["anger"],
        0.6: ["anger_strong"],
        1.0: ["anger_strong"],
    }


def test_a_terse_customer_hears_brief_words_unless_the_emotion_is_strong() -> None:
    assert names("anger", 0.5, terse=True) == ["anger_brief"]
    assert names("anger", 0.8, terse=True) == ["anger_strong"]


def test_an_emotion_with_one_tone_keeps_it() -> None:
    assert [names("worry", intensity) for intensity in (0.2, 0.5, 0.9)] == [["worry"]] * 3


def test_a_cause_comes_before_the_general_words_on_every_step() -> None:
    assert [names("anger", intensity, "late") for intensity in (0.2, 0.5, 0.9)] == [
        ["cause_late_brief", "anger_brief"],
        ["cause_late", "anger"],
        ["cause_late_strong", "anger_strong"],
    ]


def test_one_line_for_a_cause_serves_a_calm_and_a_strong_complaint_but_not_a_brief_one() -> None:
    assert [names("anger", intensity, "broken") for intensity in (0.2, 0.5, 0.9)] == [
        ["anger_brief"],
        ["cause_broken", "anger"],
        ["cause_broken", "anger_strong"],
    ]


def test_a_cause_is_named_to_a_complaint_only() -> None:
    assert names("worry", 0.9, "late") == ["worry"]
    assert names("sadness", 0.9, "late") == ["sadness"]
    assert names("anger", 0.5, "hours") == ["anger"]
    assert names("disappointment", 0.5, "late") == ["cause_late"]


def test_an_intent_with_a_cause_means_trouble() -> None:
    assert [wording.is_trouble(intent, KNOWN) for intent in ("late", "broken", "hours", None)] == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("texts", "terse"),
    [
        (["late again"], True),
        (["where is my order"], True),
        (["还没到？"], True),
        (["A1042", "late again"], True),
        (["late again", "…", "/deny", "😡"], True),
        (["my order is three weeks late and nobody answers"], False),
        (["我的订单晚了三个星期，你们到底管不管"], False),
        (["late again", "I've been waiting for two weeks and nothing has come"], False),
        (["no", "no", "no", "I've been waiting for two weeks and nothing has come"], True),
        (["…"], False),
        ([], False),
    ],
)
def test_who_writes_few_words_now_and_before_is_terse(texts: list[str], terse: bool) -> None:
    assert wording.is_terse(texts) is terse


@pytest.mark.parametrize(
    ("values", "can"),
    [
        ({"order_number": "A1042"}, True),
        ({"order_number": None}, False),
        ({"order_number": ""}, False),
        ({}, False),
    ],
)
def test_words_are_usable_only_when_every_placeholder_has_a_value(
    values: dict[str, Any], can: bool
) -> None:
    assert wording.can_be_filled("Order {order_number} is late.", values) is can
    assert wording.can_be_filled("That is late.", values)


def test_words_are_joined_as_the_language_joins_sentences() -> None:
    english = wording.open_with({"text": "It left."}, "That is a fair complaint.", "anger", 0.5)
    chinese = wording.open_with({"text": "已发出。"}, "您说得对。", "anger", 0.5)

    assert english == {
        "text": "That is a fair complaint. It left.",
        "acknowledgement": {
            "emotion": "anger",
            "intensity": 0.5,
            "text": "That is a fair complaint.",
        },
    }
    assert chinese["text"] == "您说得对。已发出。"


def test_what_names_more_comes_first_and_to_the_terse_what_is_shorter() -> None:
    wordings = [("A wait.", "A wait."), ("No.", "No."), ("{waited}!", "Two weeks!")]

    def best(*, terse: bool, among: list[tuple[str, str]]) -> str:
        return max(among, key=lambda each: wording.rank(*each, terse=terse))[1]

    assert best(terse=False, among=wordings) == "Two weeks!"
    assert best(terse=True, among=wordings) == "Two weeks!"
    assert best(terse=True, among=wordings[:2]) == "No."
