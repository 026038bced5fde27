"""The supervisors' figures in real Chromium."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.rasa_project.desk.desk_process import DeskProcess, Person
from tests.rasa_project.desk.rasa_like import RasaLike, emotion, handoff, user

pytestmark = [pytest.mark.browser, pytest.mark.services]


async def test_a_supervisor_reads_filters_and_takes_away_the_figures(
    chromium_browser: Browser, desk: DeskProcess, rasa: RasaLike, li: Person, tmp_path: Path
) -> None:
    await rasa.add("c", user("this is a joke", emotion("anger", -0.8)), *handoff())
    (ticket,) = await li.wait_for_tickets(1)
    await li.post(f"tickets/{ticket['id']}/claim")
    await li.post(f"tickets/{ticket['id']}/messages", {"id": "message-1", "text": "Hello!"})
    page = await chromium_browser.new_page(locale="en-GB", timezone_id="Asia/Shanghai")
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    await page.goto(f"{desk.url}/#figures")
    await page.get_by_label("Name").fill("agent")
    await page.get_by_label("Password").fill("a password of Li's")
    await page.keyboard.press("Enter")

    tiles = page.locator(".tile .value")
    await expect(tiles).to_have_count(6)
    await expect(tiles.first).to_have_text("1")
    await expect(page.get_by_text("your time zone, Asia/Shanghai")).to_be_visible()
    reasons = page.get_by_role("region", name="Why conversations came").first
    await expect(reasons.locator(".bars li")).to_have_text("Several negative messages in a row1")
    moods = page.get_by_role("region", name="Mood on arrival and at the end").first
    await moods.get_by_text("As a table").click()
    await expect(moods.get_by_role("row")).to_have_text(["MoodArrivalEnd", "Anger10"])
    volume = page.get_by_role("img", name="Conversations that came")
    await expect(volume.locator("rect.column")).to_have_count(1)
    async with page.expect_download() as started:
        await page.get_by_role("link", name="By channel as CSV").click()
    file = await (await started.value).path()
    (row,) = csv.DictReader(Path(file).read_text(encoding="utf-8-sig").splitlines())
    assert (row["key"], row["tickets"]) == ("webchat", "1")

    await page.get_by_label("Period", exact=True).select_option("Today")
    await expect(volume.locator("rect.column")).to_have_count(1)
    await page.get_by_label("From", exact=True).fill("2020-01-01")
    await page.get_by_label("From", exact=True).press("Tab")
    await expect(page.get_by_role("alert").first).to_contain_text("Choose a shorter one")
    await page.get_by_label("To", exact=True).fill("2020-01-02")
    await expect(page.get_by_text("No conversations in this period")).to_be_visible()
    await page.get_by_role("button", name="中文").click()
    await expect(page.get_by_text("此时段内没有会话")).to_be_visible()
    await page.get_by_role("button", name="客服台", exact=True).click()
    await expect(page.locator("button.ticket")).to_be_visible()
    assert faults == []
    await page.close()
