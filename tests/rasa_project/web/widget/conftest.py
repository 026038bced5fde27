"""One server and one browser for all tests of the widget; each test has pages of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, async_playwright
from rasa.core.agent import Agent

from tests import chromium
from tests.rasa_project.channels.webchat.conftest import model
from tests.rasa_project.channels.webchat.serving import Server, serve
from tests.rasa_project.web.widget.shop import DESK_TOKEN, Shop

__all__ = ["model"]
# A microphone that beeps, and that a page may use without anybody being asked.
MICROPHONE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def server(model: str) -> AsyncIterator[Server]:
    async with serve(Agent.load(model), options={"desk_token": DESK_TOKEN}) as server:
        yield server


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with AsyncExitStack() as stack:
        playwright = await stack.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(
            executable_path=chromium.find(), args=[*chromium.arguments(), *MICROPHONE]
        )
        stack.push_async_callback(browser.close)
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context()
    yield context
    await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def shop(server: Server, context: BrowserContext) -> AsyncIterator[Shop]:
    """A shop's pages, which must end their test without an error or a blocked script or style."""
    shop = Shop(server, context, await context.new_page())
    await shop.open_for_business()
    yield shop
    assert shop.complaints == []
