"""`emotion explain`, as a user runs it and as it looks."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from emotion_component.__main__ import main
from emotion_component.cli.explain import page, readable
from emotion_component.explanation import Explanation, Token

ONE = Explanation(
    "so <b>bad</b>!",
    "anger",
    0.8123,
    [Token("so", 0, 2, 0.004), Token("<b>bad</b>", 3, 13, 0.6), Token("!", 13, 14, -0.2)],
    "toy@1",
)
NOTHING = Explanation("/greet", "neutral", 0.0, [], "toy@1")
FLAT = Explanation("ok", "neutral", 0.9, [Token("ok", 0, 2, 0.0)], "toy@1")


def test_bars_show_the_strongest_words_with_their_signs() -> None:
    assert readable(ONE, coloured=False) == [
        "anger 81%  so <b>bad</b>!",
        "  +0.60 ++++++++++++++++++++  <b>bad</b>",
        "  -0.20 -------               !",
        "  1 more, weaker",
    ]
    assert readable(NOTHING, coloured=False) == ["nothing to judge  /greet"]
    assert readable(FLAT, coloured=False)[1:] == ["  no word moves it by itself"]


def test_shades_differ_in_more_than_colour_and_leave_the_text_whole() -> None:
    shaded = readable(ONE, coloured=True)[0]
    assert "\x1b[4;30;48;5;208m<b>bad</b>\x1b[0m" in shaded  # underlined
    assert "\x1b[3;30;48;5;195m!\x1b[0m" in shaded  # slanted
    assert re.sub(r"\x1b\[[\d;]*m", "", shaded) == "anger 81%  so <b>bad</b>!"


def test_the_page_escapes_what_a_customer_wrote_and_marks_the_sign_twice() -> None:
    html = page([ONE, NOTHING, FLAT])
    assert "<b>bad" not in html
    assert re.search(r'title="\+0\.60"[^>]*3px solid[^>]*>&lt;b&gt;bad&lt;/b&gt;<', html)
    assert re.search(r'title="-0\.20"[^>]*1px dashed[^>]*>!<', html)
    assert "anger, 81 %" in html
    assert "Nothing to judge" in html
    assert "No word moves it by itself" in html


def test_the_message_keeps_its_spaces_and_its_language_on_the_page() -> None:
    text = "气死  我\n了"
    tokens = [Token("气死", 0, 2, 0.5), Token("我", 4, 5, 0.0), Token("了", 6, 7, 0.1)]
    html = page([Explanation(text, "anger", 0.9, tokens, "toy@1")])
    paragraph = re.search(r'<p lang="zh"[^>]*>(.*?)</p>', html, re.DOTALL)
    assert paragraph
    assert re.sub(r"<[^>]*>", "", paragraph[1]) == text


def test_json_is_one_object_a_text_and_the_page_is_written(
    toy_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "page.html"
    words = ["--model", str(toy_folder), "--json", "--html", str(out), "--label", "negative"]
    assert main(["explain", *words, "thank you", "气死我了"]) == 0
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["text"], row["label"]) for row in printed] == [
        ("thank you", "negative"),
        ("气死我了", "negative"),
    ]
    assert out.read_text(encoding="utf-8").count("<h2>negative") == 2


def test_without_a_terminal_there_are_no_colour_codes(
    toy_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", "--model", str(toy_folder), "thank you", "\ud800 ok"]) == 0
    printed = capsys.readouterr().out
    assert "thank" in printed
    assert "\x1b" not in printed


def test_an_unwritable_page_is_named(toy_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--model", str(toy_folder), "--html", "/nowhere/page.html", "hello"]
    assert main(["explain", *words]) == 1
    assert "Cannot write --html /nowhere/page.html: No such file" in capsys.readouterr().err


def test_an_unknown_label_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as status:
        main(["explain", "--label", "rage", "hello"])
    assert status.value.code == 2
    assert "invalid choice: 'rage'" in capsys.readouterr().err
