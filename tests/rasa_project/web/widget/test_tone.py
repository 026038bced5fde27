"""A customer who does not want the tone read, in front of a bot that would."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import rasa
from playwright.async_api import BrowserContext, expect
from rasa.core.agent import Agent

from tests.emotion_component.toy import toy_corpus, toy_folder
from tests.rasa_project.channels.webchat.conftest import CONFIG, DATA, DOMAIN
from tests.rasa_project.channels.webchat.serving import serve
from tests.rasa_project.web.widget.shop import Shop

__all__ = ["toy_corpus", "toy_folder"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.services,
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="session"),
]


@pytest.fixture(scope="module")
def feeling_model(toy_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The small bot, trained with the emotion component."""
    folder = tmp_path_factory.mktemp("feeling")
    component = (
        f"  - name: emotion_component.EmotionClassifier\n    weights: {toy_folder}\n    device: cpu"
    )
    config = CONFIG.replace("policies:", f"{component}\npolicies:")
    for name, text in (("config.yml", config), ("domain.yml", DOMAIN), ("data.yml", DATA)):
        (folder / name).write_text(text, encoding="utf-8")
    trained = rasa.train(
        domain=str(folder / "domain.yml"),
        config=str(folder / "config.yml"),
        training_files=[str(folder / "data.yml")],
        output=str(folder / "models"),
    )
    assert trained.model is not None
    return str(trained.model)


@pytest_asyncio.fixture(loop_scope="session")
async def feeling_shop(feeling_model: str, context: BrowserContext) -> AsyncIterator[Shop]:
    async with serve(Agent.load(feeling_model)) as server:
        shop = Shop(server, context, await context.new_page())
        await shop.open_for_business()
        yield shop
        assert shop.complaints == []


async def emotions(shop: Shop) -> list[tuple[bool, bool]]:
    """Return for each message of the customer whether anything was judged, and if declined."""
    events = await shop.server.user_events(await shop.conversation())
    found: list[dict[str, Any]] = [event["parse_data"]["emotion"] for event in events]
    return [(bool(each["scores"]), each.get("declined", False)) for each in found]


async def test_who_refuses_is_not_read_until_allowing_it_again(feeling_shop: Shop) -> None:
    shop = feeling_shop
    notice = shop.page.get_by_text("An automated system reads the tone")
    await shop.visit_with_tag("data-opened")
    await expect(notice).to_be_visible()
    await shop.say("order")
    await expect(shop.bubbles).to_have_count(2)
    assert await emotions(shop) == [(True, False)]

    await shop.page.get_by_role("button", name="Do not read my tone").click()
    await expect(notice).to_be_hidden()
    await shop.say("order")
    await expect(shop.bubbles).to_have_count(4)
    assert await emotions(shop) == [(True, False), (False, True)]

    # A page that knows nothing of the choice speaks on in the same conversation.
    await shop.page.evaluate(
        """() => Object.keys(localStorage).filter(key => key.startsWith("attune-tone"))
            .forEach(key => localStorage.removeItem(key))"""
    )
    await shop.page.reload()
    await shop.say("order")
    await expect(shop.bubbles).to_have_count(6)
    assert (await emotions(shop))[-1] == (False, True)

    await shop.page.get_by_role("button", name="Settings and transcript").click()
    await shop.page.get_by_role("switch", name="Let the system read the tone").click()
    await shop.page.get_by_role("switch", name="Let the system read the tone").click()
    await shop.say("order")
    await expect(shop.bubbles).to_have_count(8)
    assert (await emotions(shop))[-1] == (True, False)


async def test_a_choice_in_one_tab_holds_in_the_other(feeling_shop: Shop) -> None:
    shop = feeling_shop
    await shop.visit_with_tag("data-opened")
    other = await shop.context.new_page()
    await other.goto(shop.page.url)
    await expect(other.get_by_text("An automated system reads the tone")).to_be_visible()
    await shop.page.get_by_role("button", name="Do not read my tone").click()
    await expect(other.get_by_text("An automated system reads the tone")).to_be_hidden()
    await shop.page.bring_to_front()
