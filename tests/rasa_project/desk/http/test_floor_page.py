"""The supervisors' live view in real Chromium: told, not asked for."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.rasa_project.channels.webchat.serving import StockClient
from tests.rasa_project.desk.desk_process import DeskProcess, Person
from tests.rasa_project.desk.rasa_like import RasaLike, bot, emotion, handoff, user

pytestmark = [pytest.mark.browser, pytest.mark.services]


async def test_a_supervisor_is_told_what_happens_reads_along_and_steps_in(
    chromium_browser: Browser, desk: DeskProcess, rasa: RasaLike, li: Person
) -> None:
    page = await chromium_browser.new_page(locale="en-GB")
    faults: list[str] = []
    asked: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(f"{desk.url}/#live")
    await page.get_by_label("Name").fill("agent")
    await page.get_by_label("Password").fill("a password of Li's")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("No conversation is at risk")).to_be_visible()

    await rasa.add("calm", user("which size?", emotion("joy", 0.5) | {"forecast": 0.05}))
    await rasa.add("angry", user("this is a joke", emotion()), bot("I'm sorry."))
    rows = page.locator(".floor .people").first.locator("li")
    await expect(rows).to_have_count(1)
    await rows.get_by_role("button", name="Watch").click()
    log = page.locator(".watching ol.log li")
    await expect(log).to_contain_text(["this is a joke", "I'm sorry."])
    await rasa.add("calm", user("thank you", emotion("joy", 0.5) | {"forecast": 0.05}))
    await rasa.add("angry", user("I want my money back", emotion()))
    await expect(log.last).to_contain_text("I want my money back")
    await expect(log).to_have_count(3)

    # The connection is cut; what was said meanwhile comes with the next one.
    await page.context.set_offline(True)
    await rasa.add("angry", user("is anybody there?", emotion()))
    await page.context.set_offline(False)
    await expect(log.last).to_contain_text("is anybody there?")
    await rasa.add("angry", *handoff())
    await expect(rows).to_contain_text("No conversation is at risk")
    _, body = await li.get("audit?action=conversation_watched")
    assert [entry["details"] for entry in body["entries"]] == [{"conversation": "angry"}]
    assert [url for url in asked if "/api/floor" in url] == []
    assert faults == []
    await page.close()


async def test_who_is_no_supervisor_is_told_nothing(desk: DeskProcess, li: Person) -> None:
    ana = Person(desk)
    await ana.enter("ana", await desk.add_agent("ana"), "Ana", "a password of Ana's")
    (token,) = [each.value for each in ana.http.cookie_jar if each.key == "attune_desk"]
    client = StockClient()
    line = client.socket
    headers = {"Cookie": f"attune_desk={token}"}
    await line.connect(desk.url, transports=["polling"], headers=headers)
    answer = await line.call("look", {"conversation": None})
    assert (answer["code"], "risk" in answer) == ("role", False)
    await li.post("people/ana/role", {"role": "supervisor"})
    assert (await line.call("look", None))["risk"] == []
    unknown = await line.call("look", {"conversation": "nobody"})
    assert unknown["code"] == "no_conversation"
    await client.leave()
    await ana.close()
