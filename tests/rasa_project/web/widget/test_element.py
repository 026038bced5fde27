"""The tag and the element `<attune-chat>` on all kinds of pages."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from rasa_project.channels.webchat.store import sessions
from tests.rasa_project.web.widget.shop import Shop

pytestmark = [
    pytest.mark.browser,
    pytest.mark.services,
    pytest.mark.asyncio(loop_scope="session"),
]
GUIDE = Path(__file__).parents[4] / "docs" / "widget.md"
MODULE = '<script type="module" src="{api}/attune.mjs"></script>'
ANSWER = ["order", "Your order is on its way."]


def documented(heading: str) -> list[str]:
    """Name what the table with such a first heading lists."""
    table = GUIDE.read_text(encoding="utf-8").split(f"| {heading} |")[1].split("\n\n")[0]
    return re.findall(r"^\| `([\w-]+)", table, re.MULTILINE)


async def test_the_guide_lists_every_attribute_method_and_event(shop: Shop) -> None:
    await shop.visit(f"<attune-chat></attune-chat>{MODULE}")
    found = await shop.page.evaluate(
        """async api => {
            const { AttuneChat, Attune } = await import(`${api}/attune.mjs`);
            const own = Object.getOwnPropertyNames(AttuneChat.prototype);
            const isMethod = name => typeof Object.getOwnPropertyDescriptor(
                AttuneChat.prototype, name).value === "function";
            let events = "";
            try { Attune.on("nothing", () => 0); } catch (error) { events = error.message; }
            return {
                attributes: AttuneChat.observedAttributes,
                methods: own.filter(isMethod)
                    .filter(name => name !== "constructor" && !name.endsWith("Callback")),
                api: Object.keys(Attune).filter(name => name !== "on"),
                events,
            };
        }""",
        shop.api,
    )
    assert documented("attribute") == found["attributes"]
    assert documented("method") == found["methods"] == found["api"]
    events = [event.removeprefix("attune-") for event in documented("event")]
    assert f"knows the events {', '.join(events)}." in found["events"]


async def test_until_the_chat_is_opened_the_page_loads_the_small_tag_alone(shop: Shop) -> None:
    await shop.visit_with_tag()
    launcher = shop.page.get_by_role("button", name="Open the chat")
    await expect(launcher).to_be_visible()
    assert shop.requests[1:] == ["/webhooks/webchat/attune.js"]
    await launcher.click()
    await shop.say("order")
    await expect(shop.bubbles).to_have_text(ANSWER)
    assert {path.split("/")[1] for path in shop.requests} <= {"pages", "webhooks", "socket.io"}


async def test_a_policy_that_trusts_a_nonce_alone_and_no_style_lets_the_chat_work(
    shop: Shop,
) -> None:
    host = shop.server.url.removeprefix("http://")
    policy = (
        f"default-src 'none'; script-src 'nonce-r4nd0m'; connect-src http://{host} ws://{host}; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    await shop.visit_with_tag('nonce="r4nd0m" data-opened', policy=policy)
    await shop.say("order")
    await expect(shop.bubbles).to_have_text(ANSWER)
    await expect(shop.chat.locator(".launcher")).to_have_css("border-radius", "50%")


HOSTILE = """<style>
    * { all: unset !important; color: red !important; font: 3px cursive !important }
    attune-chat, attune-chat *, div, button { display: none !important; opacity: 0 !important }
    * { direction: rtl !important; visibility: hidden !important; letter-spacing: 1em !important }
