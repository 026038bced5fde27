"""A whole shift in real pages: two agents, four customers, two languages, one desk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.end_to_end.agent import DeskAgent
from tests.end_to_end.customer import Customer
from tests.end_to_end.service import Service

pytestmark = [pytest.mark.slow, pytest.mark.services, pytest.mark.browser]

WANTS_A_HUMAN = {"en": "I want to talk to a human", "zh": "我要找真人客服"}


@dataclass
class Shift:
    """Everybody who is there: Ana leads and has the page in English, Bo has it in Chinese."""

    ana: DeskAgent
    bo: DeskAgent
    customers: dict[str, Customer]


@pytest.fixture
async def shift(service: Service, chromium_browser: Browser) -> AsyncIterator[Shift]:
    async with AsyncExitStack() as stack:

        async def page(locale: str) -> Any:
            context = await chromium_browser.new_context(locale=locale)
            stack.push_async_callback(context.close)
            return await context.new_page()

        agents = {}
        for name, role, locale in (("ana", "supervisor", "en-GB"), ("bo", "agent", "zh-CN")):
            password = await asyncio.to_thread(service.add_agent, name, role)
            agents[name] = DeskAgent(await page(locale))
            await agents[name].sign_in_first_time(service.desk_url, password, name, name.title())
        customers = {}
        for name in ("en1", "en2", "zh1", "zh2"):
            customers[name] = Customer(await page("en-GB"))
            await customers[name].arrive(service.shop_url, name[:2])
        yield Shift(agents["ana"], agents["bo"], customers)


async def figures(agent: DeskAgent, service: Service) -> dict[str, Any]:
    """Return today's figures, as the supervisors' page asks for them."""
    now = datetime.now(timezone.utc)
    first, last = (now - timedelta(days=1)).date(), (now + timedelta(days=1)).date()
    url = f"{service.desk_url}/api/dashboard?first={first}&last={last}"
    answer = await agent.page.context.request.get(url)
    assert answer.ok, await answer.text()
    found: dict[str, Any] = await answer.json()
    return found


@pytest.mark.timeout(600)
async def test_a_whole_shift_of_two_agents_and_four_customers(
    service: Service, shift: Shift
) -> None:
    before = await figures(shift.ana, service)
    await asyncio.gather(
        _asks_for_a_human(shift.customers["en1"], "en", "my parcel 7711 is late"),
        _asks_for_a_human(shift.customers["en2"], "en", "the mug of order 7722 broke"),
        _asks_for_a_human(shift.customers["zh1"], "zh", "订单7733还没到"),
        _asks_for_a_human(shift.customers["zh2"], "zh", "订单7744要退款"),
    )
    await _both_want_the_same(shift)
    await _passed_on_and_put_off(shift)
    await _back_to_the_assistant(shift)
    await _how_was_it(shift)
    await _the_figures(shift, service, before)


async def _asks_for_a_human(customer: Customer, language: str, words: str) -> None:
    await customer.ask(WANTS_A_HUMAN[language])
    await customer.say(words)


async def _both_want_the_same(shift: Shift) -> None:
    """Both agents take a conversation at once; one gets it, the other one sees who."""
    words = "my parcel 7711 is late"
    await asyncio.gather(shift.ana.open(words), shift.bo.open(words))
    clicks = (agent.page.locator("button.take").click() for agent in (shift.ana, shift.bo))
    await asyncio.gather(*clicks, return_exceptions=True)  # a button may be gone before it is hit
    for agent in shift.ana, shift.bo:
        await expect(agent.page.locator("button.take")).to_have_count(0)
    boxes = [await agent.page.locator("form.composer").count() for agent in (shift.ana, shift.bo)]
    assert sorted(boxes) == [0, 1]
    winner, loser = (shift.ana, shift.bo) if boxes[0] else (shift.bo, shift.ana)
    name = "Ana" if winner is shift.ana else "Bo"
    await expect(loser.page.locator(".foot")).to_contain_text(name)
    await winner.answer("Good morning, I look after it.")
    await shift.customers["en1"].sees("agent", "Good morning, I look after it.")
    await shift.customers["en1"].say("finally, thank you 7711")
    await winner.reads("finally, thank you 7711")
    await winner.resolve("solved", "It comes today.")
    await shift.customers["en1"].sees("bot", "It comes today.")


async def _passed_on_and_put_off(shift: Shift) -> None:
    customer = shift.customers["zh1"]
    await shift.bo.take("订单7733还没到")
    await shift.bo.pass_on("Ana", "快递丢件，请补发")
    await shift.ana.open("订单7733还没到")
    await expect(shift.ana.page.locator(".strip")).to_contain_text("快递丢件，请补发")
    await shift.ana.answer("您好，我来为您处理7733。")
    await customer.sees("agent", "您好，我来为您处理7733。")
    await shift.ana.put_off()
    strip = shift.ana.page.locator(".strip")
    await expect(strip).to_contain_text("Back at")
    await customer.say("好的，那我等7733")
    await expect(strip).not_to_contain_text("Back at")  # the customer's words bring it back
    await shift.ana.note("carrier informed 7733")
    assert "carrier informed 7733" not in await customer.page.locator("body").inner_text()
    await shift.ana.resolve("passed_on", "已为您补发。")


async def _back_to_the_assistant(shift: Shift) -> None:
    customer = shift.customers["en2"]
    await shift.ana.take("the mug of order 7722 broke")
    await shift.ana.answer("A new mug is on its way 7722.")
    await customer.sees("agent", "A new mug is on its way 7722.")
    await shift.ana.hand_back("new mug sent")
    await customer.sees("bot", "new mug sent")
    await customer.sees("bot", "automated assistant again")
    assert "9" in await customer.ask("what are your opening hours?")


async def _how_was_it(shift: Shift) -> None:
    """Two of those whose request was resolved say how it was; the third does not."""
    await shift.bo.take("订单7744要退款")
    await shift.bo.answer("已为您退款7744。")
    await shift.customers["zh2"].sees("agent", "已为您退款7744。")
    await shift.bo.resolve("solved", "祝您愉快。")
    for name, rating, thanks in (
        ("zh2", "非常满意", "感谢您的评价：非常满意。"),
        ("en1", "Good", "Thank you for your rating: Good."),
    ):  # fmt: skip
        customer = shift.customers[name]
        await customer.page.get_by_role("button", name=rating, exact=True).click()
        await customer.sees("bot", thanks)
    await expect(shift.bo.page.locator(".survey")).to_contain_text("5 / 5")


async def _the_figures(shift: Shift, service: Service, before: dict[str, Any]) -> None:
    while True:  # the last rating is on its way from the customer to the desk
        after = await figures(shift.ana, service)
        grown = {
            name: after["total"][name] - before["total"][name]
            for name in ("tickets", "closed", "answered", "rated", "abandoned")
        }
        if grown["rated"] == 2:
            break
        await asyncio.sleep(0.2)
    assert grown == {"tickets": 4, "closed": 4, "answered": 4, "rated": 2, "abandoned": 0}
    await shift.ana.page.locator(".views button").nth(2).click()
    values = shift.ana.page.locator(".tile .value")
    await expect(values.first).to_have_text(str(after["total"]["tickets"]))
    languages = {row["key"]: row["tickets"] for row in after["tables"]["language"]}
    assert languages["zh"] >= 2 and languages["en"] >= 2
