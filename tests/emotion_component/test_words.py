"""Where the words of a message stand."""

from __future__ import annotations

import itertools

import pytest

from emotion_component.words import is_word, phrases, words


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in words(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I can't wait,really", ["I", "can't", "wait", ",", "really"]),
        ("third-time £52.50 at 12:30", ["third-time", "£", "52.50", "at", "12:30"]),
        ("no!!! why?! ... :(", ["no", "!!!", "why", "?!", "...", ":("]),
        ("see https://a.b/c me@x.co.uk", ["see", "https://a.b/c", "me@x.co.uk"]),
        ("😡😡😂 👍🏽 🇨🇳 👩‍👩‍👧", ["😡😡", "😂", "👍🏽", "🇨🇳", "👩‍👩‍👧"]),
        ("第三次反映了，没人打", ["第三次", "反映", "了", "，", "没人", "打"]),
        ("iPhone15坏了！！！", ["iPhone15", "坏", "了", "！！！"]),
        ("cafe\u0301 ok", ["cafe\u0301", "ok"]),
        ("", []),
        ("  \n ", []),
    ],
)
def test_a_word_is_what_a_reader_would_cross_out_as_one_thing(
    text: str, expected: list[str]
) -> None:
    assert split(text) == expected


@pytest.mark.parametrize(
    "text", ["a\ud800b", "مرحبا नमस्ते", "1️⃣ __ ☹️★★", "\x00 \u200b", "ｆｕｌｌ　宽"]
)
def test_every_character_that_is_no_space_is_in_one_word(text: str) -> None:
    covered = [at for start, end in words(text) for at in range(start, end)]
    assert covered == [at for at, character in enumerate(text) if not character.isspace()]


def test_punctuation_is_no_word_and_an_emoji_is() -> None:
    assert [is_word(text) for text in ("no", "打", "😡", "52", "!!!", "，")] == [True] * 4 + [
        False
    ] * 2


@pytest.mark.parametrize("most", [1, 2, 5, 12, 99, 100, 101])
def test_phrases_hold_all_words_in_order_and_are_not_too_many(most: int) -> None:
    text = ", ".join(["one two three four"] * 20)  # 80 words, 19 commas
    found = words(text)
    joined = phrases(text, found, most)
    assert len(joined) == min(most, len(found))
    assert joined[0][0] == 0
    assert joined[-1][1] == len(text)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(joined))


def test_a_phrase_ends_with_its_clause() -> None:
    text = "it broke again, I want my money back now"
    joined = phrases(text, words(text), 2)
    assert [text[start:end] for start, end in joined] == [
        "it broke again,",
        "I want my money back now",
    ]
