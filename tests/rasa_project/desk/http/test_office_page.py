"""The pages about people, tokens and the audit log, in real Chromium."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, expect

from tests.rasa_project.desk.desk_process import DeskProcess, Person

pytestmark = [pytest.mark.browser, pytest.mark.services]


@pytest.fixture
async def page(chromium_browser: Browser, desk: DeskProcess, li: Person) -> AsyncIterator[Page]:
    """The desk's page of Li, who is an admin, with her own account open."""
    page = await chromium_browser.new_page(locale="en-GB")
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    await page.goto(desk.url)
    await page.get_by_label("Name").fill("agent")
    await page.get_by_label("Password").fill("a password of Li's")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Li", exact=True).click()
    yield page
    assert faults == []


async def test_an_admin_lets_somebody_in_and_keeps_them_out_and_it_is_written_down(
    page: Page, desk: DeskProcess
) -> None:
    await expect(page.get_by_role("button", name="You")).to_be_focused()
    await page.get_by_role("button", name="People").click()
    await page.get_by_label("Name to sign in with").fill("ana")
    await page.get_by_role("button", name="Add").click()
    secret = page.locator("output.secret")
    await expect(secret).to_have_text(re.compile(r"^\w{16}$"))
    ana = Person(desk)
    await ana.enter("ana", await secret.inner_text(), "Ana", "a password of Ana's")
    row = page.locator(".rows li", has_text="ana")
    await row.get_by_label("Role of ana").select_option("supervisor")
    await expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    await row.get_by_role("button", name="Disable").click()
    assert (await ana.get("me"))[1]["agent"]["role"] == "supervisor"
    await row.get_by_role("button", name="Really disable?").click()
    await expect(row).to_contain_text("Disabled")
    assert (await ana.get("me"))[0] == 401
    await ana.close()
    me = page.locator(".rows li", has_text="Li (agent)")
    await me.get_by_role("button", name="Disable").click()
    await me.get_by_role("button", name="Really disable?").click()
    await expect(page.locator(".said.error")).to_have_text(
        "agent is the last admin. Make somebody else one first."
    )
    await page.get_by_role("button", name="Tokens").click()
    await page.get_by_label("What it is for").fill("report")
    await page.get_by_role("button", name="Make a token").click()
    await expect(secret).to_have_text(re.compile(r"^attune_\S{43}$"))
    await page.get_by_role("button", name="Audit log").click()
    what = page.locator(".office tbody tr td:nth-child(3)")
    await expect(what.first).to_have_text("Made a token")
    await page.get_by_role("combobox", name="What").select_option("person_disabled")
    await page.get_by_role("button", name="Show", exact=True).click()
    await expect(what).to_have_text(["Disabled somebody"])
    show = page.get_by_role("button", name="Show", exact=True)
    await page.get_by_label("To", exact=True).fill("2020-01-01")
    await show.click()
    await expect(page.locator(".office .said")).to_have_text("Nothing fits.")
    today = await page.evaluate("new Date().toLocaleDateString('sv')")
    await page.get_by_label("From", exact=True).fill(today)
    await page.get_by_label("To", exact=True).fill(today)
    await show.click()
    await expect(what).to_have_text(["Disabled somebody"])
    await page.keyboard.press("Escape")
    await expect(page.locator("dialog")).to_have_count(0)
