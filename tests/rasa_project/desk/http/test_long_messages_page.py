"""Very long messages in a transcript of five megabytes, in real Chromium."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from rasa_project.desk.inbound.tracker_events import MAX_TEXT_CHARACTERS
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import Message
from tests.rasa_project.desk import crowd
from tests.rasa_project.desk.desk_process import HEADERS, DeskProcess, Person
from tests.rasa_project.desk.rasa_like import RasaLike, emotion, user
from tests.rasa_project.desk.signed_in import page_of

pytestmark = [pytest.mark.browser, pytest.mark.services]

COUNT = 250
SHOWN = 4_000
EVIL = "<img src=x onerror=\"document.title='evil'\"><b>bold</b> 包裹 "
ALL_SAID = "() => document.querySelectorAll('ol.log li.message').length"


def long_text(number: int) -> str:
    """Words with markup; the last character that is shown at first is one of two code units."""
    head = f"{number}: " + EVIL * 1_000
    return f"{head[: SHOWN - 1]}😠{head}"[: MAX_TEXT_CHARACTERS - 5] + " end."


@pytest.fixture
async def desk(rasa: RasaLike, tmp_path: Path) -> AsyncIterator[DeskProcess]:
    """A desk with a conversation of 250 messages, each as long as one can be."""
    process = DeskProcess(rasa, tmp_path)
    store = Store(process.environment["ATTUNE_DESK_DB"])
    store.open()
    crowd.fill(store, 1, 0)
    now = time.time()
    with store.write() as session:
        session.add_all(
            Message(
                conversation_id=crowd.LONG, source=f"{number}@long", sender="customer",
                text=long_text(number), timestamp=now - COUNT + number,
                emotion=crowd.feeling(number),
            )
            for number in range(COUNT)
        )  # fmt: skip
    store.close()
    await process.start()
    yield process
    await process.end()


@pytest.fixture
async def page(chromium_browser: Browser, li: Person) -> AsyncIterator[Page]:
    """Li's page with the conversation open."""
    async with page_of(chromium_browser, li) as page:
        await page.locator("button.ticket").wait_for()
        await page.keyboard.press("Alt+KeyN")
        await page.locator("ol.log li.message").first.wait_for()
        yield page
        assert "evil" not in await page.title()
        assert await page.locator("ol.log :is(img, b)").count() == 0


async def test_of_five_megabytes_each_message_shows_its_beginning_and_says_how_long_it_is(
    page: Page,
) -> None:
    messages = page.locator("ol.log li.message")
    more = page.get_by_role("button", name="Show earlier messages")
    while (before := await page.evaluate(ALL_SAID)) < COUNT:
        await more.dispatch_event("click")
        await page.wait_for_function(f"count => ({ALL_SAID})() > count", arg=before)
    said = await page.evaluate(
        "() => [...document.querySelectorAll('ol.log .bubble > p')].map((p) => p.textContent)"
    )
    assert said == [f"{long_text(number)[: SHOWN - 1]}…" for number in range(COUNT)]
    assert sum(len(long_text(number)) for number in range(COUNT)) >= 5_000_000
    await expect(messages.last.locator("button.whole")).to_have_text("Show all 20,001 characters")
    await expect(page.locator("ol.log button.whole")).to_have_count(COUNT)


async def test_a_message_is_opened_whole_by_keyboard_and_stays_open_whatever_happens(
    page: Page, li: Person, rasa: RasaLike
) -> None:
    last = page.locator("ol.log li.message").last
    number = int(str(await last.get_attribute("data-message")))
    message = page.locator(f"li.message[data-message='{number}']")
    words = message.locator(".bubble > p")
    assert await words.inner_text() == f"{long_text(COUNT - 1)[: SHOWN - 1]}…"

    # From the message's emotion, where Tab stops, the button is one step back.
    await message.locator("button.chip[tabindex='0']").focus()
    await page.keyboard.press("Shift+Tab")
    await expect(message.locator("button.whole")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(words).to_be_focused()
    await expect(message.locator("button.whole")).to_have_count(0)
    assert await words.evaluate("p => p.textContent") == long_text(COUNT - 1)
    await expect(message).to_be_in_viewport()
    await page.keyboard.press("Tab")  # the keyboard goes on from there
    await expect(message.locator("button.chip")).to_be_focused()
    await words.focus()

    # The customer writes on.
    await rasa.add(crowd.LONG, user("Did you read it?", emotion()))
    await page.locator("ol.log").get_by_text("Did you read it?").wait_for()
    assert await words.evaluate("p => p.textContent") == long_text(COUNT - 1)
    await expect(words).to_be_focused()

    # A colleague corrects its emotion, which draws the message anew.
    await words.evaluate("p => { p.dataset.old = 'yes' }")
    url = f"{li.desk.url}/api/messages/{number}/emotion"
    async with li.http.put(url, json={"emotion": "sadness"}, headers=HEADERS) as answer:
        assert answer.status == 200, await answer.text()
    await message.locator("button.chip", has_text="Sadness").wait_for()
    assert await words.get_attribute("data-old") is None
    assert await words.evaluate("p => p.textContent") == long_text(COUNT - 1)
    await expect(words).to_be_focused()


async def test_who_corrects_an_emotion_by_keyboard_stays_at_it(page: Page) -> None:
    chip = page.locator("ol.log li.message").last.locator("button.chip")
    await chip.focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("menuitemradio", name="Sadness").focus()
    await page.keyboard.press("Enter")
    await expect(chip).to_contain_text("Sadness")
    await expect(chip).to_be_focused()
    await expect(page.locator("ol.log button.chip[tabindex='0']")).to_have_count(1)
