"""Takes the docs' pictures from the running whole: `python -m tests.end_to_end.screenshots`."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import ExitStack
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, Page, async_playwright, expect

from tests import chromium
from tests.end_to_end.agent import DeskAgent
from tests.end_to_end.customer import Customer
from tests.end_to_end.service import Service
from tests.project import ROOT, train_copy

PICTURES = ROOT / "docs" / "images"
WIDGET_SIZE = (440, 800)
DESK_SIZE = (1280, 800)
PHONE_SIZE = (390, 800)
GAP_PX = 16
LOCALES = {"en": "en-GB", "zh": "zh-CN"}
COMPLAINTS = {
    "en": (
        "my order is three weeks late and nobody answers!!! this is a joke",
        "A1042. and don't tell me to wait again, it's ridiculous",
        "THREE WEEKS!!! I am so angry, this is the worst service ever",
    ),
    "zh": (
        "我的订单晚了三个星期，没人回复！！！这是在开玩笑吗",
        "我的订单都晚了三个星期了，没人回复！！！这是在开玩笑吗",
        "订单晚了三个星期，还是没人回复！！！这是在开玩笑吗",
    ),
}
ANSWERS = {
    "en": "Good morning, I'm Li. I have your parcel's trace in front of me: it leaves the depot "
    "today.",
    "zh": "您好，我是小李。我已经查到您的包裹：今天从仓库发出，运费退给您。",
}


def main() -> None:
    """Start everything on a fresh copy, play a conversation in each language, keep the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        service = Service(train_copy(Path(folder)))
        service.start()
        try:
            asyncio.run(_take(service, Path(folder)))
        finally:
            service.stop()


async def _take(service: Service, folder: Path) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium.find(), args=chromium.arguments()
        )
        agent = DeskAgent(await _page(browser, DESK_SIZE, "en"))
        await agent.sign_in_first_time(service.desk_url, service.one_time_password())
        for language in LOCALES:
            await _conversation(service, browser, agent, language, folder)
        await browser.close()
    for language in LOCALES:
        both = [folder / f"{part}-{language}.png" for part in ("widget", "desk")]
        _join(both, PICTURES / f"widget-and-desk-{language}.webp")
    phones = [folder / f"phone-{language}.png" for language in LOCALES]
    _join(phones, PICTURES / "desk-on-a-phone.webp")


async def _conversation(
    service: Service, browser: Browser, agent: DeskAgent, language: str, folder: Path
) -> None:
    """Let a customer complain until a human answers, and keep what both of them see."""
    await agent.page.locator(f".languages button[lang={language}]").click()
    customer = Customer(await _page(browser, WIDGET_SIZE, language))
    await customer.arrive(service.shop_url, language)
    for words in COMPLAINTS[language]:
        await customer.ask(words)
    await agent.take(COMPLAINTS[language][-1])
    await agent.answer(ANSWERS[language])
    await customer.sees("agent", ANSWERS[language])
    await expect(agent.page.locator(".delivery")).to_have_count(0)
    await _photograph(customer.page, folder / f"widget-{language}.png")
    await _photograph(agent.page, folder / f"desk-{language}.png")
    width, height = PHONE_SIZE
    await agent.page.set_viewport_size({"width": width, "height": height})
    await agent.page.emulate_media(color_scheme="dark" if language == "zh" else "light")
    await agent.page.locator("details.side").evaluate("side => { side.open = false }")
    await _photograph(agent.page, folder / f"phone-{language}.png")
    width, height = DESK_SIZE
    await agent.page.set_viewport_size({"width": width, "height": height})
    await agent.page.emulate_media(color_scheme="light")
    await customer.page.context.close()


async def _photograph(page: Page, file: Path) -> None:
    await page.wait_for_timeout(1_000)  # scrolling comes to rest
    await page.screenshot(path=str(file))


async def _page(browser: Browser, size: tuple[int, int], language: str) -> Page:
    width, height = size
    context = await browser.new_context(
        viewport={"width": width, "height": height}, locale=LOCALES[language]
    )
    return await context.new_page()


def _join(parts: list[Path], picture: Path) -> None:
    """Put pictures of one height side by side, in a small file."""
    with ExitStack() as stack:
        images = [stack.enter_context(Image.open(part)) for part in parts]
        width = sum(image.width for image in images) + GAP_PX * (len(images) - 1)
        joined = Image.new("RGB", (width, images[0].height), "white")
        left = 0
        for image in images:
            joined.paste(image, (left, 0))
            left += image.width + GAP_PX
    picture.parent.mkdir(parents=True, exist_ok=True)
    joined.save(picture, quality=80, method=6)
    print(picture)


if __name__ == "__main__":
    main()
