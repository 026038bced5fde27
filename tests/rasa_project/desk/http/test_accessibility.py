"""Each view of the desk under axe-core, in light and dark, in both languages."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests import axe
from tests.rasa_project.desk.desk_process import DeskProcess, Person
from tests.rasa_project.desk.rasa_like import RasaLike, bot, emotion, handoff, slot, user

pytestmark = [pytest.mark.browser, pytest.mark.services]

FILE = """
teams:
  billing: {name: {en: Billing, zh: 账务}, when: [{slot: {topic: billing}}]}
  delivery: {name: {en: Delivery, zh: 配送}}
default_team: delivery
targets: {normal: {first: 10m, next: 5m}, urgent: {first: 1s, next: 1s}}
tell_place: false
"""
PASSWORD = "a password of Li's"
# Each language is looked over in one scheme whole, and in the other by its colours.
PASSES = [("en-GB", "light", "dark"), ("zh-CN", "dark", "light")]


class Looker:
    """Goes through the page and keeps what axe finds, view by view."""

    def __init__(self, page: Page, name: str, first: str, second: str) -> None:
        self.page = page
        self._name, self._first, self._second = name, first, second
        self.faults: list[str] = []

    async def look(self, view: str) -> None:
        """Look a view over in both schemes."""
        faults = await axe.found(self.page)
        await self._photograph(view, self._first)
        await self._scheme(self._second)
        faults += await axe.too_faint(self.page)
        await self._photograph(view, self._second)
        await self._scheme(self._first)
        self.faults += [f"{view}: {fault}" for fault in faults]

    async def dialog(self, view: str, opener: str | Locator) -> None:
        """Open a dialog by a key or a button, look it over, and close it."""
        if isinstance(opener, str):
            await self.page.keyboard.press(opener)
        else:
            await opener.click()
        await expect(self.page.locator("dialog")).to_be_visible()
        await self.look(view)
        await self.page.keyboard.press("Escape")
        await expect(self.page.locator("dialog")).to_have_count(0)

    async def _scheme(self, scheme: str) -> None:
        await self.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")

    async def _photograph(self, view: str, scheme: str) -> None:
        if folder := os.environ.get("SCREENSHOTS"):
            for width in (1280, 390) if scheme == self._first else (1280,):
                await self.page.set_viewport_size({"width": width, "height": 800})
                name = f"{folder}/{view}-{self._name}-{scheme}-{width}.png"
                await self.page.screenshot(path=name)
            await self.page.set_viewport_size({"width": 1280, "height": 800})


@pytest.fixture
async def desk(rasa: RasaLike, tmp_path: Path) -> AsyncIterator[DeskProcess]:
    """A desk with two teams."""
    process = DeskProcess(rasa, tmp_path)
    process.configure(FILE)
    await process.start()
    yield process
    await process.end()


async def _fill(rasa: RasaLike, li: Person) -> None:
    """Have one conversation of each kind: Li's, waiting, closed, put off, at risk with the bot."""
    late = user("my order A1042 is late, since 3 March", emotion("worry", -0.4, 0.4))
    await rasa.add(
        "mine", late, bot("I'm sorry."), slot("order_number", "A1042"),
        user("THREE WEEKS!!! 太过分了", emotion(), reply_until=time.time() + 3600), *handoff(),
    )  # fmt: skip
    await li.wait_for_tickets(1)
    await li.post("tickets/1/claim")
    await li.post("tickets/1/messages", {"id": "answer-0001", "text": "Good morning, I'm Li."})
    await li.post("tickets/1/notes", {"id": "note-00001", "text": "the carrier lost it"})
    await rasa.add("waiting", slot("topic", "billing"), user("refund!", emotion()), *handoff())
    await rasa.add("closed", user("thank you", emotion("joy", 0.7, 0.6)), *handoff())
    await rasa.add("later", user("call me tomorrow", emotion("neutral", 0.0, 0.1)), *handoff())
    await rasa.add("at risk", user("this is a joke", emotion("frustration", -0.7, 0.8)))
    for ticket in await li.wait_for_tickets(4):
        if ticket["conversation"] == "closed":
            await li.post(f"tickets/{ticket['id']}/claim")
            await li.post(f"tickets/{ticket['id']}/resolve", {"note": "", "outcome": "solved"})
        if ticket["conversation"] == "later":
            body = {"id": "snooze-001", "until": time.time() + 3600}
            await li.post(f"tickets/{ticket['id']}/snooze", body)
        if ticket["conversation"] == "waiting":
            body = {"id": "urgent-001", "priority": "urgent"}
            await li.post(f"tickets/{ticket['id']}/priority", body)


