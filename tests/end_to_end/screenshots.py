"""Takes the README's picture from the running whole: `python -m tests.end_to_end.screenshots`."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, Page, async_playwright

from tests import chromium
from tests.conftest import ROOT, train_copy
from tests.end_to_end.agent import DeskAgent
from tests.end_to_end.customer import Customer
from tests.end_to_end.service import Service

PICTURE = ROOT / "docs" / "images" / "widget-and-desk.png"
WIDGET_SIZE = (480, 800)
DESK_SIZE = (1240, 800)
GAP_PX = 16
COMPLAINTS = (
    "my order is three weeks late and nobody answers!!! this is a joke",
    "A1042. and don't tell me to wait again, it's ridiculous",
    "THREE WEEKS!!! I am so angry, this is the worst service ever",
)
ANSWER = (
    "Good morning, I'm Li. I have your parcel's trace in front of me: it leaves the depot today."
)


def main() -> None:
    """Start everything on a fresh copy, play one conversation, and keep the picture."""
    with tempfile.TemporaryDirectory() as folder:
        service = Service(train_copy(Path(folder)))
        service.start()
        try:
            asyncio.run(_take(service, Path(folder)))
        finally:
            service.stop()
    print(PICTURE)


async def _take(service: Service, folder: Path) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium.find(), args=chromium.arguments()
        )
        customer = Customer(await _page(browser, WIDGET_SIZE))
        agent = DeskAgent(await _page(browser, DESK_SIZE))
        await agent.sign_in_first_time(service.desk_url, service.one_time_password())
        await customer.arrive(service.shop_url, "en")
        for words in COMPLAINTS:
            await customer.ask(words)
        await agent.take(COMPLAINTS[-1])
        await agent.answer(ANSWER)
        await customer.sees("agent", ANSWER)
        await customer.page.wait_for_timeout(1_000)  # scrolling comes to rest
        for page, name in ((customer.page, "widget.png"), (agent.page, "desk.png")):
            await page.screenshot(path=str(folder / name))
        await browser.close()
    _join(folder / "widget.png", folder / "desk.png")


async def _page(browser: Browser, size: tuple[int, int]) -> Page:
    width, height = size
    context = await browser.new_context(viewport={"width": width, "height": height})
    return await context.new_page()


def _join(left: Path, right: Path) -> None:
    """Put two pictures of one height side by side."""
    with Image.open(left) as one, Image.open(right) as other:
        joined = Image.new("RGB", (one.width + GAP_PX + other.width, one.height), "white")
        joined.paste(one, (0, 0))
        joined.paste(other, (one.width + GAP_PX, 0))
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        joined.quantize(256).save(PICTURE, optimize=True)


if __name__ == "__main__":
    main()
