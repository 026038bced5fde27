"""The widget in real Chromium, in the demo shop's page, in front of a really trained Rasa."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import jwt
import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect
from rasa.core.agent import Agent

from rasa_project.channels.webchat import turns
from tests.rasa_project.channels.webchat.serving import Server, conversation_of, serve

pytestmark = [pytest.mark.browser, pytest.mark.services]

TEXTS = {
    "en": {"open": "Open the chat", "input": "Your message", "hello": "hello", "bot": "Assistant"},
    "zh": {"open": "打开聊天窗口", "input": "您的消息", "hello": "你好", "bot": "智能助手"},
}


@pytest.fixture
async def context(chromium_browser: Browser) -> AsyncIterator[BrowserContext]:
    context = await chromium_browser.new_context()
    yield context
    await context.close()


@pytest.fixture
async def page(context: BrowserContext) -> AsyncIterator[Page]:
    """A page that must end its test without an error or a blocked script or style."""
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if _is_csp(line.text) else None)
    yield page
    assert complaints == []


def _is_csp(line: str) -> bool:
    return "Content Security Policy" in line


async def visit(page: Page, server: Server, language: str = "en") -> None:
    await page.goto(f"{server.url}/webhooks/webchat/shop?lang={language}")


async def open_chat(page: Page, language: str = "en") -> None:
    await page.get_by_role("button", name=TEXTS[language]["open"]).click()


async def write(page: Page, text: str, language: str = "en") -> None:
    box = page.get_by_role("textbox", name=TEXTS[language]["input"])
    await box.fill(text)
    await box.press("Enter")


def bubbles(page: Page) -> Any:
    return page.locator("attune-chat .bubble")


async def conversation_in(page: Page) -> str:
    find = "Object.entries(localStorage).find(([key]) => key.startsWith('attune-session:'))[1]"
    return conversation_of(await page.evaluate(find))


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_conversation_in_either_language_survives_a_reload(
    server: Server, page: Page, language: str
) -> None:
    await visit(page, server, language)
    await open_chat(page, language)
    await write(page, TEXTS[language]["hello"], language)
    said = [TEXTS[language]["hello"], "Hello", "What is it about?"]
    await expect(bubbles(page)).to_have_text(said)
    await expect(page.locator("attune-chat .name").last).to_have_text(TEXTS[language]["bot"])
    [event] = await server.user_events(await conversation_in(page))
    assert event["metadata"]["language"] == language
    await page.reload()
    await open_chat(page, language)
    await expect(bubbles(page)).to_have_text(said)


async def test_a_pressed_reply_shows_its_title_and_sends_its_payload(
    server: Server, page: Page
) -> None:
    await visit(page, server)
    await open_chat(page)
    await write(page, "hello")
    await page.get_by_role("button", name="My order").click()
    said = ["hello", "Hello", "What is it about?", "My order", "Your order is on its way."]
    await expect(bubbles(page)).to_have_text(said)
    await expect(page.get_by_role("button", name="My order")).to_have_count(0)
    assert (await server.user_events(await conversation_in(page)))[-1]["text"] == "/order"
    await page.reload()
    await open_chat(page)
    await expect(bubbles(page)).to_have_text(said)


async def test_markup_stays_text_and_addresses_become_safe_links(
    server: Server, page: Page
) -> None:
    await visit(page, server)
    await open_chat(page)
    await write(page, "<img src=x onerror=\"document.title='broken in'\"> links")
    await expect(bubbles(page)).to_have_count(2)
    await expect(bubbles(page).first).to_contain_text("<img src=x onerror=")
    await expect(bubbles(page).last).to_contain_text("<b>write</b>")
    links = await page.locator("attune-chat .bubble a").evaluate_all(
        "links => links.map(link => [link.getAttribute('href'), link.target, link.rel])"
    )
    assert links == [
        ["https://shop.example/a_(b)", "_blank", "noopener noreferrer nofollow"],
        ["mailto:help@shop.example", "", ""],
    ]
    assert await page.locator("attune-chat .bubble img, attune-chat .bubble b").count() == 0
    assert "broken in" not in await page.title()


async def test_the_chat_works_by_keyboard_alone(server: Server, page: Page) -> None:
    await visit(page, server)
    launcher = page.get_by_role("button", name="Open the chat")
    await launcher.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("textbox", name="Your message")).to_be_focused()
    await page.keyboard.type("first line")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("order")
    await page.keyboard.press("Enter")
    await expect(bubbles(page)).to_have_text(["first line\norder", "Your order is on its way."])
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await expect(launcher).to_be_focused()


async def test_on_a_phone_the_chat_fills_the_screen_and_keeps_the_focus(
    server: Server, page: Page
) -> None:
    await page.set_viewport_size({"width": 390, "height": 800})
    await visit(page, server)
    await open_chat(page)
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_be_visible()
    await dialog.evaluate("panel => Promise.all(panel.getAnimations().map(a => a.finished))")
    assert await dialog.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 800}
    await expect(page.get_by_role("button", name="Attach files")).to_be_visible()
    names = []
    for _ in range(11):
        await page.keyboard.press("Tab")
        names.append(
            await page.locator("attune-chat").evaluate(
                "({shadowRoot: {activeElement: at}}) => at && (at.ariaLabel || at.textContent)"
            )
        )
    assert names == [
        "Record a voice message",
        "Send",
        "Settings and transcript",
        "Close the chat",
        "Do not read my tone",
        "OK",
        "Conversation",
        "Emoji",
        "Attach files",
        "Your message",
        "Record a voice message",
    ]


async def test_what_an_agent_writes_into_a_closed_chat_is_counted_and_shown(
    server: Server, page: Page
) -> None:
    await visit(page, server)
    await open_chat(page)
    await write(page, "order")
    await expect(bubbles(page)).to_have_count(2)
    await page.keyboard.press("Escape")
    events = [
        {"event": "bot", "text": "Li joined.", "metadata": {"sender": "system"}},
        {"event": "bot", "text": "I am Li.", "metadata": {"sender": "agent", "agent": "Li"}},
    ]
    await server.append(await conversation_in(page), events)
    await page.get_by_role("button", name="Open the chat, 2 new messages").click()
    await expect(page.locator("attune-chat .notice")).to_have_text("Li joined.")
    await expect(page.locator("attune-chat .agent .name")).to_have_text("Li")
    await expect(page.locator("attune-chat .presence")).to_have_text("Li is helping you")


async def test_a_second_tab_shows_the_same_conversation(
    server: Server, page: Page, context: BrowserContext
) -> None:
    await visit(page, server)
    await open_chat(page)
    await write(page, "order")
    await expect(bubbles(page)).to_have_count(2)
    second = await context.new_page()
    await visit(second, server)
    await open_chat(second)
    await write(second, "links")
    await expect(bubbles(second)).to_have_count(4)
    assert await bubbles(page).all_text_contents() == await bubbles(second).all_text_contents()


async def test_messages_written_without_a_connection_go_out_once_it_is_back(
    agent: Agent, page: Page
) -> None:
    async with serve(agent) as server:
        await visit(page, server)
        await open_chat(page)
        await write(page, "order")
        await expect(bubbles(page)).to_have_count(2)
        conversation = await conversation_in(page)
    await expect(page.get_by_role("status")).to_contain_text("No connection")
    await write(page, "links")
    await write(page, "order again")
    await expect(page.locator("attune-chat .delivery")).to_have_text(
        ["Waiting for the connection Change"] * 2
    )
    async with serve(agent, port=server.port) as again:
        await expect(bubbles(page)).to_have_count(6, timeout=20_000)
        await expect(page.get_by_role("status")).to_be_empty()
        await expect(page.locator("attune-chat .delivery")).to_have_count(0)
        texts = [event["text"] for event in await again.user_events(conversation)]
        assert texts == ["order", "links", "order again"]


async def test_a_message_that_failed_is_sent_again_by_hand(
    agent: Agent, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "RETRY_PAUSES", (0.0, 0.0))
    faults = [OSError("the database is away")] * 3

    async def fail_thrice(message: Any, pass_on: Any) -> None:
        if faults:
            raise faults.pop()
        await pass_on(message)

    async with serve(agent, between=fail_thrice) as server:
        await visit(page, server)
        await open_chat(page)
        await write(page, "order")
        await expect(page.locator("attune-chat .delivery")).to_contain_text("Not sent.")
        await page.reload()
        await open_chat(page)
        await page.get_by_role("button", name="Try again").click()
        await expect(bubbles(page)).to_have_text(["order", "Your order is on its way."])
        assert len(await server.user_events(await conversation_in(page))) == 1


async def test_while_the_answer_is_prepared_the_chat_says_so(agent: Agent, page: Page) -> None:
    answer = asyncio.Event()

    async def wait(message: Any, pass_on: Any) -> None:
        await answer.wait()
        await pass_on(message)

    async with serve(agent, between=wait) as server:
        await visit(page, server)
        await open_chat(page)
        await write(page, "order")
        typing = page.get_by_role("img", name="The answer is being prepared")
        await expect(typing).to_be_visible()
        await page.reload()  # the turn goes on, and so do the dots
        await open_chat(page)
        await expect(typing).to_be_visible()
        answer.set()
        await expect(bubbles(page)).to_have_text(["order", "Your order is on its way."])
        await expect(typing).to_be_hidden()


async def test_a_message_beyond_the_limit_is_held_back_with_the_reason(
    server: Server, page: Page
) -> None:
    await visit(page, server)
    await open_chat(page)
    await write(page, "x" * 20_003)
    await expect(page.get_by_role("alert")).to_have_text(
        "Too long by 3 characters. Please split your message."
    )
    await expect(bubbles(page)).to_have_count(0)


EMBED = """server => {
    const script = document.createElement("script");
    script.src = `${server}/webhooks/webchat/attune.js`;
    script.dataset.open = "";
    document.head.append(script);
}"""


async def test_only_pages_of_listed_origins_get_a_connection(agent: Agent, page: Page) -> None:
    async with (
        serve(agent) as shop,
        serve(agent) as closed,
        serve(agent, options={"origins": [shop.url]}) as listing,
    ):
        await page.goto(shop.url)
        await page.evaluate(EMBED, closed.url)
        await expect(page.get_by_role("status")).to_contain_text("No connection")
        await page.goto(shop.url)
        await page.evaluate(EMBED, listing.url)
        await write(page, "order")
        await expect(bubbles(page)).to_have_text(["order", "Your order is on its way."])


async def test_what_was_typed_offline_survives_a_reload_and_goes_out_once(
    agent: Agent, page: Page
) -> None:
    async with serve(agent) as server:
        await visit(page, server)
        await open_chat(page)
        await write(page, "order")
        await expect(bubbles(page)).to_have_count(2)
        conversation = await conversation_in(page)
        await page.context.set_offline(True)
        await expect(page.get_by_role("status").first).to_contain_text("No connection")
        await write(page, "links")
        await write(page, "order again")
        kept = "Object.keys(localStorage).filter(key => key.startsWith('attune-outbox:')).length"
        assert await page.evaluate(kept) == 2
        await page.context.set_offline(False)
        await page.reload()
        await open_chat(page)
        await expect(bubbles(page)).to_have_count(6)
        texts = [event["text"] for event in await server.user_events(conversation)]
        assert texts == ["order", "links", "order again"]
        assert await page.evaluate(kept) == 0


async def test_a_customer_signs_in_keeps_the_chat_and_leaves_nothing_behind_on_logging_out(
    agent: Agent, page: Page
) -> None:
    secret = "what shop and chat share, long enough"
    now = int(time.time())
    identity = jwt.encode({"sub": "7", "iat": now, "exp": now + 300}, secret)
    async with serve(agent, options={"identity": {"secret": secret}}) as server:
        await visit(page, server)
        await open_chat(page)
        await write(page, "order")
        await expect(bubbles(page)).to_have_count(2)
        conversation = await conversation_in(page)
        await page.evaluate("identity => Attune.setUser(identity)", identity)
        await write(page, "links")
        await expect(bubbles(page)).to_have_count(4)
        events = await server.user_events(conversation)
        assert [e["metadata"].get("customer") for e in events] == [None, {"id": "7"}]
        await page.evaluate("Attune.logOut()")
        await expect(bubbles(page)).to_have_count(0)
        await write(page, "order")
        await expect(bubbles(page)).to_have_count(2)
        assert await conversation_in(page) != conversation
        assert len(await server.user_events(conversation)) == 2
