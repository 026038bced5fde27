"""The desk's page in real Chromium."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from tests.rasa_project.desk.desk_process import DeskProcess, Person
from tests.rasa_project.desk.rasa_like import RasaLike, bot, emotion, handoff, slot, user

pytestmark = [pytest.mark.browser, pytest.mark.services]

EVIL = "<img src=x onerror=\"document.title='evil'\"><b>bold</b>"


@pytest.fixture
async def page(chromium_browser: Browser, desk: DeskProcess) -> AsyncIterator[Page]:
    page = await chromium_browser.new_page(locale="en-GB")
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console",
        lambda message: faults.append(message.text) if "Content Security" in message.text else None,
    )
    await page.goto(desk.url)
    yield page
    assert faults == []


async def enter(page: Page, desk: DeskProcess) -> None:
    """Sign in for the first time, by keyboard alone."""
    await expect(page.get_by_label("Name")).to_be_focused()
    await page.keyboard.type("agent")
    await page.keyboard.press("Tab")
    await page.keyboard.type(desk.one_time_password())
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Your name for customers")).to_be_focused()
    await page.keyboard.type("Li")
    for _ in range(2):
        await page.keyboard.press("Tab")
        await page.keyboard.type("a password of Li's")
    await page.keyboard.press("Enter")


async def test_an_agent_takes_answers_and_hands_back(
    page: Page, desk: DeskProcess, rasa: RasaLike
) -> None:
    await enter(page, desk)
    await expect(page.get_by_text("Nobody is waiting", exact=True)).to_be_visible()
    await rasa.add("calm", user("which size?", emotion("confusion", -0.2, 0.3)), *handoff())
    await rasa.add(
        "c", user("my order is late", emotion("worry", -0.4, 0.4)), bot("I'm sorry."),
        slot("order_number", "10472"), user(EVIL, emotion()), *handoff(),
    )  # fmt: skip
    queue = page.locator("button.ticket")
    await expect(queue).to_have_count(2)
    await expect(queue.first).to_contain_text("Anger · strong")
    await expect(queue.first).to_contain_text(EVIL)
    await expect(queue.nth(1)).to_contain_text("Confusion · slight")
    await expect(page).to_have_title("(2) Attune Desk")

    await page.keyboard.press("Alt+KeyN")
    log = page.locator("ol.log")
    await expect(log.locator(".message.customer")).to_have_count(2)
    await expect(log.locator(".message.customer .chip")).to_have_text(
        ["Worry · clear", "Anger · strong"]
    )
    await expect(log.locator("img, b")).to_have_count(0)
    await expect(page.locator(".reasons li")).to_have_text(["3 negative messages in a row"])
    await expect(page.locator(".timeline circle.turn")).to_have_count(2)
    await expect(page.locator(".about dl")).to_contain_text("10472")
    await expect(page.get_by_role("button", name="Take conversation")).to_be_focused()
    await page.keyboard.press("Enter")

    await expect(page.get_by_label("Your answer")).to_be_focused()
    await page.keyboard.type("Hello, I have")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("found it.")
    await page.keyboard.press("Enter")
    answer = log.locator(".message.agent .bubble")
    await expect(answer).to_have_text("Hello, I have\nfound it.")
    await expect(log.locator(".delivery")).to_have_count(0)
    await rasa.add("c", user("thank you", emotion("gratitude", 0.7, 0.7)))
    await expect(log.locator(".message.customer").last).to_contain_text("Gratitude · strong")

    await page.keyboard.press("Alt+KeyB")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.type("Your parcel comes tomorrow.")
    await page.get_by_role("dialog").get_by_role("button", name="Hand back").click()
    await expect(page.locator(".state")).to_contain_text("Back with the assistant")
    await expect(queue).to_have_count(1)
    await expect(log.locator(".message.bot").last).to_contain_text("Your parcel comes tomorrow.")
    await expect(log.locator(".delivery")).to_have_count(0)
    assert (await rasa.bot_texts("c"))[1:3] == [
        "Li has joined the chat and has read what you wrote.",
        "Hello, I have\nfound it.",
    ]


async def test_a_conversation_that_a_colleague_took_says_so(
    page: Page, desk: DeskProcess, rasa: RasaLike
) -> None:
    await enter(page, desk)
    await rasa.add("c", user("help", emotion()), *handoff())
    await page.locator("button.ticket").click()
    take = page.get_by_role("button", name="Take conversation")
    await expect(take).to_be_visible()
    ana = Person(desk)
    await ana.enter("ana", await desk.add_agent("ana"), "Ana", "a password of Ana's")
    await ana.post("tickets/1/claim")
    await expect(page.locator(".foot")).to_have_text("Ana is answering this customer.")
    await expect(take).to_have_count(0)
    await ana.close()


async def test_the_page_speaks_chinese_and_keeps_what_is_being_written(
    page: Page, desk: DeskProcess, rasa: RasaLike
) -> None:
    await enter(page, desk)
    await rasa.add("c", user("我的订单晚了", emotion()), *handoff())
    await page.locator("button.ticket").click()
    await page.get_by_role("button", name="Take conversation").click()
    await page.get_by_label("Your answer").fill("您好")
    await page.get_by_role("button", name="中文").click()
    await expect(page.get_by_label("您的回复")).to_have_value("您好")
    await expect(page.locator("ol.log .message.customer")).to_contain_text("愤怒 · 强烈")
    await expect(page.locator(".reasons li")).to_have_text(["连续 3 条负面消息"])
    assert await page.evaluate("document.documentElement.lang") == "zh-CN"


async def test_a_page_says_that_it_is_offline_and_catches_up(
    page: Page, desk: DeskProcess, rasa: RasaLike
) -> None:
    await enter(page, desk)
    await rasa.add("c", user("one", emotion()), *handoff())
    await page.locator("button.ticket").click()
    await page.get_by_role("button", name="Take conversation").click()
    await expect(page.get_by_label("Your answer")).to_be_focused()
    await desk.end()
    await expect(page.locator(".offline")).to_contain_text("No connection to the desk.")
    await page.keyboard.type("written while it was away")
    await page.keyboard.press("Enter")
    again = page.get_by_role("button", name="Try again")
    await expect(again).to_be_visible()
    await rasa.add("c", user("two"))
    await desk.start()
    await expect(page.locator(".offline")).to_be_hidden(timeout=20_000)
    await expect(page.locator(".message.customer")).to_have_count(2)
    await again.click()
    await expect(again).to_have_count(0)
    await expect(page.locator(".message.agent .bubble")).to_have_text(["written while it was away"])


async def test_on_a_phone_one_thing_stands_on_the_page_at_a_time(
    page: Page, desk: DeskProcess, rasa: RasaLike
) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    await enter(page, desk)
    await rasa.add("c", user("x" * 500, emotion()), *handoff())
    await page.locator("button.ticket").click()
    await expect(page.locator("button.ticket")).to_be_hidden()
    await expect(page.locator(".message.customer")).to_be_visible()
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert await page.evaluate(wide) is False
    await page.get_by_role("button", name="Back to the list").click()
    await expect(page.locator("button.ticket")).to_be_visible()
