"""Thousands of tickets and of messages on the desk's page, in real Chromium."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from rasa_project.desk.store.database import Store
from tests.rasa_project.desk import crowd
from tests.rasa_project.desk.desk_process import DeskProcess, Person
from tests.rasa_project.desk.rasa_like import RasaLike, emotion, user
from tests.rasa_project.desk.signed_in import page_of

pytestmark = [pytest.mark.browser, pytest.mark.services]

TICKETS = 1_200  # three pages of the API's
TURNS = 500
SEEN = "node => node.checkVisibility({ contentVisibilityAuto: true })"
TOP = "node => node.getBoundingClientRect().top"
COUNT = "([selector, count]) => document.querySelectorAll(selector).length >= count"
LAST_SAID = """([said]) =>
  document.querySelector("ol.log").lastElementChild.textContent.includes(said)"""
PATIENCE_MS = 300_000


@pytest.fixture
def tickets() -> int:
    """How many are open."""
    return 3


@pytest.fixture
async def desk(rasa: RasaLike, tmp_path: Path, tickets: int) -> AsyncIterator[DeskProcess]:
    """A desk on a bad day."""
    process = DeskProcess(rasa, tmp_path)
    store = Store(process.environment["ATTUNE_DESK_DB"])
    store.open()
    crowd.fill(store, tickets, TURNS)
    store.close()
    await process.start()
    yield process
    await process.end()


@pytest.fixture
async def page(chromium_browser: Browser, li: Person) -> AsyncIterator[Page]:
    """Li's page."""
    async with page_of(chromium_browser, li) as page:
        await comes(page, COUNT, "button.ticket", 1)
        yield page


async def comes(page: Page, holds: str, *given: Any) -> None:
    """Wait until something holds on the page, with a look at few elements, however long it takes.

    An `expect` that does not hold yet reads the whole page for its message. With thousands of
    entries that takes seconds, in which the page itself gets nothing done; so each one comes after
    what it is about, where that takes a while.
    """
    await page.wait_for_function(holds, arg=list(given), timeout=PATIENCE_MS)


async def until(holds: Callable[[], Awaitable[Any]]) -> None:
    """Wait for something that no locator tells."""
    while not await holds():
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("tickets", [TICKETS])
async def test_all_of_many_tickets_are_there_and_only_those_in_sight_are_drawn(
    page: Page, rasa: RasaLike
) -> None:
    entries = page.locator("button.ticket")
    await comes(page, COUNT, "button.ticket", TICKETS)
    await expect(entries).to_have_count(TICKETS)
    await expect(page.locator(".group .count").first).to_have_text(str(TICKETS))
    assert await entries.first.evaluate(SEEN)
    assert not await entries.nth(TICKETS - 1).evaluate(SEEN)
    # One place for Tab; the arrow keys, Home and End go on from there, and the times run there.
    assert await page.locator("button.ticket[tabindex='0']").count() == 1
    await entries.first.focus()
    await page.keyboard.press("ArrowDown")
    await expect(entries.nth(1)).to_be_focused()
    await page.keyboard.press("End")
    await expect(entries.last).to_be_focused()
    await until(lambda: entries.last.evaluate(SEEN))
    await until(entries.last.locator(".clock").inner_text)
    await expect(entries.last.locator(".clock")).not_to_be_empty()
    last = await entries.last.locator(".name").inner_text()
    # Somebody else's news moves the list, not the one who stands in it.
    await rasa.add("c7", user("now I am really angry", emotion()))
    await until(entries.filter(has_text="now I am really angry").count)
    await expect(entries.filter(has_text="now I am really angry")).to_have_count(1)
    await expect(page.locator("button.ticket:focus .name")).to_have_text(last)
    await page.keyboard.press("Enter")
    await comes(page, COUNT, ".conversation h2", 1)
    await expect(page.locator(".conversation h2")).to_contain_text(last.removeprefix("#"))
    await page.keyboard.press("Alt+KeyQ")
    await expect(page.locator("button.ticket:focus .name")).to_have_text(last)


