"""A customer who speaks and waits, and the agent who comes: two pages, a real Rasa between them."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, Page, expect

from tests.rasa_project.channels.webchat.serving import Server, conversation_of
from tests.rasa_project.desk.desk_process import DeskProcess, Person
from tests.rasa_project.desk.http.test_files import FIND, desk, model, server
from tests.rasa_project.desk.rasa_like import handoff
from tests.rasa_project.desk.signed_in import page_of
from tests.rasa_project.web.widget.test_voice import PLAYS

__all__ = ["desk", "model", "server"]
pytestmark = [pytest.mark.browser, pytest.mark.services]

BEEPS = """
navigator.mediaDevices.getUserMedia = async () => {
  const context = new AudioContext();
  const tone = context.createOscillator();
  const out = context.createMediaStreamDestination();
  tone.connect(out);
  tone.start();
  return out.stream;
};
delete window.SpeechRecognition;
delete window.webkitSpeechRecognition;
"""


async def customer_of(browser: Browser) -> Page:
    context = await browser.new_context(locale="en-GB")
    page = await context.new_page()
    await page.add_init_script(BEEPS)
    return page


async def test_who_waits_sees_how_they_stand_leaves_a_message_and_is_heard(
    chromium_browser: Browser, server: Server, desk: DeskProcess, li: Person
) -> None:
    await desk.end()
    desk.configure("tell_place: true")
    await desk.start()
    customer = await customer_of(chromium_browser)
    await customer.goto(f"{server.url}/webhooks/webchat/shop?lang=en")
    await customer.get_by_role("button", name="Open the chat").click()
    await customer.get_by_role("button", name="Record a voice message").click()
    timer = customer.get_by_role("timer", name="Recording")
    await expect(timer).to_have_text(re.compile("^0:0[1-9]$"))
    await customer.get_by_role("button", name="Add the recording to the message").click()
    await expect(customer.locator("attune-chat .uploads audio")).to_be_visible()
    await customer.get_by_role("textbox", name="Your message").press("Enter")
    await expect(customer.locator("attune-chat .bot")).to_have_count(1)
    conversation = conversation_of(await customer.evaluate(FIND))
    assert await server.append(conversation, handoff()) == 200

    bar = customer.locator("attune-chat .standing > p")
    # A desk that has just begun waits a minute for its agents' pages to come back.
    nobody = "Nobody from our team is here right now."
    await expect(bar).to_have_text(nobody, timeout=180_000)
    await customer.get_by_role("button", name="Leave a message").click()
    await customer.get_by_role("textbox", name="What is it about?").fill("It never came.")
    await customer.get_by_role("textbox", name="E-mail or phone").fill("ana@shop.example")
    await customer.get_by_role("button", name="Leave the message").click()
    await expect(bar).to_contain_text("Your message is with our team.")
    await expect(customer.locator("attune-chat .log")).to_contain_text(
        "Thank you, we have noted ana@shop.example."
    )
    (ticket,) = await li.tickets()
    assert ticket["contact"] == "ana@shop.example"

    async with page_of(chromium_browser, li) as agent:
        await expect(bar).to_have_text("You are next in line.")
        await agent.locator("button.ticket").click()
        await agent.get_by_role("button", name="Take conversation").click()
        await expect(customer.locator("attune-chat .standing")).to_be_hidden()
        player = agent.locator(".message.customer audio")
        await expect(player).to_have_attribute("aria-label", re.compile(r"^Voice message, \d+ s$"))
        assert await player.evaluate(PLAYS)
    await customer.context.close()
