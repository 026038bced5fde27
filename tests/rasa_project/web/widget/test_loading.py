"""What a page loads for the widget, as the browser counts it."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.rasa_project.web.widget.shop import Shop

pytestmark = [
    pytest.mark.browser,
    pytest.mark.services,
    pytest.mark.asyncio(loop_scope="session"),
]
DOCUMENTED = Path(__file__).parents[4] / "docs" / "widget.md"
# Bytes with their headers, of every script that came over the wire.
SCRIPTS = """Object.fromEntries(performance.getEntriesByType("resource")
  .filter(({ name }) => name.includes("attune"))
  .map(({ name, transferSize }) => [new URL(name).pathname.split("/").pop(), transferSize]))"""


async def test_a_page_loads_what_the_manual_says_and_under_40_kb(shop: Shop) -> None:
    await shop.visit_with_tag()
    await expect(shop.page.get_by_role("button", name="Open the chat")).to_be_visible()
    closed = await shop.page.evaluate(SCRIPTS)
    await shop.open()
    await expect(shop.input).to_be_focused()
    opened = await shop.page.evaluate(SCRIPTS)
    assert (closed.keys(), opened.keys()) == ({"attune.js"}, {"attune.js", "attune-chat.js"})
    print({**opened, "all": sum(opened.values())})
    words = " ".join(DOCUMENTED.read_text(encoding="utf-8").split())
    said = re.search(r"loads (\d+) kB; .* the chat itself .* (\d+) kB more", words)
    assert said is not None
    loaded = [math.ceil(opened[name] / 1000) for name in ("attune.js", "attune-chat.js")]
    assert [int(kilobytes) for kilobytes in said.groups()] == loaded
    assert sum(opened.values()) < 40_000
