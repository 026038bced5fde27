"""Notes, corrections, the library and suggestions in real Chromium."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.rasa_project.desk.desk_process import Person
from tests.rasa_project.desk.rasa_like import RasaLike, bot, emotion, handoff, slot, user
from tests.rasa_project.desk.signed_in import page_of

pytestmark = [pytest.mark.browser, pytest.mark.services]


@pytest.fixture
async def page(chromium_browser: Browser, li: Person) -> AsyncIterator[Page]:
    """The page of an admin who is signed in."""
    async with page_of(chromium_browser, li) as page:
        yield page


async def test_an_agent_works_by_keyboard_with_library_notes_tags_and_corrections(
    page: Page, rasa: RasaLike
) -> None:
    late = user("my order A1042 is late, since 3 March", emotion("joy", 0.6, 0.7))
    late["parse_data"]["intent"] = {"name": "late_delivery", "confidence": 0.91}
    said = {"event": "action", "name": "utter_late_status", "confidence": 1.0}
    await rasa.add("c", late, said, bot("It is."), slot("order_number", "A1042"), *handoff())
    await expect(page.locator("button.ticket")).to_have_count(1)
    await page.keyboard.press("Alt+KeyN")
    await expect(page.get_by_role("button", name="Take conversation")).to_be_focused()
    await page.keyboard.press("Alt+KeyT")
    box = page.get_by_label("Your answer")
    await expect(box).to_be_focused()

    # The side: summary, facts and what was tried.
    await expect(page.locator(".mentioned li")).to_have_text(["A1042", "3 March"])
    await expect(page.locator(".tried li")).to_contain_text(
        ["understood late delivery · 91% sure", "did late status", "Handed over"]
    )

    # A suggestion by Alt and its number, then another answer by a slash.
    offered = page.locator(".suggestions .text")
    await expect(offered.first).to_contain_text("Order A1042 was handed to the carrier.")
    await page.keyboard.press("Alt+Digit1")
    await expect(box).to_have_value("Order A1042 was handed to the carrier. The tracking page "
                                    "shows its last stop: {tracking_link}")  # fmt: skip
    await page.keyboard.press("Enter")  # goes to the blank instead of sending
    await expect(page.locator("#composer-hint")).to_contain_text("Fill in {tracking_link}")
    await page.keyboard.type("https://x.example/1 /glad")
    await expect(page.get_by_role("textbox", name="Your answer")).to_have_attribute(
        "aria-activedescendant", "slash-list-0"
    )
    await page.keyboard.press("Escape")
    await page.keyboard.press("Backspace")
    await page.keyboard.type("d/")
    await expect(page.get_by_role("listbox")).to_have_count(0)
    await box.fill("/hel")
    await box.press("End")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Enter")
    await expect(box).to_have_value("Hello, this is Li. I have read what you wrote to the "
                                    "assistant, so you don't have to repeat it.")  # fmt: skip
    await page.keyboard.press("Enter")
    await expect(page.locator(".message.agent")).to_have_count(1)

    # A note for colleagues, which no customer gets.
    await page.keyboard.press("Alt+KeyI")
    await page.keyboard.type("the carrier lost it")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message.note")).to_contain_text("the carrier lost it")
    assert "the carrier lost it" not in await rasa.bot_texts("c")

    # One click opens the labels, one corrects.
    chip = page.locator(".message.customer button.chip")
    await chip.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitemradio", name="Joy")).to_be_focused()
    await page.keyboard.press("End")
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Enter")
    await expect(chip).to_have_text("Anger · corrected")

    await page.get_by_label("Add tag").fill("Late Parcel")
    await page.keyboard.press("Enter")
    await expect(page.locator(".tags .mark")).to_have_text(["late parcel×"])
    earlier = page.get_by_role("button", name="Should have come earlier")
    await earlier.click()
    await expect(earlier).to_have_attribute("aria-pressed", "true")

    await page.keyboard.press("Alt+KeyS")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Tab")
    await page.keyboard.type("sent the link")
    await page.keyboard.press("Enter")
    await expect(page.locator(".state")).to_contain_text("Resolved")
    await expect(page.locator(".case")).to_contain_text("Question answered")

    # The customer comes back; the first conversation is one press away.
    await rasa.add("c", user("still nothing", emotion()), *handoff())
    await expect(page.locator("button.ticket")).to_have_count(1)
    await page.keyboard.press("Alt+KeyN")
    await expect(page.locator("h2", has_text="Conversation 2")).to_be_visible()
    await page.get_by_role("button", name="#1 · ").click()
    await expect(page.locator("h2", has_text="Conversation 1")).to_be_visible()
    table = page.get_by_text("Show as a table")
    await table.click()
    await expect(page.locator(".mood-table tr")).to_contain_text(
        ["When", "my order A1042", "Handed over here", "still nothing"]
    )


async def test_a_note_that_is_long_under_way_calls_nobody_back_and_loses_no_word(
    page: Page, rasa: RasaLike
) -> None:
    await rasa.add("c", user("where is my order", emotion()), *handoff())
    await expect(page.locator("button.ticket")).to_have_count(1)
    await page.keyboard.press("Alt+KeyN")
    await expect(page.get_by_role("button", name="Take conversation")).to_be_focused()
    await page.keyboard.press("Alt+KeyT")
    answer = page.get_by_label("Your answer")
    await expect(answer).to_be_focused()
    held: asyncio.Queue[Route] = asyncio.Queue()
    await page.route("**/notes", lambda route: held.put_nowait(route))

    # On to the answer while the note is on its way.
    await page.keyboard.press("Alt+KeyI")
    await page.keyboard.type("the carrier lost it\n")
    under_way = await held.get()
    await answer.focus()
    await under_way.continue_()
    await expect(page.locator(".message.note")).to_have_count(1)
    await expect(page.locator(".note-form")).to_have_count(0)
    await expect(answer).to_be_focused()

    # What is typed on meanwhile is the next note.
    await page.keyboard.press("Alt+KeyI")
    await page.keyboard.type("a new parcel goes out\n")
    under_way = await held.get()
    box = page.locator(".note-form textarea")
    await box.fill("by courier")
    await under_way.continue_()
    await expect(page.locator(".message.note")).to_have_count(2)
    await expect(box).to_have_value("by courier")
    await expect(box).to_be_focused()
    await page.unroute_all()
    await page.keyboard.press("Enter")
    await expect(page.locator(".message.note p")).to_have_text(
        ["the carrier lost it", "a new parcel goes out", "by courier"]
    )


async def test_a_supervisor_keeps_the_library_in_two_languages(page: Page) -> None:
    await page.get_by_role("button", name="Answers", exact=True).click()
    await page.get_by_role("button", name="New answer").click()
    await page.keyboard.type("hello")
    await page.get_by_label("Text in Chinese").fill("您好")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("alert").filter(has_text="/hello")).to_be_visible()
    await page.get_by_label("Shortcut", exact=True).fill("gruss")
    await page.get_by_label("Anger").check()
    await page.get_by_role("button", name="Save").click()
    await page.get_by_label("Search the library").fill("您好")
    row = page.locator(".answers > li", has_text="/gruss")
    await expect(row).to_contain_text("您好")
    page.on("dialog", lambda dialog: dialog.accept())
    await row.get_by_role("button", name="Remove").click()
    await expect(row).to_have_count(0)
