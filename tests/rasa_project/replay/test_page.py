from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser

from emotion_component.escalation import Settings
from rasa_project.conversations import conversation
from rasa_project.replay.comparing import Comparison
from rasa_project.replay.page import page
from rasa_project.replay.playing import Player
from rasa_project.replay.policy_settings import Tried
from tests.rasa_project.conversations.stored import answered, emotion, said, tracker

ANGRY, CALM = emotion("anger", 0.9), emotion("neutral")
TALKS = {
    "<script>alert(1)</script>": [said("<img src=x onerror=alert(2)>", ANGRY), *answered()],
    "顾客-2": [said("我的订单晚了三个星期，没人回复！！！", ANGRY), *answered()] * 2,
    "calm": [said("hello", CALM, "greet"), *answered()],
    "buttons": [said("/greet"), *answered()],
    "one long word " + "x" * 300: [said("y" * 3_000, ANGRY), *answered()],
    "long": [
        each
        for turn in range(300)
        for each in (said(f"turn {turn}", CALM, "chitchat"), *answered())
    ],
}
TRIED = Tried(
    Settings.from_config({"weights": {"intensity": 0.6}}), "config.yml with weights.intensity=0.6"
)


def comparison() -> Comparison:
    made = Comparison(keep=50)
    for name, events in TALKS.items():
        talk = tracker(name, events)
        stored = conversation.read(name, [event.as_dict() for event in talk.events])
        made.add(stored, Player(TRIED.settings).play(stored))
    return made


def render(made: Comparison) -> str:
    return page(made.totals, made.shown(), "tracker.db", TRIED)


def test_nothing_of_a_customer_becomes_markup() -> None:
    text = render(comparison())
    assert "<script" not in text
    assert "<img" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;: newly offered at turn 1" in text


def test_the_page_fetches_nothing() -> None:
    text = render(comparison())
    assert re.findall(r"""(?:src|href)=["'](?!#)[^"']*|url\((?!#)[^)]*|@import""", text) == []


def test_each_conversation_has_two_timelines_and_a_calm_one_a_single_one() -> None:
    sections = re.findall(
        r'<section aria-label="([^"]*)">(.*?)</section>', render(comparison()), re.S
    )
    drawings = {name: section.count('role="img"') for name, section in sections}
    assert drawings == {
        **dict.fromkeys([name for name in drawings if name not in ("calm", "buttons", "long")], 2),
        **{"calm": 1, "buttons": 1, "long": 1},
    }
    assert len(sections) == len(TALKS)


def test_a_drawing_says_in_words_what_it_shows() -> None:
    text = render(comparison())
    assert (
        'aria-label="With the settings tried: valence over 2 turns; '
        'offered a human at turn 1, held back: an offer at turn 2"'
    ) in text
    assert 'aria-label="What happened: valence over 2 turns; no decision"' in text


def test_a_message_has_the_language_that_it_is_written_in() -> None:
    assert '<q lang="zh" style="overflow-wrap: anywhere">我的订单晚了' in render(comparison())


def test_the_forecast_is_shown_where_a_message_has_one() -> None:
    made = Comparison(keep=1)
    events = [said("a", {**ANGRY, "forecast": 0.342}), *answered(), said("b", ANGRY)]
    talk = conversation.read("x", [event.as_dict() for event in tracker("x", events).events])
    made.add(talk, Player(TRIED.settings).play(talk))
    assert render(made).count("forecast 34 %") == 1
    assert render(made).count('class="note">forecast') == 1


def test_a_long_conversation_is_cut_and_says_so() -> None:
    text = render(comparison())
    assert text.count("turn 99<") == 1
    assert "turn 100<" not in text
    assert "and 200 more." in text


def test_without_conversations_that_differ_it_says_so() -> None:
    made = Comparison(keep=50)
    assert "Nothing would have been decided otherwise." in render(made)
    assert "Nothing would have been decided otherwise." not in render(comparison())


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1200])
async def test_it_fits_a_phone_and_a_desk(
    width: int, tmp_path: Path, chromium_browser: Browser
) -> None:
    (tmp_path / "replay.html").write_text(render(comparison()), encoding="utf-8")
    context = await chromium_browser.new_context(
        viewport={"width": width, "height": 800}, java_script_enabled=True
    )
    window = await context.new_page()
    asked: list[str] = []
    window.on("request", lambda request: asked.append(request.url))
    await window.goto((tmp_path / "replay.html").as_uri())
    assert await window.evaluate("document.documentElement.scrollWidth") <= width
    left, right = await window.evaluate(
        "[...document.querySelector('.figures').children].map(e => e.getBoundingClientRect().top)"
    )
    assert (left == right) == (width == 1200)  # side by side where there is room
    assert asked == [(tmp_path / "replay.html").as_uri()]
    await context.close()
