"""Files between a customer's chat and an agent's desk: two pages, a real Rasa between them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Browser, FilePayload, Page, expect
from rasa.core.agent import Agent
from rasa.core.tracker_store import SQLTrackerStore

from tests.rasa_project.channels.files import samples
from tests.rasa_project.channels.webchat.conftest import model
from tests.rasa_project.channels.webchat.serving import Server, conversation_of, serve
from tests.rasa_project.desk.desk_process import DeskProcess, Person
from tests.rasa_project.desk.rasa_like import TOKEN, handoff
from tests.rasa_project.desk.signed_in import page_of

__all__ = ["model"]
pytestmark = [pytest.mark.browser, pytest.mark.services]

PICTURE = FilePayload(name="broken mug.png", mimeType="image/png", buffer=samples.picture())
PAPER = FilePayload(name="bill.pdf", mimeType="application/pdf", buffer=samples.PDF)
PROGRAM = FilePayload(name="cat.png", mimeType="image/png", buffer=samples.PROGRAM)
FIND = "Object.entries(localStorage).find(([key]) => key.startsWith('attune-session:'))[1]"


@dataclass
class Rasa:
    """What a desk has to know of its Rasa."""

    url: str
    tracker_db: str


@pytest.fixture
async def server(model: str, tmp_path: Path) -> AsyncIterator[Server]:
    agent = Agent.load(model)
    agent.tracker_store = SQLTrackerStore(agent.domain, db=str(tmp_path / "tracker.db"))
    agent.processor.tracker_store = agent.tracker_store
    async with serve(agent, options={"desk_token": TOKEN}) as server:
        yield server


@pytest.fixture
async def desk(server: Server, tmp_path: Path) -> AsyncIterator[DeskProcess]:
    rasa = Rasa(server.url, f"sqlite:///{tmp_path / 'tracker.db'}")
    process = DeskProcess(rasa, tmp_path)
    await process.start()
    yield process
    await process.end()


@pytest.fixture
async def customer(chromium_browser: Browser, server: Server) -> AsyncIterator[Page]:
    context = await chromium_browser.new_context()
    page = await context.new_page()
    await page.goto(f"{server.url}/webhooks/webchat/shop?lang=en")
    await page.get_by_role("button", name="Open the chat").click()
    yield page
    await context.close()


@pytest.fixture
async def agent(chromium_browser: Browser, li: Person) -> AsyncIterator[Page]:
    async with page_of(chromium_browser, li) as page:
        yield page


async def attach(page: Page, *files: FilePayload) -> None:
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="Attach files").click()
    await (await chooser.value).set_files(list(files))


async def test_a_customers_picture_and_an_agents_paper_go_the_whole_way_once(
    customer: Page, agent: Page, server: Server, desk: DeskProcess, li: Person
) -> None:
    await attach(customer, PICTURE)
    await expect(customer.locator("attune-chat .uploads .unseen")).to_have_count(1)
    await customer.get_by_role("textbox", name="Your message").press("Enter")
    await expect(customer.locator("attune-chat .bot")).to_have_count(1)
    conversation = conversation_of(await customer.evaluate(FIND))
    assert await server.append(conversation, handoff()) == 200

    await expect(agent.locator("button.ticket")).to_have_count(1)
    await agent.locator("button.ticket").click()
    await agent.get_by_role("button", name="Take conversation").click()
    image = agent.locator(".message.customer img")
    await expect(image).to_have_attribute("alt", "broken mug.png")
    assert await image.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 64
    await expect(agent.locator(".message.customer .bubble > p")).to_have_count(0)

    # Each sees that the other is there and writes; none of it becomes an event.
    presence = agent.locator(".customer-presence")
    await expect(presence).to_contain_text("The customer is here")
    await customer.get_by_role("textbox", name="Your message").press_sequentially("and")
    await expect(presence).to_contain_text("The customer is writing…")
    await agent.get_by_label("Your answer").press_sequentially("One")
    dots = customer.locator("attune-chat .typing-name")
    await expect(dots).to_have_text("Li is writing")
    await agent.get_by_label("Your answer").fill("")

    await attach(agent, PAPER, PROGRAM)
    states = agent.locator(".reply-files .upload-state")
    await expect(states).to_contain_text(["attached", "Files of this kind cannot be sent."])
    await agent.get_by_role("button", name="Remove cat.png").click()
    await agent.get_by_label("Your answer").press("Enter")
    link = customer.locator("attune-chat .agent a.file")
    await expect(link).to_have_text("bill.pdf")
    await expect(agent.locator(".message.agent .held-file")).to_contain_text(["bill.pdf"])
    await expect(agent.locator(".reply-files li")).to_have_count(0)
    await expect(presence).to_contain_text("has read your answer")
    async with aiohttp.ClientSession() as anybody:
        async with anybody.get(str(await link.evaluate("(link) => link.href"))) as answer:
            assert (answer.status, await answer.read()) == (200, samples.PDF)
        (ticket,) = await li.tickets()
        _, detail = await li.get(f"tickets/{ticket['id']}")
        (told,) = [one for one in detail["messages"] if one["sender"] == "customer"]
        address = f"{desk.url}/api/messages/{told['id']}/files"
        async with anybody.get(f"{address}/0") as answer:
            assert answer.status == 401
    assert [(await li.get(f"messages/{told['id']}/files/{n}"))[0] for n in (1,)] == [404]
    async with li.http.get(f"{address}/0") as answer:
        assert await answer.read() == PICTURE["buffer"]
        assert answer.headers["Content-Disposition"].startswith("inline")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    events = (await server.tracker(conversation))["events"]
    sent = [event for event in events if (event["metadata"] or {}).get("sender") == "agent"]
    assert [[one["name"] for one in event["metadata"]["attachments"]] for event in sent] == [
        ["bill.pdf"]
    ]


async def test_an_agent_hears_before_sending_that_a_channel_takes_no_files(
    agent: Page, server: Server, li: Person
) -> None:
    said = {"event": "user", "text": "help", "input_channel": "telegram", "parse_data": {}}
    assert await server.append("telegram:4711", [said, *handoff()]) == 200
    (ticket,) = await li.wait_for_tickets(1)
    await agent.locator("button.ticket").click()
    await agent.get_by_role("button", name="Take conversation").click()
    none = agent.get_by_role("button", name="This customer's channel takes no files.")
    await expect(none).to_be_disabled()
    status, taken = await li.get(f"tickets/{ticket['id']}/files")
    assert (status, taken) == (200, {"takes": False, "why": "channel"})


async def test_an_answer_with_somebody_elses_file_is_not_sent(
    desk: DeskProcess, server: Server, li: Person
) -> None:
    said = {"event": "user", "text": "help", "input_channel": "webchat", "parse_data": {}}
    for conversation in ("one", "other"):
        assert await server.append(conversation, [said, *handoff()]) == 200
    first, second = await li.wait_for_tickets(2)
    upload = f"{desk.url}/api/tickets/{first['id']}/files?id=file-0001&name=bill.pdf"
    refused = await li.http.post(upload, data=samples.PDF, headers={"X-Attune-Desk": "1"})
    assert (refused.status, (await refused.json())["code"]) == (409, "not_claimed")
    for ticket in (first, second):
        await li.post(f"tickets/{ticket['id']}/claim")
    forged = await li.http.post(upload, data=samples.PDF)
    assert forged.status == 403
    kept = [
        await (await li.http.post(upload, data=samples.PDF, headers={"X-Attune-Desk": "1"})).json()
        for _ in range(2)
    ]
    assert kept[0] == kept[1]
    answer = {"id": "message-0001", "text": "", "files": [kept[0]["file"]["id"]]}
    status, told = await li.post(f"tickets/{second['id']}/messages", answer)
    assert (status, told["code"]) == (409, "file_gone")
    for _ in range(2):
        status, told = await li.post(f"tickets/{first['id']}/messages", answer)
        assert status == 200
    texts = [one["text"] for one in told["messages"] if one["sender"] == "agent"]
    assert texts == ["📎"]
