"""What agents here see of a conversation that is at another desk too, in real Chromium."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.rasa_project.desk.connectors.fake_chatwoot import FakeChatwoot
from tests.rasa_project.desk.connectors.fake_desk import until
from tests.rasa_project.desk.connectors.harness import angry
from tests.rasa_project.desk.connectors.test_whole_way import connect
from tests.rasa_project.desk.desk_process import Person
from tests.rasa_project.desk.rasa_like import RasaLike, user

pytestmark = [pytest.mark.browser, pytest.mark.services]


async def test_who_has_a_conversation_elsewhere_is_shown_and_asked_about(
    chromium_browser: Browser, chatwoot: FakeChatwoot, rasa: RasaLike, tmp_path: Path
) -> None:
    desk = connect(chatwoot, rasa, tmp_path)
    await desk.start()
    li = Person(desk)
    await li.enter("agent", desk.one_time_password(), "Li", "a password of Li's")
    await angry(rasa)
    await until(lambda: [one["open"] for one in chatwoot.shown()] == [True])
    await chatwoot.assign(chatwoot.first(), "Ana")
    page = await chromium_browser.new_page(locale="en-GB", viewport={"width": 1280, "height": 800})
    await page.context.add_cookies(
        [{"name": c.key, "value": c.value, "url": desk.url} for c in li.http.cookie_jar]
    )
    await page.goto(f"{desk.url}/?ticket=1")
    badge = page.locator(".elsewhere-badge")
    await expect(badge).to_contain_text("Ana has it in Chatwoot")
    link = badge.get_by_role("link")
    await expect(link).to_have_attribute("href", chatwoot.url + "/app/accounts/7/conversations/50")
    assert (await li.post("tickets/1/claim"))[1]["code"] == "elsewhere"
    chatwoot.faults = ["refuse"] * 9
    await rasa.add("c", user("hello?"))
    await expect(badge).to_contain_text("Not passed on: Chatwoot answered 422")
    if folder := os.environ.get("SCREENSHOTS"):
        await page.screenshot(path=f"{folder}/en-1280.png")
        await page.set_viewport_size({"width": 390, "height": 844})
        await page.screenshot(path=f"{folder}/en-390.png")
        await page.get_by_role("button", name="中文").click()
        await expect(badge).to_contain_text("Ana 正在 Chatwoot 处理")
        await page.screenshot(path=f"{folder}/zh-390.png")
        await page.set_viewport_size({"width": 1280, "height": 800})
        await page.emulate_media(color_scheme="dark")
        await page.screenshot(path=f"{folder}/zh-1280-dark.png")
        await page.get_by_role("button", name="English").click()
    chatwoot.faults.clear()
    await badge.get_by_role("button", name="Send to Chatwoot again").click()
    await expect(badge).not_to_contain_text("Not passed on")
    await until(lambda: chatwoot.shown()[0]["customer"] == ["hello?"], desk.output)
    await page.keyboard.press("Alt+KeyT")
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Ana has it in Chatwoot.")
    await dialog.get_by_role("button", name="Take over").click()
    await expect(page.get_by_label("Your answer")).to_be_focused()
    await expect(badge).to_contain_text("Also in Chatwoot")
    await li.close()
    await desk.end()
