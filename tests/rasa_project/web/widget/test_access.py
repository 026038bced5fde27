"""The chat for people who see little, use no mouse, or need large targets: WCAG 2.2 AA by axe."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from tests.rasa_project.web.widget.shop import Shop
from tests.rasa_project.web.widget.test_chat import AGENT, begin, card

pytestmark = [
    pytest.mark.browser,
    pytest.mark.services,
    pytest.mark.asyncio(loop_scope="session"),
]
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SMALLEST_TARGET = 44
RATING = [{"title": f"Rate {number}", "payload": f"/attune_survey_{number}"} for number in (1, 2)]


async def violations(shop: Shop) -> list[tuple[str, Any]]:
    """Name the rules that the chat breaks, with the places."""
    await shop.chat.evaluate(
        "({ shadowRoot }) => Promise.all(shadowRoot.getAnimations().map(a => a.finish()))"
    )
    options = {"runOnly": STANDARD, "rules": {"target-size": {"enabled": True}}}
    results = await Axe().run(shop.page, context="attune-chat", options=options)
    return [
        (found["id"], [node["html"][:120] for node in found["nodes"]])
        for found in results.response["violations"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
async def test_axe_finds_nothing_in_any_state_of_the_chat(
    shop: Shop, scheme: Any, width: int
) -> None:
    await shop.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    await shop.page.set_viewport_size({"width": width, "height": 800})
    await shop.visit_with_tag('data-greeting="Need a hand?"')
    await expect(shop.page.get_by_role("button", name="Need a hand?")).to_be_visible()
    found = {"greeting": await violations(shop)}
    await begin(shop)
    found["conversation"] = await violations(shop)
    await shop.page.get_by_role("button", name="Emoji").click()
    found["emoji"] = await violations(shop)
    await shop.page.keyboard.press("Escape")
    await shop.page.get_by_role("button", name="Settings and transcript").click()
    found["settings"] = await violations(shop)
    await shop.page.keyboard.press("Escape")
    await shop.hear(
        {"text": "**Hello** `A1` https://shop.example/a\n- one\n> two", "metadata": AGENT},
        {"text": "Ana joined.", "metadata": {"sender": "system"}},
        {"text": "", "data": {"elements": [card("mug"), card("pot")]}, "metadata": AGENT},
        {"text": "How was our help?", "data": {"buttons": RATING}},
    )
    await expect(shop.chat.locator(".face")).to_have_count(2)
    found["rich"] = await violations(shop)
    assert found == {state: [] for state in found}


async def test_every_target_is_large_enough_for_a_thumb(shop: Shop) -> None:
    await shop.page.set_viewport_size({"width": 390, "height": 800})
    await begin(shop)
    await shop.hear(
        {"text": "", "data": {"elements": [card("mug"), card("pot")]}},
        {"text": "How was our help?", "data": {"buttons": [*RATING, *RATING]}},
        {"text": "More?", "data": {"buttons": [{"title": "A", "payload": "/a"}]}},
    )
    await expect(shop.page.get_by_role("button", name="A", exact=True)).to_be_visible()
    await shop.page.get_by_role("button", name="Settings and transcript").click()
    small = await shop.chat.evaluate(
        """({ shadowRoot }, least) => [...shadowRoot.querySelectorAll("button, a.reply, a.file")]
            .filter(node => node.getClientRects().length)
            .map(node => [node.className, node.getBoundingClientRect()])
            .filter(([, box]) => box.width < least || box.height < least)
            .map(([name, box]) => [name, box.width, box.height])""",
        SMALLEST_TARGET,
    )
    assert [name for name, *_ in small if name != "emoji"] == []


async def test_the_dialog_has_a_name_and_holds_nobody_who_wants_to_leave(shop: Shop) -> None:
    await shop.visit('<script src="{api}/attune.js"></script><a href="#end" id="end">Imprint</a>')
    await shop.open()
    dialog = shop.page.get_by_role("dialog", name="Customer service")
    await expect(dialog).to_be_visible()
    for _ in range(12):
        await shop.page.keyboard.press("Tab")
        if await shop.page.evaluate("document.activeElement.localName") != "attune-chat":
            break
    assert await shop.page.evaluate("document.activeElement.localName") in ("a", "body")
    await expect(dialog).to_be_visible()


async def test_settings_are_opened_and_left_by_keyboard(shop: Shop) -> None:
    await begin(shop)
    toggle = shop.page.get_by_role("button", name="Settings and transcript")
    await toggle.press("Enter")
    first = shop.page.get_by_role("switch", name="Sound for new messages")
    await expect(first).to_be_focused()
    await first.press("Space")
    await expect(first).to_be_checked()
    await shop.page.keyboard.press("Escape")
    await expect(toggle).to_be_focused()
    await expect(first).to_be_hidden()


async def test_who_wants_less_motion_gets_none(shop: Shop) -> None:
    await shop.page.emulate_media(reduced_motion="reduce")
    await begin(shop)
    await shop.tell("agent_typing", {"agent": "Li"})
    await expect(shop.page.get_by_role("img", name="Li is writing")).to_be_visible()
    running = "({ shadowRoot }) => shadowRoot.getAnimations({ subtree: true }).length"
    assert await shop.chat.evaluate(running) == 0
