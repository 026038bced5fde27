"""The whole way in two real pages: an angry customer, an empathic answer, a human, and back."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from playwright.async_api import Browser

from tests.end_to_end.agent import DeskAgent
from tests.end_to_end.customer import Customer
from tests.end_to_end.service import Service

pytestmark = [pytest.mark.slow, pytest.mark.services, pytest.mark.browser]


class Script(NamedTuple):
    """What is said in one language."""

    complaint: str
    cause: str
    again: list[str]
    agent: str
    reply: str
    meanwhile: str
    note: str
    greeting: str
    afterwards: str
    hours: str


SCRIPTS = {
    "en": Script(
        complaint="my order is three weeks late and nobody answers!!! this is a joke",
        cause="three weeks",
        again=[
            "I said my order is three weeks late and nobody answers, what a joke!!!",
            "my order is STILL three weeks late and nobody answers!!! this is a joke",
        ],
        agent="Good morning, I have your parcel in front of me.",
        reply="finally a person, this has been so frustrating",
        meanwhile="Your parcel leaves today, and the postage is refunded.",
        note="new parcel on its way",
        greeting="automated assistant again",
        afterwards="what are your opening hours?",
        hours="9",
    ),
    "zh": Script(
        complaint="我的订单晚了三个星期，没人回复！！！这是在开玩笑吗",
        cause="三个星期",
        again=[
            "我的订单都晚了三个星期了，没人回复！！！这是在开玩笑吗",
            "订单晚了三个星期，还是没人回复！！！这是在开玩笑吗",
        ],
        agent="您好，我已经看到您的包裹了。",
        reply="气死我了，等了三个星期",
        meanwhile="包裹今天发出，运费退给您。",
        note="新包裹已发出",
        greeting="我是自动助手",
        afterwards="你们几点营业？",
        hours="9",
    ),
}


@pytest.mark.timeout(600)
async def test_an_angry_customer_reaches_a_human_and_comes_back(
    service: Service, chromium_browser: Browser
) -> None:
    agent = DeskAgent(await (await chromium_browser.new_context()).new_page())
    await agent.sign_in_first_time(service.desk_url, service.one_time_password())
    for language, script in SCRIPTS.items():
        customer = Customer(await (await chromium_browser.new_context()).new_page())
        await customer.arrive(service.shop_url, language)
        await _complain_until_a_human_comes(customer, script, service)
        await _a_human_answers(agent, customer, script, service)
        await _survives_a_kill(agent, customer, script, service)
        await _back_to_the_bot(agent, customer, script)


async def _complain_until_a_human_comes(
    customer: Customer, script: Script, service: Service
) -> None:
    first = await customer.ask(script.complaint)
    assert script.cause in first
    for words in script.again:
        await customer.ask(words)
    assert service.slot_becomes("handoff_state", "queued")


async def _a_human_answers(
    agent: DeskAgent, customer: Customer, script: Script, service: Service
) -> None:
    await agent.take(script.again[-1])
    assert any("3" in reason for reason in await agent.why())
    await customer.sees("system", "Li")
    await agent.answer(script.agent)
    await customer.sees("agent", script.agent)
    said_by_bot = await customer.said_by("bot")
    await customer.say(script.reply)
    message = await agent.reads(script.reply)
    assert any(word in message for word in ("Anger", "Frustration", "Disappointment")), message
    assert await customer.said_by("bot") == said_by_bot


async def _survives_a_kill(
    agent: DeskAgent, customer: Customer, script: Script, service: Service
) -> None:
    """Kill server and desk hard in the middle; the agent's next words still arrive, once."""
    service.kill_part("rasa_project.desk")
    service.kill_part("rasa_project.rasa_server")
    await agent.page.reload()
    await agent.page.locator("button.ticket", has_text="#").first.click()
    await agent.answer(script.meanwhile)
    await customer.page.reload()
    await customer.open_chat()
    await customer.sees("agent", script.meanwhile)
    said = await customer.said_by("agent")
    assert said == [script.agent, script.meanwhile]


async def _back_to_the_bot(agent: DeskAgent, customer: Customer, script: Script) -> None:
    await agent.hand_back(script.note)
    await customer.sees("bot", script.note)
    await customer.sees("bot", script.greeting)
    answer = await customer.ask(script.afterwards)
    assert script.hours in answer
