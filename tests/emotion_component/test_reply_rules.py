"""The rules for replies, held against sentences as bots say them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from emotion_component.reply_rules import check
from emotion_component.reply_rules.form import MOST_COLUMNS, columns
from emotion_component.reply_rules.reply import Reply, Said, Variation

SENTENCES: dict[str, Any] = YAML(typ="safe").load(
    (Path(__file__).parent / "reply_sentences.yml").read_text(encoding="utf-8")
)


def reply(*texts: str, name: str = "utter_reply", **conditions: str) -> Reply:
    variations = (
        Variation(line, (Said(text, line),), conditions=tuple(conditions.items()))
        for line, text in enumerate(texts, 2)
    )
    return Reply(name, 1, tuple(variations))


def written(entry: Any) -> Reply:
    if isinstance(entry, str):
        return reply(entry)
    felt = {"emotion": entry["emotion"]} if "emotion" in entry else {}
    return reply(entry["text"], name=entry["reply"], **felt)


def codes(given: Reply) -> list[str]:
    return [finding.rule.code for finding in check.check_reply(given)]


def harmless() -> Iterator[Any]:
    return (entry for spoken in SENTENCES.values() for entry in spoken["pass"])


def wrong() -> Iterator[tuple[str, Any]]:
    for spoken in SENTENCES.values():
        for code, entries in spoken["fail"].items():
            yield from ((code, entry) for entry in entries)


@pytest.mark.parametrize("entry", harmless(), ids=str)
def test_no_rule_fires_on_a_harmless_sentence(entry: Any) -> None:
    assert check.check_reply(written(entry)) == []


@pytest.mark.parametrize(("code", "entry"), wrong(), ids=str)
def test_the_rule_alone_fires_on_a_sentence_that_breaks_it(code: str, entry: Any) -> None:
    assert set(codes(written(entry))) == {code}


@pytest.mark.parametrize("spoken", ["en", "zh"])
def test_each_language_has_sixty_sentences_of_each_kind_and_every_rule_that_reads_a_text(
    spoken: str,
) -> None:
    table = SENTENCES[spoken]
    assert len(table["pass"]) >= 60
    assert sum(map(len, table["fail"].values())) >= 60
    assert {*table["fail"]} == {*check.CODES} - {"language-missing", "text-repeated"}


def test_a_finding_says_where_the_words_stand_and_what_to_say_instead() -> None:
    (found,) = check.check_reply(reply("Thanks.", "All right, we’ll refund you today."))
    assert (found.line, found.lines, found.text, found.start) == (
        3,
        frozenset({1, 3}),
        "we’ll refund",
        11,
    )
    assert "Shall I?" in found.instead


def test_a_chinese_sentence_is_told_in_chinese_what_to_say_instead() -> None:
    (found,) = check.check_reply(reply("我理解您的心情。"))
    assert (found.rule.code, found.instead) == (
        "claims-feeling",
        "说事情本身，比如“这种情况换谁都会着急。”",
    )


def test_each_wrong_phrase_of_a_text_is_found_and_a_bilingual_one_in_both_languages() -> None:
    text = "I feel your pain. We will refund you. / 我感同身受，马上为您退款。"
    assert codes(reply(text)) == ["claims-feeling", "promise-unbacked"] * 2


def test_the_condition_on_the_emotion_outweighs_the_name() -> None:
    assert codes(reply("Great!", name="utter_complaint", emotion="joy")) == []
    assert codes(reply("Great!", name="utter_status", emotion="anger")) == ["cheerful-to-upset"]


def test_the_same_text_twice_is_found_where_condition_and_channel_are_the_same() -> None:
    same = [Said("Which order?", 2)], [Said("which  order?", 5)]
    first, second = (Variation(said[0].line, tuple(said)) for said in same)
    elsewhere = Variation(5, second.says, channel="slack")
    with_buttons = Variation(5, second.says, buttons=("The last one",))
    found = [
        [(finding.rule.code, finding.line) for finding in check.check_reply(Reply("a", 1, pair))]
        for pair in [(first, second), (first, elsewhere), (first, with_buttons)]
    ]
    assert found == [[("text-repeated", 5)], [], []]


def test_a_language_that_half_of_the_replies_speak_is_missed_in_the_others() -> None:
    both = [reply("Which order?", "是哪个订单？", name=name) for name in ("utter_a", "utter_b")]
    english = reply("All right.", name="utter_c")
    wordless = reply("{number}", name="utter_d")
    found = check.missing_languages([*both, english, wordless])
    assert [(finding.rule.code, finding.reply, finding.instead) for finding in found] == [
        ("language-missing", "utter_c", "add a variation in Chinese")
    ]


def test_a_lone_reply_in_another_language_asks_nothing_of_the_others() -> None:
    english = [reply("All right.", name=f"utter_{number}") for number in range(3)]
    assert check.missing_languages([*english, reply("Hello.", "您好。", name="utter_x")]) == []


def test_a_han_character_takes_two_columns_of_a_bubble() -> None:
    assert (columns("order"), columns("订单")) == (5, 4)
    most = [reply("x" * MOST_COLUMNS), reply("字" * (MOST_COLUMNS // 2))]
    over = [reply("x" * (MOST_COLUMNS + 1)), reply("字" * (MOST_COLUMNS // 2 + 1))]
    assert [codes(each) for each in [*most, *over]] == [[], [], ["too-long"], ["too-long"]]
