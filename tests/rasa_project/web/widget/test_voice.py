"""Voice notes, recorded in real Chromium from a microphone that beeps."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, expect

from tests.rasa_project.web.widget.shop import Shop

pytestmark = [
    pytest.mark.browser,
    pytest.mark.services,
    pytest.mark.asyncio(loop_scope="session"),
]

# Debian's Chromium has the interface and no service behind it: this one understands one word.
UNDERSTANDS = """
window.SpeechRecognition = class extends EventTarget {
  start() {
    window.listensIn = this.lang;
    setTimeout(() => {
      const event = new Event('result');
      event.results = [[{transcript: 'order'}]];
      this.dispatchEvent(event);
    });
  }
  stop() { this.dispatchEvent(new Event('end')); }
  abort() { this.stop(); }
};
"""
DEAF = "delete window.SpeechRecognition; delete window.webkitSpeechRecognition;"
REMEMBERS = """
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (what) => (window.microphone = await ask(what));
"""
PLAYS = """async (player) => {
  player.muted = true;
  await player.play();
  await new Promise((resolve) => { player.ontimeupdate = () => player.currentTime > 0 && resolve(); });
  return player.error === null;
}"""  # noqa: E501


def speak(shop: Shop) -> Locator:
    return shop.page.get_by_role("button", name="Record a voice message")


async def record(shop: Shop) -> None:
    await speak(shop).click()
    timer = shop.page.get_by_role("timer", name="Recording")
    await expect(timer).to_have_text(re.compile("^0:0[1-9]$"))


async def test_a_voice_note_is_recorded_sent_and_can_be_heard_also_after_a_reload(
    shop: Shop,
) -> None:
    await shop.page.add_init_script(DEAF)
    await shop.visit_with_tag()
    await shop.open()
    await record(shop)
    done = shop.page.get_by_role("button", name="Add the recording to the message")
    await expect(done).to_be_focused()
    await shop.page.keyboard.press("Enter")
    await expect(shop.chat.locator(".uploads audio")).to_be_visible()
    await expect(shop.input).to_be_focused()
    await shop.page.keyboard.press("Enter")
    for _ in range(2):
        player = shop.chat.locator(".user audio")
        await expect(player).to_have_attribute("aria-label", re.compile(r"^Voice message, \d+ s"))
        assert await player.evaluate(PLAYS)
        await shop.page.reload()
        await shop.open()
    [event] = await shop.turns(1)
    [held] = event["metadata"]["attachments"]
    assert (event["text"], held["kind"], held["mime_type"]) == ("🎤", "audio", "audio/webm")


async def test_what_the_browser_understood_is_the_messages_text_and_can_be_changed(
    shop: Shop,
) -> None:
    await shop.page.add_init_script(UNDERSTANDS)
    await shop.visit_with_tag()
    await shop.open()
    await record(shop)
    await expect(shop.chat.locator(".record-words")).to_have_text("order")
    await shop.page.get_by_role("button", name="Add the recording to the message").click()
    await expect(shop.input).to_have_value("order")
    await expect(shop.chat.locator(".uploads audio")).to_be_visible()
    await shop.say("my order")
    await expect(shop.bubbles).to_have_text(["my order", "Your order is on its way."])
    [event] = await shop.turns(1)
    held = [one["kind"] for one in event["metadata"]["attachments"]]
    assert (event["text"], event["parse_data"]["intent"]["name"], held) == (
        "my order", "order", ["audio"],
    )  # fmt: skip
    assert await shop.page.evaluate("window.listensIn") == "en-US"


@pytest.mark.parametrize("way", ["Escape", "button"])
async def test_a_recording_is_discarded_and_the_microphone_let_go(shop: Shop, way: str) -> None:
    await shop.page.add_init_script(REMEMBERS)
    await shop.visit_with_tag()
    await shop.open()
    await record(shop)
    if way == "Escape":
        await shop.page.keyboard.press("Escape")
    else:
        await shop.page.get_by_role("button", name="Discard the recording").click()
    await expect(shop.input).to_be_focused()
    await expect(shop.chat.locator(".uploads li")).to_have_count(0)
    await expect(shop.chat.locator(".recorder")).to_have_count(0)
    states = "window.microphone.getTracks().map((track) => track.readyState)"
    assert await shop.page.evaluate(states) == ["ended"]


async def test_a_page_that_may_not_listen_says_so_in_words(shop: Shop) -> None:
    await shop.visit_with_tag(headers={"Permissions-Policy": "microphone=()"})
    await shop.open()
    await speak(shop).click()
    await expect(shop.chat.locator(".problem")).to_contain_text(
        "does not let this page use the microphone"
    )
    await expect(shop.input).to_be_focused()
    await shop.say("order")
    await expect(shop.bubbles).to_have_count(2)


async def test_a_policy_without_sound_leaves_a_link_in_place_of_the_player(shop: Shop) -> None:
    await shop.page.add_init_script(DEAF)
    origin = shop.server.url
    policy = (
        f"default-src 'none'; script-src {origin}; img-src {origin}; "
        f"connect-src {origin} {origin.replace('http', 'ws')}"
    )
    await shop.visit_with_tag(policy=policy)
    await shop.open()
    await record(shop)
    await shop.page.get_by_role("button", name="Add the recording to the message").click()
    link = shop.chat.locator(".uploads a.file")
    await expect(link).to_be_visible()
    await expect(link).to_have_text(re.compile(r"^Voice message, \d+ s$"))
    shop.complaints.clear()  # the policy's own word about the player


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_voice_note_is_called_by_its_length_and_its_stored_file_keeps_its_extension(
    shop: Shop, language: str
) -> None:
    await shop.page.add_init_script(DEAF)
    await shop.visit_with_tag(f'data-language="{language}"')
    opens, speaks, done, title, removes = {
        "en": (
            "Open the chat", "Record a voice message", "Add the recording to the message",
            r"Voice message, \d+ s", "Remove ",
        ),
        "zh": ("打开聊天窗口", "录制语音消息", "将录音加入消息", r"语音消息，\d+ 秒", "移除 "),
    }[language]  # fmt: skip
    for name in (opens, speaks):
        await shop.page.get_by_role("button", name=name).click()
    timer = shop.chat.get_by_role("timer")
    await expect(timer).to_have_text(re.compile("^0:0[1-9]$"))
    await shop.page.get_by_role("button", name=done).click()
    note = shop.chat.locator(".uploads li")
    await expect(note.locator(".sound")).to_have_text(re.compile(f"^{title}$"))
    await expect(note).not_to_contain_text(".weba")
    remove = note.get_by_role("button", name=re.compile(f"^{removes}{title}$"))
    await expect(remove).to_be_visible()
    await shop.chat.locator("textarea").press("Enter")
    sent = shop.chat.locator(".user .sound")
    await expect(sent).to_have_text(re.compile(f"^{title}$"))
    label = await sent.locator("audio").get_attribute("aria-label")
    assert label == await sent.text_content()
    [event] = await shop.turns(1)
    assert [one["name"] for one in event["metadata"]["attachments"]] == [f"{label}.weba"]


async def test_a_voice_note_is_removed_before_it_is_sent(shop: Shop) -> None:
    await shop.page.add_init_script(DEAF)
    await shop.visit_with_tag()
    await shop.open()
    await record(shop)
    await shop.page.get_by_role("button", name="Add the recording to the message").click()
    await shop.page.get_by_role("button", name="Remove Voice message").click()
    await expect(shop.chat.locator(".uploads li")).to_have_count(0)
    await shop.say("order")
    [event] = await shop.turns(1)
    assert (event["text"], event["metadata"].get("attachments")) == ("order", None)


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_axe_finds_nothing_about_voice_notes_on_a_phone(shop: Shop, language: str) -> None:
    await shop.page.set_viewport_size({"width": 390, "height": 844})
    await shop.visit_with_tag(f'data-language="{language}"')
    names = {
        "en": ("Open the chat", "Record a voice message", "Add the recording to the message"),
        "zh": ("打开聊天窗口", "录制语音消息", "将录音加入消息"),
    }[language]
    for name in names[:2]:
        await shop.page.get_by_role("button", name=name).click()
    await expect(shop.chat.locator(".recorder")).to_be_visible()
    recording = await Axe().run(shop.page, "attune-chat")
    await shop.page.get_by_role("button", name=names[2]).click()
    await expect(shop.chat.locator(".uploads audio")).to_be_visible()
    await shop.chat.locator("textarea").press("Enter")
    await expect(shop.chat.locator(".user audio")).to_be_visible()
    sent = await Axe().run(shop.page, "attune-chat")
    assert recording.response["violations"] + sent.response["violations"] == []
