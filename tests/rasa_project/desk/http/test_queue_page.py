"""The queue on the desk's page, in real Chromium."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.rasa_project.desk.desk_process import DeskProcess, Person
from tests.rasa_project.desk.rasa_like import RasaLike, emotion, handoff, slot, user
from tests.rasa_project.desk.signed_in import page_of

pytestmark = [pytest.mark.browser, pytest.mark.services]

FILE = """
teams:
  billing: {name: {en: Billing, zh: 账务}, when: [{slot: {topic: billing}}]}
  delivery: {name: {en: Delivery, zh: 配送}}
default_team: delivery
targets: {normal: {first: 10m, next: 5m}, urgent: {first: 1s, next: 1s}}
tell_place: false
"""


@pytest.fixture
async def desk(rasa: RasaLike, tmp_path: Path) -> AsyncIterator[DeskProcess]:
    """A desk with two teams."""
    process = DeskProcess(rasa, tmp_path)
    process.configure(FILE)
    await process.start()
    yield process
    await process.end()


@pytest.fixture
async def page(chromium_browser: Browser, desk: DeskProcess, li: Person) -> AsyncIterator[Page]:
    """Li's page, who answers Billing in English."""
    status, output = await desk.user("work", "agent", "--team", "billing", "--language", "en")
    assert status == 0, output
    options = {"permissions": ["notifications"], "base_url": desk.url}
    async with page_of(chromium_browser, li, **options) as page:
        yield page


async def test_whose_work_it_is_stands_first_with_outlook_and_countdown(
    page: Page, rasa: RasaLike
) -> None:
    await rasa.add("other", user("我的包裹呢", emotion()), *handoff())
    await rasa.add("mine", slot("topic", "billing"), user("refund!", emotion()), *handoff())
    group = page.locator(".group")
    await expect(group).to_have_count(2)
    await expect(group.first).to_contain_text("For you1")
    await expect(group.first.locator(".ticket")).to_contain_text("Likely to end dissatisfied (62%)")
    await expect(group.first.locator(".countdown")).to_contain_text("First answer in 9:")
    await expect(group.nth(1).locator(".ticket")).to_be_hidden()
    await group.nth(1).get_by_text("For other teams or languages").click()
    await expect(group.nth(1).locator(".ticket")).to_be_visible()

    await group.first.locator(".ticket").click()
    await expect(page.get_by_role("meter")).to_have_attribute("value", "0.62")
    await page.get_by_text("More", exact=True).click()
    await page.get_by_label("Priority").select_option("urgent")
    await expect(page.locator(".title .countdown")).to_contain_text("Answer overdue by")
    await expect(group.first.locator(".mark").first).to_contain_text("Answer overdue by")
    await expect(group.first.locator(".ticket")).to_contain_text("Priority: Urgent")


async def test_a_conversation_is_passed_on_with_a_note_put_off_and_brought_back(
    page: Page, desk: DeskProcess, rasa: RasaLike
) -> None:
    ana = Person(desk)
    await ana.enter("ana", await desk.add_agent("ana"), "Ana", "a password of Ana's")
    await rasa.add("c", slot("topic", "billing"), user("refund!", emotion()), *handoff())
    await page.locator(".ticket").click()
    await expect(page.get_by_role("button", name="Take conversation")).to_be_focused()
    await page.keyboard.press("Alt+KeyZ")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="In three hours").click()
    await dialog.get_by_role("button", name="Put off", exact=True).click()
    await expect(page.locator(".strip")).to_contain_text("Back at")
    await expect(page.locator(".group summary")).to_contain_text("Put off")
    await page.get_by_text("More", exact=True).click()
    await page.get_by_role("button", name="Bring back now").click()
    await expect(page.locator(".strip")).to_be_empty()

    await page.keyboard.press("Alt+KeyP")
    await dialog.get_by_label("To", exact=True).select_option(value="agent:2")
    await dialog.get_by_label("Note for them").fill("asks for a refund")
    await dialog.get_by_role("button", name="Pass on").click()
    await expect(page.locator(".foot")).to_have_text("Ana is answering this customer.")
    await expect(page.locator(".strip")).to_have_text("Note from Li: asks for a refund")
    await ana.close()


async def test_a_new_customer_is_announced_once_the_agent_has_turned_that_on(
    page: Page, rasa: RasaLike
) -> None:
    await page.evaluate(
        """() => {
            window.shown = [];
            const Real = window.Notification;
            window.Notification = class extends Real {
                constructor(title, options) { super(title, options); window.shown.push(title); }
            };
        }"""
    )
    bell = page.get_by_role("button", name="Sound and notifications are off. Turn on")
    await rasa.add("quiet", slot("topic", "billing"), user("one", emotion()), *handoff())
    # The queue has taken it in by now.
    await expect(page.locator(".ticket .countdown")).to_contain_text("First answer in")
    await bell.click()
    await rasa.add("heard", slot("topic", "billing"), user("two", emotion()), *handoff())
    await expect(page.locator(".ticket")).to_have_count(2)
    # Playwright's own waiting runs by `eval`, which the page's policy forbids.
    while not await page.evaluate("window.shown.length"):
        await asyncio.sleep(0.1)
    await rasa.add("theirs", user("three", emotion()), *handoff())
    await expect(page.locator(".group")).to_have_count(2)
    assert await page.evaluate("window.shown") == ["A customer is waiting"]
    await page.reload()
    await expect(page.get_by_role("button", name="Sound and notifications are on.")).to_be_visible()


async def test_until_when_a_channel_takes_answers_is_said_before_one_writes(
    page: Page, rasa: RasaLike
) -> None:
    later = user("refund!", emotion(), reply_until=time.time() + 5 * 3600)
    await rasa.add("mine", slot("topic", "billing"), later, *handoff())
    await page.locator(".ticket").click()
    window = page.locator(".reply-window")
    await expect(window).to_contain_text("The customer's channel takes answers until")
    await rasa.add("mine", user("hello?", emotion(), reply_until=time.time() - 60))
    await expect(window).to_contain_text("They have to write first.")
    await expect(window).to_have_attribute("data-left", "none")
    if folder := os.environ.get("SCREENSHOTS"):
        await page.set_viewport_size({"width": 390, "height": 844})
        await page.screenshot(path=f"{folder}/reply-window.png")
    await rasa.add("mine", user("a channel without such a limit", emotion()))
    await expect(window).to_be_hidden()