@pytest.mark.parametrize(("language", "first", "second"), PASSES, ids=["English", "Chinese"])
async def test_axe_finds_nothing_on_any_view(
    chromium_browser: Browser, desk: DeskProcess, rasa: RasaLike, language: str, first: str,
    second: str,
) -> None:  # fmt: skip
    page = await chromium_browser.new_page(
        locale=language,
        color_scheme="dark" if first == "dark" else "light",
        reduced_motion="reduce",
        viewport={"width": 1280, "height": 800},
    )
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    looker = Looker(page, language[:2], first, second)
    li = await _at_the_door(looker, desk)
    await _fill(rasa, li)
    await _queue_and_conversation(looker)
    await _supervisors(looker)
    await _office(looker)
    await li.close()
    assert (looker.faults, faults) == ([], [])


async def _at_the_door(looker: Looker, desk: DeskProcess) -> Person:
    page = looker.page
    await page.goto(desk.url)
    await expect(page.locator("#field-0")).to_be_focused()
    await looker.look("sign-in")
    await page.locator("#field-0").fill("agent")
    await page.locator("#field-1").fill("wrong")
    await page.keyboard.press("Enter")
    await expect(page.locator("#door-error")).not_to_be_empty()
    await looker.look("sign-in-refused")
    await page.locator("#field-1").fill(desk.one_time_password())
    await page.keyboard.press("Enter")
    await expect(page.locator("#field-2")).to_be_visible()
    await looker.look("choose-password")
    li = Person(desk)
    await li.enter("agent", desk.one_time_password(), "Li", PASSWORD)
    await page.reload()
    await page.locator("#field-0").fill("agent")
    await page.locator("#field-1").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.locator(".empty")).to_be_visible()
    await looker.look("nobody-waits")
    return li


async def _queue_and_conversation(looker: Looker) -> None:
    page = looker.page
    await expect(page.locator("button.ticket")).to_have_count(3)
    await page.locator("nav .tab").nth(1).click()
    await page.locator("button.ticket").first.click()
    await expect(page.locator(".case section").first).to_be_visible()
    await looker.look("closed")
    await page.locator("nav .tab").first.click()
    await page.keyboard.press("Alt+KeyN")
    await expect(page.locator("button.take")).to_be_focused()
    await looker.look("waiting")
    await page.locator("button.ticket", has_text="#1").click()
    await expect(page.locator("form.composer textarea")).to_be_focused()
    await expect(page.locator(".case section").first).to_be_visible()
    await looker.look("answering")
    for view, key in (
        ("pass-on", "Alt+KeyP"), ("put-off", "Alt+KeyZ"), ("hand-back", "Alt+KeyB"),
        ("resolve", "Alt+KeyS"), ("shortcuts", "Alt+KeyK"),
    ):  # fmt: skip
        await looker.dialog(view, key)
    await page.locator("form.composer textarea").fill("/")
    await expect(page.locator(".slash")).to_be_visible()
    await looker.look("library-by-slash")
    await page.locator("form.composer textarea").fill("")
    await page.keyboard.press("Alt+KeyI")
    await page.locator(".mood-table summary").click()
    await page.locator(".menu summary").click()
    await looker.look("note-table-and-menu")
    await page.keyboard.press("Escape")
    await looker.dialog("merge", await _menu_item(page))
    await page.locator(".message.customer button.chip").last.click()
    await expect(page.locator(".popup")).to_be_visible()
    await looker.look("correct")
    await page.keyboard.press("Escape")


async def _menu_item(page: Page) -> Locator:
    await page.locator(".menu summary").click()
    return page.locator(".menu .items button").last


async def _supervisors(looker: Looker) -> None:
    page = looker.page
    await page.locator(".library-button").click()
    await expect(page.locator(".answers > li").first).to_be_visible()
    await looker.look("library")
    await page.locator(".library .actions .primary").click()
    await looker.look("library-new")
    await page.keyboard.press("Escape")
    views = page.locator(".views button")
    await views.nth(1).click()
    await page.locator(".floor .people button").first.click()
    await expect(page.locator(".watching .message").first).to_be_visible()
    await looker.look("live")
    await views.nth(2).click()
    await expect(page.locator(".tile")).to_have_count(6)
    await page.locator(".card summary").first.click()
    await looker.look("figures")
    await views.first.click()


async def _office(looker: Looker) -> None:
    page = looker.page
    await page.locator(".bar .me").click()
    tabs = page.locator(".office .tabs button")
    for index, view in enumerate(("you", "people", "tokens", "log")):
        await tabs.nth(index).click()
        filled = ".office tbody tr" if view == "log" else ".office-stage .page"
        await expect(page.locator(filled).first).to_be_visible()
        await looker.look(view)
