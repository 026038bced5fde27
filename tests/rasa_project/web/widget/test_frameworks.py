"""The element in pages that React and Vue build, show, change and take away."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests import node
from tests.rasa_project.web.widget.shop import Shop

pytestmark = [
    pytest.mark.browser,
    pytest.mark.services,
    pytest.mark.asyncio(loop_scope="session"),
]
ANSWER = ["order", "Your order is on its way."]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    node.run_script("build:frameworks", str(folder))
    return folder


@pytest.mark.parametrize("framework", ["React", "Vue"])
async def test_the_chat_lives_in_a_page_of_a_framework(
    shop: Shop, pages: Path, framework: str
) -> None:
    for file in pages.glob("*.js"):
        shop.put(file.name, file.read_text(encoding="utf-8"), "text/javascript")
    page = shop.page
    await shop.visit(
        f'<div id="page"></div><script type="module" src="{framework.lower()}.js"></script>'
        '<script type="module" src="{api}/attune.mjs"></script>'
    )
    await expect(page.get_by_role("dialog", name=f"In {framework}")).to_be_visible()
    await shop.say("order")
    await expect(shop.bubbles).to_have_text(ANSWER)
    await expect(page.locator("output")).to_have_text(ANSWER[1])

    await page.get_by_role("button", name="To the left").click()
    await expect(shop.chat.locator(".panel")).to_have_css("left", "0px")
    await expect(shop.bubbles).to_have_text(ANSWER)  # the same chat, at another side

    await page.get_by_role("button", name="Show or hide").press("Enter")
    await expect(shop.chat).to_have_count(0)
    await page.get_by_role("button", name="Show or hide").press("Enter")
    await expect(shop.bubbles).to_have_text(ANSWER)
    await shop.say("order")
    await expect(page.locator("output")).to_have_text("|".join([ANSWER[1]] * 2))
