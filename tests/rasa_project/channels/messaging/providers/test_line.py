"""What is LINE's own."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.core.agent import Agent

from rasa_project.channels.messaging.provider import Finding
from rasa_project.channels.messaging.request import Request
from tests.rasa_project.channels.messaging.providers import golden
from tests.rasa_project.channels.messaging.providers.fake_line import TOKEN, FakeLine
from tests.rasa_project.channels.messaging.serving import bot, channel_of, serve
from tests.rasa_project.channels.messaging.stored import settled

ON_ITS_WAY = "Your order is on its way."


def read(line: FakeLine, event: Any, **settings: str) -> Any:
    delivery = line.delivery(event)
    headers = {key.lower(): value for key, value in delivery.headers.items()}
    request = Request("POST", "/", {}, headers, delivery.body, 0.0)
    options = {"access_token": TOKEN, "channel_secret": "x", "api_url": "https://a.example"}
    provider = type(channel_of(line)).from_credentials({**options, **settings}).provider
    return provider.read(request)


@pytest.mark.parametrize("case", golden.cases("line"), ids=lambda case: str(case["name"]))
async def test_an_event_is_read(line: FakeLine, case: dict[str, Any]) -> None:
    reading = read(line, case["event"], start="/greet")
    golden.require(reading, case)


async def test_an_added_friend_is_greeted_where_that_is_wanted(line: FakeLine) -> None:
    event = line.event("1", {"type": "follow"})
    assert read(line, event).ignored == ("an event 'follow'",)
    assert [turn.begin for turn in read(line, event, start="/greet").turns] == ["/greet"]


async def test_line_may_try_the_address_and_send_many_customers_events_at_once(
    line: FakeLine, agent: Agent
) -> None:
    async with serve(agent, [line]):
        await line.happens([])
        await line.happens([line.written("1", "order"), line.written("2", "order")])
        await settled()
    assert (line.texts("1"), line.texts("2")) == ([ON_ITS_WAY], [ON_ITS_WAY])
    assert line.statuses == [200, 200]
    assert sorted(one["chatId"] for one in line.courtesies) == ["1", "2"]


async def test_a_message_whose_answer_is_lost_arrives_once(
    line: FakeLine, agent: Agent, short_waits: None
) -> None:
    line.faults = ["cut", "cut"]
    async with serve(agent, [line]) as server:
        await line.says("1", "order")
        await settled()
        await server.push("line:1", bot("Li here.", "m-1"))
        await settled()
        assert await line.read("1", 2) == [ON_ITS_WAY, "Li here."]


async def test_check_and_register_speak_with_line(line: FakeLine) -> None:
    provider = channel_of(line).provider
    before = await provider.check()
    await provider.register("https://bot.example/webhooks/line/webhook")
    after = await provider.check()
    await provider.http.close()
    assert [one.ok for one in before] == [True, False]
    assert after == [
        Finding(True, "The token is that of Shop."),
        Finding(True, "The webhook https://bot.example/webhooks/line/webhook is in use."),
    ]
