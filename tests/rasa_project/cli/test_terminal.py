from __future__ import annotations

import pytest

from rasa_project.cli import terminal

MIXED = "我的订单晚了三个星期，没人回复！！！ is this a joke? 这是在开玩笑吗 " * 3 + "x" * 200


@pytest.mark.parametrize("width", [20, 41, 80])
@pytest.mark.parametrize("text", ["", "a", "plain words of one line", MIXED])
def test_wrapped_lines_fit_and_lose_nothing(text: str, width: int) -> None:
    lines = terminal.wrap(text, "  ", width).split("\n")
    assert max(terminal.columns(line) for line in lines) <= width
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_words_stay_whole_where_they_fit() -> None:
    assert terminal.wrap("the quick brown fox", width=10).split("\n") == ["the quick", "brown fox"]


@pytest.mark.parametrize(
    ("text", "short"),
    [("abcdef", "abcdef"), ("abcdefg", "abcde…"), ("我的订单", "我的…"), ("我的", "我的")],
)
def test_a_text_is_cut_by_columns(text: str, short: str) -> None:
    assert terminal.shorten(text, 6) == short


def test_a_customers_text_cannot_steer_the_terminal() -> None:
    text = "red \x1b[31m\x07 up\nnew\tline \u202eback\ud800"
    assert terminal.printable(text) == "red �[31m� up new line �back�"


def test_there_are_no_colours_where_there_is_no_terminal() -> None:
    assert terminal.paint("word", "red") == "word"
