"""The desk's page in a real browser, for somebody who is signed in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, Page

from tests.rasa_project.desk.desk_process import Person


@asynccontextmanager
async def page_of(browser: Browser, person: Person, **context: Any) -> AsyncIterator[Page]:
    """Open a person's page, in a browser context with these options; hold that no script fails."""
    opened = await browser.new_context(**{"locale": "en-GB", **context})
    url = person.desk.url
    await opened.add_cookies([{"name": "attune_desk", "value": person.token, "url": url}])
    page = await opened.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    await page.goto(url)
    yield page
    await opened.close()
    assert faults == []
