"""The form by which a customer has the conversation mailed, before a real mail server."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from typing import Any

import jwt
import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import BrowserContext, Locator, expect
from rasa.core.agent import Agent

from rasa_project.channels.webchat.store import mails
from rasa_project.channels.webchat.store.tables import MAILS
from tests.rasa_project.channels.webchat.post import Post
from tests.rasa_project.channels.webchat.serving import Server, serve
from tests.rasa_project.web.widget.shop import Shop

pytestmark = [
    pytest.mark.browser,
    pytest.mark.services,
    pytest.mark.asyncio(loop_scope="session"),
]
SHOPS_SECRET = "a secret that shop and chat share, of the tests"
_NUMBERS = itertools.count()
ROW = "Send the conversation by e-mail"
WORDS = {
    "en": ("Open the chat", "Settings and transcript", ROW, "Your e-mail address"),
    "zh": ("打开聊天窗口", "设置与聊天记录", "将对话发送到邮箱", "您的邮箱地址"),
}


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def post(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Post]:
    post = Post(tmp_path_factory.mktemp("post"))
    await asyncio.to_thread(post.controller.start)
    yield post
    await asyncio.to_thread(post.controller.stop)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def mailing(model: str, post: Post) -> AsyncIterator[Server]:
    options = {
        "mail": post.settings(), "identity": {"secret": SHOPS_SECRET},
        "limits": {"address_mails": [99, 99]},  # all tests come from one address
    }  # fmt: skip
    async with serve(Agent.load(model), options=options) as server:
        yield server


@pytest_asyncio.fixture(loop_scope="session")
async def shop(mailing: Server, post: Post, context: BrowserContext) -> AsyncIterator[Shop]:
    """A shop whose server mails, with an empty mail box."""
    post.mails.clear()
    shop = Shop(mailing, context, await context.new_page())
    await shop.open_for_business()
    yield shop
    post.held = False
    assert (shop.complaints, post.answers) == ([], [])


def mailbox() -> str:
    """Make an address that no test before has used: none gets more than five mails a day."""
    return f"ana{next(_NUMBERS)}@shop.example"


def row(shop: Shop) -> Locator:
    return shop.page.get_by_role("button", name=ROW)


def address(shop: Shop) -> Locator:
    return shop.page.get_by_role("textbox", name="Your e-mail address")


def note(shop: Shop) -> Locator:
    return shop.chat.locator(".settings .form-note")


async def begin(shop: Shop) -> None:
    """Say something and open the form."""
    await shop.visit_with_tag()
    await shop.open()
    await shop.say("order")
    await expect(shop.bubbles).to_have_count(2)
    await shop.page.get_by_role("button", name="Settings and transcript").click()
    await row(shop).click()


async def ask(shop: Shop, to: str) -> None:
    await address(shop).fill(to)
    await address(shop).press("Enter")


async def cut(shop: Shop) -> None:
    """Take the page's connection away and let it have no other."""
    await shop.context.route("**/socket.io/**", lambda route: route.abort())
    await shop.context.route_web_socket("**/socket.io/**", lambda line: line.close())
    sio = shop.server.channel._sio
    for sid in [sid for sid, _ in sio.manager.get_participants("/", None)]:
        await sio.disconnect(sid)
    await expect(shop.chat.locator(".banner")).to_contain_text("No connection")


def vouched(name: str) -> str:
    now = int(time.time())
    claims = {"sub": name, "email": f"{name}@shop.example", "iat": now, "exp": now + 300}
    return jwt.encode(claims, SHOPS_SECRET, algorithm="HS256")