</style>"""


async def test_the_pages_own_css_cannot_reach_the_chat(shop: Shop) -> None:
    await shop.visit_with_tag()
    launcher = shop.page.get_by_role("button", name="Open the chat")
    looks = "n => { const s = getComputedStyle(n); return [s.color, s.font, s.direction, s.width] }"
    await launcher.click()
    await expect(shop.input).to_be_visible()
    attach = shop.page.get_by_role("button", name="Attach files")
    await expect(attach).to_be_visible()  # once connected; it takes of the input's width
    usual = await shop.input.evaluate(looks)
    await shop.visit_with_tag(head=HOSTILE)
    box = await launcher.bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (60, 60)
    await launcher.click()
    await expect(attach).to_be_visible()
    assert await shop.input.evaluate(looks) == usual


async def test_several_chats_stand_on_one_page_each_with_its_own_words(shop: Shop) -> None:
    elements = """
        <attune-chat id="one" inline language="en" heading="Sales"></attune-chat>
        <attune-chat id="two" inline language="zh"></attune-chat>"""
    await shop.visit(elements + MODULE)
    headings = shop.page.locator("attune-chat h2")
    await expect(headings).to_have_text(["Sales", "在线客服"])
    box = shop.page.locator("#two textarea")
    await box.fill("order")
    await box.press("Enter")
    await expect(shop.page.locator("#two .bubble")).to_have_text(ANSWER)
    await expect(shop.page.locator("#one").get_by_role("button", name="Close")).to_have_count(0)


async def test_the_tag_adds_no_second_chat_to_a_page_that_has_one(shop: Shop) -> None:
    tag = '<script src="{api}/attune.js"></script>'
    await shop.visit(f"<attune-chat heading='Ours'></attune-chat>{tag}{tag}")
    await expect(shop.chat).to_have_count(1)
    await shop.open()
    await expect(shop.chat.locator("h2")).to_have_text("Ours")


async def test_a_script_opens_writes_listens_and_closes(shop: Shop) -> None:
    await shop.visit_with_tag()
    await shop.page.evaluate(
        """() => {
            window.heard = [];
            for (const name of ["open", "close", "message", "unread"]) {
                Attune.on(name, detail => heard.push([name, detail?.text ?? detail?.count ?? ""]));
            }
            Attune.open();
            Attune.send("order");
        }"""
    )
    await expect(shop.bubbles).to_have_text(ANSWER)
    await shop.page.evaluate("Attune.close()")
    await shop.hear({"text": "One more thing."})
    badge = shop.page.get_by_role("button", name="Open the chat, 1 new message")
    await expect(badge).to_be_visible()
    assert await shop.page.title() == "(1) Shop"
    await badge.click()
    assert await shop.page.title() == "Shop"
    assert await shop.page.evaluate("heard") == [
        ["open", ""],
        ["message", "Your order is on its way."],
        ["close", ""],
        ["message", "One more thing."],
        ["unread", 1],
        ["unread", 0],
        ["open", ""],
    ]


async def ordered(shop: Shop) -> str:
    """Ask for an order in an opened chat; give the conversation."""
    await shop.visit_with_tag("data-opened")
    await shop.say("order")
    await expect(shop.bubbles).to_have_text(ANSWER)
    return await shop.conversation()


async def test_logging_out_forgets_the_conversation(shop: Shop) -> None:
    before = await ordered(shop)
    await shop.page.evaluate("Attune.logOut()")
    await expect(shop.bubbles).to_have_count(0)
    await shop.say("links")
    await expect(shop.bubbles).to_have_count(2)
    assert await shop.conversation() != before


async def test_what_is_written_while_logging_out_belongs_to_the_next_conversation(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = shop.server.channel._store
    write = store.write

    async def slowly(change: Callable[..., Any], *given: Any) -> Any:
        if change is sessions.revoke:
            await asyncio.sleep(0.5)
        return await write(change, *given)

    monkeypatch.setattr(store, "write", slowly)
    before = await ordered(shop)
    await shop.page.evaluate("Attune.logOut(); Attune.send('links')")
    await expect(shop.bubbles).to_have_count(2)
    assert await shop.conversation() != before
    assert [event["text"] for event in await shop.server.user_events(before)] == ["order"]


async def test_a_chat_that_is_taken_away_hangs_up_and_may_come_back(shop: Shop) -> None:
    await shop.visit_with_tag("data-opened")
    await shop.say("order")
    await expect(shop.bubbles).to_have_text(ANSWER)
    async with shop.page.expect_websocket() as caught:
        await shop.page.evaluate(
            """() => {
                const chat = document.querySelector("attune-chat");
                const back = () => document.body.append(chat);
                chat.remove();
                setTimeout(back, 50);
            }"""
        )
        again = await caught.value
    assert not again.is_closed()
    await expect(shop.bubbles).to_have_text(ANSWER)
    await shop.page.evaluate("document.querySelector('attune-chat').remove()")
    while not again.is_closed():
        await shop.page.wait_for_timeout(20)


async def test_a_visitor_is_greeted_once_and_only_where_the_page_says(shop: Shop) -> None:
    rules = 'data-greeting="Need a hand?" data-greeting-path="/pages/o*.html"'
    greeting = shop.page.get_by_role("button", name="Need a hand?")
    await shop.visit_with_tag(rules)
    await expect(shop.page.get_by_role("button", name="Open the chat")).to_be_visible()
    await expect(greeting).to_have_count(0)
    await shop.visit_with_tag(rules, name="orders.html")
    await expect(greeting).to_be_visible()
    await greeting.click()
    await expect(shop.input).to_be_focused()
    await shop.page.reload()
    await expect(shop.page.get_by_role("button", name="Open the chat")).to_be_visible()
    await expect(greeting).to_have_count(0)


async def test_a_greeting_may_wait_until_the_visitor_has_read_half_the_page(shop: Shop) -> None:
    tall = "<style>main { display: block; height: 5000px }</style>"
    await shop.visit_with_tag('data-greeting="Hello!" data-greeting-scroll="50"', head=tall)
    greeting = shop.page.get_by_role("button", name="Hello!")
    await expect(shop.page.get_by_role("button", name="Open the chat")).to_be_visible()
    await expect(greeting).to_have_count(0)
    await shop.page.evaluate("scrollTo(0, 4000)")
    await expect(greeting).to_be_visible()


async def test_a_json_file_brings_another_language_and_its_direction(shop: Shop) -> None:
    texts = '{"open": "افتح المحادثة", "title": "خدمة العملاء", "input": "رسالتك"}'
    shop.put("ar.json", texts, "application/json")
    await shop.visit_with_tag('data-language="ar" data-texts="/pages/ar.json"')
    launcher = shop.page.get_by_role("button", name="افتح المحادثة")
    box = await launcher.bounding_box()
    assert box is not None
    assert box["x"] == 20  # at the left, where right-to-left pages have it
    await launcher.click()
    await expect(shop.chat.locator("h2")).to_have_text("خدمة العملاء")
    await expect(shop.page.get_by_role("textbox", name="رسالتك")).to_have_css("direction", "rtl")
    await expect(shop.page.get_by_role("button", name="Send")).to_be_visible()  # left out there


async def test_theme_and_side_follow_the_attributes_and_the_system(shop: Shop) -> None:
    surface = shop.chat.locator(".panel")
    await shop.page.emulate_media(color_scheme="dark")
    await shop.visit_with_tag('data-opened data-position="left"')
    await expect(surface).to_have_css("background-color", "rgb(21, 28, 27)")
    await shop.chat.evaluate("chat => { chat.theme = 'light'; chat.position = 'right' }")
    await expect(surface).to_have_css("background-color", "rgb(255, 255, 255)")
    await expect(surface).to_have_css("right", "0px")
    await shop.chat.evaluate("chat => { chat.theme = null }")
    await expect(surface).to_have_css("background-color", "rgb(21, 28, 27)")
    await shop.page.emulate_media(color_scheme="light")
    await expect(surface).to_have_css("background-color", "rgb(255, 255, 255)")


async def test_a_chat_that_cannot_be_fetched_says_so_and_tries_again(shop: Shop) -> None:
    await shop.page.route("**/attune-chat.js*", lambda route: route.abort(), times=1)
    await shop.visit_with_tag()
    await shop.open()
    await expect(shop.page.get_by_role("status")).to_contain_text("could not be loaded")
    await shop.open()
    await expect(shop.input).to_be_focused()
