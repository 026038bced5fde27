"""The language of a message."""

from __future__ import annotations

import pytest

from emotion_component.language import detect, each

CASES = [
    ("where is my order", "en"),
    ("¿dónde está?", "en"),  # Latin script counts as the language the model reads it in
    ("我的订单到哪了", "zh"),
    ("冇問題就唔會搵你哋", "zh"),
    ("我的iPhone 15 Pro Max坏了", "zh"),
    ("I want to buy 拉麵 please", "en"),
    ("OK好的", "zh"),
    ("", None),
    ("  \n", None),
    ("1042", None),
    ("😡😡", None),
    ("https://example.org/订单", None),
    ("مرحبا كيف حالك", None),
    ("привет", None),
    ("こんにちは、注文はどこですか", None),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_the_language_follows_the_script(text: str, expected: str | None) -> None:
    assert detect(text) == expected


def test_a_text_without_a_language_is_read_as_english() -> None:
    assert each(["thanks", "谢谢", "😡", "спасибо"]) == ["en", "zh", "en", "en"]