async def test_by_keyboard_the_conversation_is_mailed_once_and_the_form_left(
    shop: Shop, post: Post
) -> None:
    ana = mailbox()
    await shop.visit_with_tag()
    await shop.open()
    await shop.say("order")
    await expect(shop.bubbles).to_have_count(2)
    toggle = shop.page.get_by_role("button", name="Settings and transcript")
    await toggle.press("Enter")
    await expect(shop.page.get_by_role("switch").first).to_be_focused()
    for _ in range(5):
        await shop.page.keyboard.press("Tab")
    await expect(row(shop)).to_be_focused()
    await expect(row(shop)).to_have_attribute("aria-expanded", "false")
    await shop.page.keyboard.press("Enter")
    await expect(row(shop)).to_have_attribute("aria-expanded", "true")
    await expect(address(shop)).to_be_focused()
    await expect(address(shop)).to_have_attribute("autocomplete", "email")
    post.held = True
    await shop.page.keyboard.type(ana)
    await shop.page.keyboard.press("Enter")
    await expect(note(shop)).to_have_text(f"On its way to {ana} …")
    await shop.page.keyboard.press("Tab")
    await expect(shop.page.get_by_role("button", name="Send the e-mail")).to_be_focused()
    await shop.page.keyboard.press("Enter")
    await shop.page.keyboard.press("Space")
    post.held = False
    said = shop.page.get_by_role("status").filter(has_text=f"Mailed to {ana}.")
    await expect(said).to_be_visible()
    assert [str(mail["To"]) for mail in post.mails] == [ana]
    await shop.page.keyboard.press("Escape")
    await expect(address(shop)).to_have_count(0)
    await expect(row(shop)).to_be_focused()
    await shop.page.keyboard.press("Escape")
    await expect(row(shop)).to_be_hidden()
    await expect(toggle).to_be_focused()


@pytest.mark.parametrize("wrong", ["", "ana", "ana at shop", "ana@shop"])
async def test_what_is_no_address_is_said_beside_the_field_and_asked_of_nobody(
    shop: Shop, post: Post, wrong: str
) -> None:
    ana = mailbox()
    await begin(shop)
    await ask(shop, wrong)
    await expect(note(shop)).to_have_text("Please check the address.")
    await expect(address(shop)).to_be_focused()
    await expect(address(shop)).to_have_attribute("aria-invalid", "true")
    described = "(field) => field.getRootNode().getElementById(field.ariaDescribedByElements[0].id)"
    assert await address(shop).evaluate(f"(field) => ({described})(field).textContent")
    await address(shop).press("Control+A")
    await shop.page.keyboard.type("a")
    await expect(note(shop)).to_have_text("")
    await expect(address(shop)).not_to_have_attribute("aria-invalid", "true")
    await ask(shop, ana)
    await expect(note(shop)).to_have_text(f"Mailed to {ana}.")
    assert len(post.mails) == 1


async def test_what_the_server_refuses_is_said_in_its_words(shop: Shop, post: Post) -> None:
    await begin(shop)
    await ask(shop, "安@shop.example")
    await expect(note(shop)).to_have_text("This is no e-mail address. Please check it.")
    for name in (mailbox(), mailbox(), mailbox()):
        await ask(shop, name)
        await expect(note(shop)).to_have_text(f"Mailed to {name}.")
    await ask(shop, mailbox())
    await expect(note(shop)).to_have_text("That was very fast. Please wait a moment.")
    assert len(post.mails) == 3


async def test_who_had_it_mailed_often_enough_today_is_told(shop: Shop, post: Post) -> None:
    ana, full = mailbox(), mailbox()
    await begin(shop)
    for number in range(mails.DAY_MOST):
        asked = (f"{full} {number}", f"thread {number}", full, "en", "UTC")
        await shop.server.channel._store.write(_note_mail, *asked)
    await ask(shop, full)
    await expect(note(shop)).to_have_text(
        "This conversation was mailed often enough today. Please try again tomorrow."
    )
    await ask(shop, ana)
    await expect(note(shop)).to_have_text(f"Mailed to {ana}.")
    assert [str(mail["To"]) for mail in post.mails] == [ana]


async def test_what_the_mail_server_refuses_is_told_and_may_be_tried_again(
    shop: Shop, post: Post
) -> None:
    ana = mailbox()
    await begin(shop)
    post.answers = ["550 never"]
    await ask(shop, ana)
    await expect(note(shop)).to_contain_text(f"It may not have arrived at {ana}.")
    await address(shop).press("Enter")
    await expect(note(shop)).to_have_text(f"Mailed to {ana}.")
    assert len(post.mails) == 1


async def test_without_a_connection_it_waits_and_goes_when_that_is_back(
    shop: Shop, post: Post
) -> None:
    ana = mailbox()
    await begin(shop)
    await cut(shop)
    await ask(shop, ana)
    await expect(note(shop)).to_have_text("It is sent as soon as the connection is back.")
    await address(shop).press("Enter")
    await shop.context.unroute("**/socket.io/**")
    await expect(note(shop)).to_have_text(f"Mailed to {ana}.", timeout=30_000)
    assert len(post.mails) == 1


