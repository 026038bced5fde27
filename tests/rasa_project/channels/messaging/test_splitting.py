"""Long texts in pieces."""

from __future__ import annotations

import random

import pytest

from rasa_project.channels.messaging.splitting import Measure, split, split_end, utf8, utf16


def test_a_text_that_fits_stays_whole() -> None:
    assert split("  Hello.\n\nWhat is it about?  ", 40) == ["Hello.\n\nWhat is it about?"]
    assert split("   ", 40) == []


def test_the_best_place_is_taken() -> None:
    assert split("One paragraph here.\n\nAnother one. With more.", 30) == [
        "One paragraph here.",
        "Another one. With more.",
    ]
    assert split("A sentence of words. And another one here.", 30) == [
        "A sentence of words.",
        "And another one here.",
    ]
    assert split("不好意思，让您久等了。您的包裹今天下午就会送到，请您放心。", 20) == [
        "不好意思，让您久等了。",
        "您的包裹今天下午就会送到，请您放心。",
    ]
    assert split("words without any end at all here", 20) == [
        "words without any",
        "end at all here",
    ]


def test_signs_that_belong_together_stay_together() -> None:
    family, flag = "👨‍👩‍👧‍👦", "🇩🇪"
    assert split(family * 4, 22) == [family * 3, family]
    assert split(flag * 12, 21) == [flag * 10, flag * 2]
    assert split("👍🏽" * 12, 21) == ["👍🏽" * 10, "👍🏽" * 2]


@pytest.mark.parametrize("measure", [len, utf16, utf8])
def test_pieces_fit_and_hold_everything(measure: Measure) -> None:
    chooser = random.Random(7)
    signs = "ab cde, fg. hi\n\n你好。😀👍🏽🇩🇪é" + "\u0301\u200d"
    for _ in range(300):
        text = "".join(chooser.choices(signs, k=chooser.randrange(300)))
        pieces = split(text, 24, measure)
        assert all(0 < measure(piece) <= 24 for piece in pieces)
        assert "".join("".join(pieces).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("It comes today, at noon.\n\nWhat else?", ("It comes today, at noon.", "What else?")),
        (
            "今天下午送到您家。还有什么可以帮您的？请告诉我们。",
            ("今天下午送到您家。", "还有什么可以帮您的？请告诉我们。"),
        ),
        ("one two three four five six", ("one two", "three four five six")),
        ("x" * 45, ("x" * 40, "x" * 5)),
    ],
)
def test_the_end_of_a_text_is_cut_off_where_people_would(text: str, cut: tuple[str, str]) -> None:
    assert split_end(text, 20) == cut
