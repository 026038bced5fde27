"""The language before the customer's is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rasa_project.guest import bots

COMPONENT = "  - name: emotion_component.EmotionClassifier\n"


def teach(bot: Path, *examples: str) -> None:
    (bot / "data").mkdir(exist_ok=True)
    lines = "".join(f"    - {example}\n" for example in examples)
    text = f"nlu:\n- intent: greet\n  examples: |\n{lines}"
    (bot / "data" / "nlu.yml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("examples", "severity", "default"),
    [
        (("hello", "hi there", "你好"), "note", "en"),
        (("hello", "您好", "你好"), "warning", "zh"),
        (("早上好", "您好", "你好"), "warning", "zh"),
    ],
)
def test_a_bot_that_learned_chinese_says_what_it_speaks_first(
    tmp_path: Path, examples: tuple[str, ...], severity: str, default: str
) -> None:
    bot = bots.healthy(tmp_path)
    teach(bot, *examples)
    finding = bots.only(bot)
    assert (finding.severity, finding.code) == (severity, "default-language")
    assert str(finding.at) == "config.yml:9"
    setting = f"default_language: {default}"
    assert setting in finding.fix
    bots.edit(bot / "config.yml", COMPONENT, f"{COMPONENT}    {setting}\n")
    with (bot / "endpoints.yml").open("a") as file:
        file.write(f"  {setting}\n")
    assert bots.found(bot) == []


def test_english_alone_needs_no_setting(tmp_path: Path) -> None:
    bot = bots.healthy(tmp_path)
    teach(bot, "hello", "good morning")
    assert bots.found(bot) == []


def test_component_and_replies_agree_on_the_default(tmp_path: Path) -> None:
    bot = bots.healthy(tmp_path)
    bots.edit(bot / "config.yml", COMPONENT, f"{COMPONENT}    default_language: zh\n")
    assert bots.found(bot) == [("warning", "default-languages-differ", "endpoints.yml:6")]
    with (bot / "endpoints.yml").open("a") as file:
        file.write("  default_language: zh\n")
    assert bots.found(bot) == []