async def test_what_became_of_it_meanwhile_is_told_when_the_connection_is_back(
    shop: Shop, post: Post
) -> None:
    ana = mailbox()
    await begin(shop)
    post.held = True
    await ask(shop, ana)
    await expect(note(shop)).to_have_text(f"On its way to {ana} …")
    await cut(shop)
    post.held = False
    for _ in range(600):
        if not post.mails:
            await asyncio.sleep(0.05)
    await shop.context.unroute("**/socket.io/**")
    await expect(note(shop)).to_have_text(f"Mailed to {ana}.", timeout=30_000)
    assert len(post.mails) == 1


async def test_a_known_customers_address_stands_there_until_they_sign_out(shop: Shop) -> None:
    ana = mailbox()
    await begin(shop)
    await expect(address(shop)).to_have_value("")
    await shop.page.evaluate("(token) => Attune.setUser(token)", vouched(ana.split("@")[0]))
    await expect(address(shop)).to_have_value(ana)
    await address(shop).press("Enter")
    await expect(note(shop)).to_have_text(f"Mailed to {ana}.")
    await shop.page.evaluate("Attune.logOut()")
    await expect(address(shop)).to_have_value("")
    await expect(note(shop)).to_have_text("")


async def test_an_address_that_nobody_vouches_for_does_not_stand_there(shop: Shop) -> None:
    await begin(shop)
    forged = jwt.encode({"sub": "a", "email": "a@b.example"}, "another secret" * 3, "HS256")
    await shop.page.evaluate("(token) => Attune.setUser(token)", forged)
    await expect(shop.chat.locator(".banner")).to_contain_text("could not confirm who you are")
    await expect(address(shop)).to_have_value("")


async def test_a_server_that_mails_nothing_shows_no_row(
    server: Server, context: BrowserContext
) -> None:
    shop = Shop(server, context, await context.new_page())
    await shop.open_for_business()
    await shop.visit_with_tag('data-opened=""')
    await shop.page.get_by_role("button", name="Settings and transcript").click()
    saving = shop.page.get_by_role("button", name="Save the conversation as text")
    await expect(saving).to_be_visible()
    await shop.say("order")  # so that the server has said what it offers
    await expect(shop.bubbles).to_have_count(2)
    await expect(row(shop)).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("language", "width"), [("en", 320), ("zh", 320), ("en", 390), ("zh", 1280)]
)
async def test_axe_finds_nothing_and_nothing_sticks_out(
    shop: Shop, language: str, width: int, scheme: Any
) -> None:
    await shop.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    await shop.page.set_viewport_size({"width": width, "height": 640})
    await shop.visit_with_tag(f'data-language="{language}"')
    opening, *buttons, field = WORDS[language]
    await shop.page.get_by_role("button", name=opening).click()
    await shop.chat.locator("textarea").fill("order")
    await shop.chat.locator("textarea").press("Enter")
    await expect(shop.bubbles).to_have_count(2)
    for name in buttons:
        await shop.page.get_by_role("button", name=name).click()
    found = []
    for to in ("", f"a-rather-long-name-of-a-customer-of-{mailbox()}"):
        await shop.page.get_by_role("textbox", name=field).fill(to)
        await shop.page.keyboard.press("Enter")
        await expect(note(shop)).not_to_be_empty()
        found += (await Axe().run(shop.page, "attune-chat")).response["violations"]
    assert found == []
    sizes = await shop.chat.locator(".settings").evaluate(
        """(settings) => [...settings.querySelectorAll("button, input")]
          .map((target) => target.getBoundingClientRect())
          .filter(({ width, height }) => width < 44 || height < 44)
          .concat(settings.scrollWidth > settings.clientWidth ? ["wider than the settings"] : [])"""
    )
    assert sizes == []


def _note_mail(connection: Any, mail_id: str, thread: str, *asked: str) -> None:
    """Note a mail of a conversation that is over."""
    address, language, zone = asked
    row = {
        "id": mail_id, "thread": thread, "address": address, "language": language, "zone": zone,
        "state": mails.SENT, "attempts": 1, "due": time.time(), "asked": time.time(),
    }  # fmt: skip
    connection.execute(MAILS.insert().values(row))
