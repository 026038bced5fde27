"""Customers see that an agent writes, where their app has a sign for that."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from rasa.core.agent import Agent

from rasa_project.channels.messaging import catalogue
from rasa_project.channels.messaging.providers.telegram import Telegram
from tests.rasa_project.channels.messaging.conftest import FAKES
from tests.rasa_project.channels.messaging.fake_service import FakeService
from tests.rasa_project.channels.messaging.media import desk
from tests.rasa_project.channels.messaging.providers.fake_telegram import FakeTelegram
from tests.rasa_project.channels.messaging.serving import Server, serve

CUSTOMER = "4711"
TYPING = [fake for fake in FAKES if catalogue.inputs()[fake.name].Provider.typing_seconds]


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTUNE_RASA_TOKEN", desk.TOKEN)


async def tell(server: Server, channel: str, told: Any, token: str = desk.TOKEN) -> int:
    """Do what the desk does while an agent writes."""
    url = f"{server.url}/webhooks/{channel}/desk/presence"
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        aiohttp.ClientSession() as http,
        http.post(url, json=told, headers=headers) as answer,
    ):
        return answer.status


async def shown(service: FakeService, count: int) -> list[dict[str, Any]]:
    """Wait until a customer has seen so many signs."""
    while len(service.courtesies) < count:
        await asyncio.sleep(0.01)
    return service.courtesies


@pytest.mark.channel_feature("typing")
@pytest.mark.parametrize("service", TYPING, indirect=True, ids=lambda fake: str(fake.name))
async def test_the_customer_sees_an_agent_write_as_they_see_the_bot_do(
    service: FakeService, served: Server
) -> None:
    await service.says(CUSTOMER, "order")
    await service.read(CUSTOMER, 1)
    await shown(service, 1)
    running = served.channels[0].running
    assert running is not None
    while running.answerer._courtesies:  # some show a read mark, and then typing
        await asyncio.sleep(0.01)
    before = list(service.courtesies)
    told = {"conversation": service.conversation(CUSTOMER), "agent": "Li", "typing": True}
    assert await tell(served, service.name, told) == 200
    (sign,) = (await shown(service, len(before) + 1))[len(before) :]
    assert sign == before[-1]


async def test_a_sign_that_shows_still_is_not_made_again(
    telegram: FakeTelegram, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Telegram, "typing_seconds", 3_600.0)
    async with serve(agent, [telegram]) as server:
        await telegram.says(CUSTOMER, "order")
        await shown(telegram, 1)
        for _ in range(3):  # the desk says so every few seconds
            told = {"conversation": f"telegram:{CUSTOMER}", "typing": True}
            assert await tell(server, "telegram", told) == 200
    assert len(telegram.courtesies) == 2


async def test_only_the_desk_shows_typing_and_only_to_customers(
    telegram: FakeTelegram, agent: Agent
) -> None:
    async with serve(agent, [telegram]) as server:
        told = {"conversation": f"telegram:{CUSTOMER}", "typing": True}
        answers = [
            await tell(server, "telegram", told, token="wrong"),
            await tell(server, "telegram", {"conversation": 7, "typing": True}),
            await tell(server, "telegram", ["typing"]),
            await tell(server, "telegram", {**told, "typing": False}),
            await tell(server, "telegram", told),  # who never wrote
        ]
    assert (answers, telegram.courtesies) == ([401, 400, 400, 200, 200], [])


async def test_a_service_that_fails_holds_up_nobody(telegram: FakeTelegram, agent: Agent) -> None:
    async with serve(agent, [telegram]) as server:
        await telegram.says(CUSTOMER, "order")
        await telegram.read(CUSTOMER, 1)
        await telegram.end()
        told = {"conversation": f"telegram:{CUSTOMER}", "typing": True}
        assert await tell(server, "telegram", told) == 200
