"""The state of a customer who waits: in line, before a closed door, and what they leave there."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, expect

from tests.rasa_project.web.widget.shop import Shop

pytestmark = [
    pytest.mark.browser,
    pytest.mark.services,
    pytest.mark.asyncio(loop_scope="session"),
]

CLOSED: dict[str, Any] = {
    "state": "closed", "zone": "Asia/Shanghai", "left": False,
    "says": {"en": "Our team is away until Monday, 09:00.", "zh": "客服目前不在，周一恢复服务。"},
    "hours": {
        "en": [["Mon–Thu", "09:00–12:00, 13:00–17:30"], ["Fri–Sun", "closed"]],
        "zh": [["周一–周四", "09:00–12:00, 13:00–17:30"], ["周五–周日", "休息"]],
    },
}  # fmt: skip


def queued(place: str) -> dict[str, Any]:
    """What the desk says of somebody in line."""
    return {"state": "queued", "place": 2, "wait": None, "says": {"en": place, "zh": "第 2 位"}}


async def begin(shop: Shop, language: str = "en") -> None:
    await shop.visit_with_tag(f'data-language="{language}" data-opened=""')
    await shop.chat.locator("textarea").fill("order")
    await shop.chat.locator("textarea").press("Enter")
    await expect(shop.bubbles).to_have_count(2)


def bar(shop: Shop) -> Locator:
    return shop.chat.locator(".standing > p")


async def test_the_place_in_line_is_kept_up_to_date_and_there_after_a_reload(shop: Shop) -> None:
    await begin(shop)
    await shop.stand(queued("You are number 3 in line."))
    await expect(bar(shop)).to_have_text("You are number 3 in line.")
    await expect(shop.chat.locator(".presence")).to_have_text("A colleague will be with you")
    await shop.stand(queued("You are next in line."))
    await expect(bar(shop)).to_have_text("You are next in line.")
    await shop.page.reload()
    await expect(bar(shop)).to_have_text("You are next in line.")
    await expect(shop.page.get_by_role("button", name="Leave a message")).to_have_count(0)
    await shop.stand(None)
    await expect(shop.chat.locator(".standing")).to_be_hidden()
    await expect(shop.chat.locator(".presence")).to_have_text("Automated, answers at once")


async def test_before_a_closed_door_hours_are_shown_and_a_message_is_left(shop: Shop) -> None:
    await begin(shop)
    await shop.stand(CLOSED)
    await expect(bar(shop)).to_have_text(CLOSED["says"]["en"])
    await shop.page.get_by_role("button", name="Opening hours").click()
    rows = await shop.chat.locator(".hours > *").all_inner_texts()
    assert rows == [
        "Mon–Thu", "09:00–12:00, 13:00–17:30", "Fri–Sun", "closed", "Asia/Shanghai",
    ]  # fmt: skip
    toggle = shop.page.get_by_role("button", name="Leave a message")
    await toggle.click()
    text = shop.page.get_by_role("textbox", name="What is it about?")
    contact = shop.page.get_by_role("textbox", name="E-mail or phone number")
    send = shop.page.get_by_role("button", name="Leave the message")
    await expect(text).to_be_focused()
    await send.click()
    assert await text.evaluate("(field) => field.validity.valueMissing")
    await text.fill("My order never came.")
    await contact.fill("ana at shop")
    await send.click()
    await expect(contact).to_be_focused()
    problem = await contact.evaluate("(field) => field.validationMessage")
    assert problem == "Please check the address or number."
    await contact.fill("ana@shop.example")
    await send.click()
    await expect(bar(shop)).to_contain_text("Your message is with our team.")
    await expect(text).to_be_hidden()
    await expect(toggle).to_be_focused()
    assert (await shop.sent(2))[1] == "My order never came.\nContact: ana@shop.example"


async def test_what_is_left_without_a_connection_says_that_it_waits(shop: Shop) -> None:
    await begin(shop)
    says = {"en": "Nobody from our team is here right now."}
    await shop.stand({**CLOSED, "state": "nobody", "says": says, "hours": {"en": []}})
    await expect(bar(shop)).to_have_text(says["en"])
    await expect(shop.page.get_by_role("button", name="Opening hours")).to_have_count(0)
    await shop.page.get_by_role("button", name="Leave a message").click()
    text = shop.page.get_by_role("textbox", name="What is it about?")
    await shop.context.route("**/socket.io/**", lambda route: route.abort())
    await shop.context.route_web_socket("**/socket.io/**", lambda line: line.close())
    for sid in [sid for sid, _ in shop.server.channel._sio.manager.get_participants("/", None)]:
        await shop.server.channel._sio.disconnect(sid)
    await expect(shop.chat.locator(".banner")).to_contain_text("No connection")
    await text.fill("Call me, please.")
    await text.press("Tab")
    await shop.page.get_by_role("button", name="Leave the message").click()
    await expect(shop.chat.locator(".form-note")).to_have_text(
        "It is sent as soon as the connection is back."
    )
    await shop.context.unroute("**/socket.io/**")


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_axe_finds_nothing_where_a_customer_waits_on_a_phone(
    shop: Shop, language: str
) -> None:
    await shop.page.set_viewport_size({"width": 390, "height": 844})
    await begin(shop, language)
    found = []
    for standing in (queued("You are number 2 in line."), CLOSED):
        await shop.stand(standing)
        await expect(bar(shop)).to_have_text(standing["says"][language])
        if standing is CLOSED:
            for button in await shop.chat.locator(".standing .quiet").all():
                await button.click()
        found += (await Axe().run(shop.page, "attune-chat")).response["violations"]
    assert found == []