async def test_a_long_conversation_comes_from_its_end_and_earlier_parts_on_demand(
    page: Page, rasa: RasaLike
) -> None:
    log, messages = page.locator("ol.log"), page.locator("ol.log li.message")
    await page.keyboard.press("Alt+KeyN")
    await comes(page, COUNT, "ol.log li.message", 200)
    await expect(messages).to_have_count(200)
    await expect(messages.last).to_be_in_viewport()
    await expect(messages.last).to_contain_text(f"{TURNS - 1}: ")
    news = page.locator(".talk > [role=log]")
    await expect(news).to_be_empty()

    # What comes is read out once; who reads at the end is taken along.
    await rasa.add(crowd.LONG, user("are you still there?", emotion()))
    await comes(page, LAST_SAID, "are you still there?")
    await expect(messages.last).to_contain_text("are you still there?")
    await expect(messages.last).to_be_in_viewport()
    await expect(news).to_have_text("Customer: are you still there?")

    # Who scrolls up gets what was before, and stays at what they read.
    await log.hover()
    await log.evaluate("log => { log.scrollTop = 500 }")
    await comes(page, COUNT, "ol.log li.message", 401)
    top = await messages.nth(200).evaluate(TOP)
    await rasa.add(crowd.LONG, user("hello?", emotion()))
    await comes(page, LAST_SAID, "hello?")
    await expect(messages).to_have_count(402)
    assert abs(await messages.nth(200).evaluate(TOP) - top) <= 2
    await expect(news).to_have_text("Customer: are you still there?Customer: hello?")

    # By the keyboard, too, to the very beginning.
    more = page.get_by_role("button", name="Show earlier messages")
    while await more.count():
        before = await messages.count()
        await more.press("Enter")
        await comes(page, COUNT, "ol.log li.message", before + 1)
    await expect(messages).to_have_count(TURNS + 2)
    await expect(messages.first).to_contain_text("0: Where is my parcel?")
    said = await messages.locator(".bubble").all_text_contents()
    assert [text.split(":")[0] for text in said[:TURNS]] == [str(turn) for turn in range(TURNS)]
    assert said[TURNS:] == ["are you still there?", "hello?"]
    # All of them are one list; only what is in sight is drawn.
    assert await page.get_by_role("list", name="Transcript").get_by_role("listitem").count() > TURNS
    drawn = await messages.evaluate_all(f"nodes => nodes.filter({SEEN}).length")
    assert 0 < drawn < TURNS // 2
    await expect(log).to_be_focused()

    # The browser's search finds what is not drawn, which is drawn for it.
    assert not await messages.nth(300).evaluate(SEEN)
    assert await page.evaluate("() => window.find('300: 订单还没有到，已经等了很久')")
    await until(lambda: messages.nth(300).evaluate(SEEN))

    # Tab finds one emotion, the arrow keys the others.
    assert await page.locator("ol.log button.chip[tabindex='0']").count() == 1
    chips = page.locator("ol.log button.chip")
    await chips.last.focus()
    await page.keyboard.press("ArrowUp")
    await expect(chips.nth(-2)).to_be_focused()

    # An answer brings the latest part anew; what was fetched before it stays.
    await page.keyboard.press("Alt+KeyT")
    await comes(page, COUNT, ".composer textarea:focus", 1)
    await expect(page.get_by_label("Your answer")).to_be_focused()
    await page.keyboard.type("I am here.")
    await page.keyboard.press("Enter")
    await comes(page, COUNT, "ol.log .message.agent", 1)
    await expect(log.locator(".message.agent")).to_have_count(1)
    await expect(messages.last).to_be_in_viewport()
    assert await messages.count() > TURNS


async def test_a_line_of_the_summary_leads_to_a_message_that_was_not_fetched_yet(
    page: Page,
) -> None:
    await page.keyboard.press("Alt+KeyN")
    await comes(page, COUNT, ".summary button.line", 1)
    line = page.locator(".summary button.line").first
    words = await line.locator("span").first.inner_text()
    await line.click()
    await comes(page, COUNT, "ol.log li.message.shown", 1)
    shown = page.locator("ol.log li.message.shown")
    await expect(shown).to_contain_text(words.split(":")[0])
    await expect(shown).to_be_in_viewport()
