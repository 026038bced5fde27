"""What Rasa says, as parts."""

from __future__ import annotations

from typing import Any

import pytest

from rasa_project.channels.messaging.composing import compose
from rasa_project.channels.messaging.part import Button, Part
from rasa_project.channels.messaging.provider import Limits

LIMITS = Limits(text=60, buttons=3, button_title=12)
ORDER = {"title": "My order", "payload": "/order"}
LONG = {"title": "A title that is long", "payload": "/a"}
ELSE = {"title": "Else"}
MY_ORDER, OTHER = Button("My order", "/order"), Button("Else", "Else")


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ({"text": "Hello."}, [Part("text", text="Hello.")]),
        ({"text": ""}, []),
        (
            {"text": "What is it?", "buttons": [ORDER, ELSE]},
            [Part("text", text="What is it?", buttons=(MY_ORDER, OTHER))],
        ),
        (
            {"text": "", "quick_replies": [ORDER]},
            [Part("text", text="…", buttons=(MY_ORDER,))],
        ),
        (
            {"text": "Which?", "buttons": [LONG, ORDER]},
            [
                Part(
                    "text",
                    text="Which?\n\n1. A title that is long\n2. My order",
                    buttons=(Button("A title that is long", "/a"), MY_ORDER),
                    numbered=True,
                )
            ],
        ),
        (
            {"text": "See", "buttons": [{"title": "Shop", "url": "https://shop.example"}, ORDER]},
            [Part("text", text="See\nShop: https://shop.example", buttons=(MY_ORDER,))],
        ),
        (
            {"text": "Twenty-one characters. " * 4, "buttons": [ORDER]},
            [
                Part("text", text="Twenty-one characters. Twenty-one characters."),
                Part(
                    "text",
                    text="Twenty-one characters. Twenty-one characters.",
                    buttons=(MY_ORDER,),
                ),
            ],
        ),
        (
            {"text": "Look.", "image": "https://a.example/b.png", "attachment": None},
            [Part("text", text="Look."), Part("image", url="https://a.example/b.png")],
        ),
        (
            {"attachment": {"type": "file", "payload": {"url": "https://a.example/b.pdf"}}},
            [Part("file", url="https://a.example/b.pdf")],
        ),
        ({"attachment": "https://a.example/b.pdf"}, [Part("file", url="https://a.example/b.pdf")]),
        (
            {
                "elements": [
                    {"title": "Mug", "subtitle": "Blue", "image_url": "https://a.example/m"}
                ]
            },
            [Part("image", url="https://a.example/m"), Part("text", text="Mug\nBlue")],
        ),
        ({"custom": {"telegram": {"a": 1}}}, [Part("custom", custom={"a": 1})]),
        ({"custom": {"text": "For all."}}, [Part("text", text="For all.")]),
        ({"custom": {"slack": {"a": 1}}}, []),
        ({"text": "a\ud800b\0"}, [Part("text", text="a?b")]),
    ],
)
def test_an_utterance_becomes_parts(message: dict[str, Any], parts: list[Part]) -> None:
    assert compose(message, "telegram", LIMITS) == parts


def test_the_text_right_above_buttons_may_have_a_limit_of_its_own() -> None:
    limits = Limits(text=60, buttons=3, button_text=20)
    message = {"text": "It comes today, at noon.\n\nWhat else?", "buttons": [ORDER]}
    assert compose(message, "wecom", limits) == [
        Part("text", text="It comes today, at noon."),
        Part("text", text="What else?", buttons=(MY_ORDER,)),
    ]
    assert compose({**message, "text": "What else?"}, "wecom", limits) == [
        Part("text", text="What else?", buttons=(MY_ORDER,))
    ]
