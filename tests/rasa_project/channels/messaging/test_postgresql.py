"""The whole way with the layer's store on a real PostgreSQL server."""

from __future__ import annotations

import asyncio

import pytest
from rasa.core.agent import Agent

from rasa_project.channels.messaging.tables import Customer, Outgoing, Received
from tests.postgresql import PostgresqlServer
from tests.rasa_project.channels.files import samples
from tests.rasa_project.channels.messaging.media import desk
from tests.rasa_project.channels.messaging.providers.fake_telegram import FakeTelegram
from tests.rasa_project.channels.messaging.serving import bot, serve
from tests.rasa_project.channels.messaging.stored import rows, settled

CUSTOMER, CONVERSATION = "4711", "telegram:4711"
ON_ITS_WAY = "Your order is on its way."


@pytest.fixture
def url(postgresql: PostgresqlServer, monkeypatch: pytest.MonkeyPatch) -> str:
    found = postgresql.empty_database()
    monkeypatch.setenv("ATTUNE_CHANNELS_DB", found)
    monkeypatch.setenv("ATTUNE_RASA_TOKEN", desk.TOKEN)
    return found


@pytest.mark.services
@pytest.mark.usefixtures("short_waits", "url")
async def test_a_conversation_goes_the_whole_way_over_a_restart(
    telegram: FakeTelegram, agent: Agent
) -> None:
    telegram.times = 3  # each delivery, at once
    async with serve(agent, [telegram]) as server:
        await telegram.says(CUSTOMER, "order")
        assert await telegram.read(CUSTOMER, 1) == [ON_ITS_WAY]
        for _ in range(2):  # the desk, not knowing whether the first arrived
            await server.push(CONVERSATION, bot("Li here.", "m-1"))
        await telegram.happens(telegram.pictured(CUSTOMER, samples.picture()))
        await server.heard(CONVERSATION, 2)
        assert await desk.ended() == [("done", None)]
        await settled()
        said = await telegram.read(CUSTOMER, 2)
        assert said[:2] == [ON_ITS_WAY, "Li here."]
        telegram.faults = ["down"] * 10_000  # until after the restart
        await telegram.says(CUSTOMER, "order")
        assert (await server.heard(CONVERSATION, 3))[2] == "order"
    telegram.faults = []
    async with serve(agent, [telegram]) as server:
        await server.push(CONVERSATION, bot("It comes today.", "m-2"))
        await settled()
        assert (await telegram.read(CUSTOMER, 2))[len(said) :] == [ON_ITS_WAY, "It comes today."]
    assert {row.state for row in rows(Received.__table__.select())} == {"done"}
    assert {row.state for row in rows(Outgoing.__table__.select())} == {"done"}
    (customer,) = rows(Customer.__table__.select())
    assert (customer.reading, customer.sending) == (None, None)


@pytest.mark.services
@pytest.mark.usefixtures("short_waits", "url")
async def test_what_comes_while_the_database_is_away_is_answered_once_it_is_back(
    telegram: FakeTelegram, agent: Agent, postgresql: PostgresqlServer
) -> None:
    async with serve(agent, [telegram]) as server:
        await telegram.says(CUSTOMER, "order")
        assert await telegram.read(CUSTOMER, 1) == [ON_ITS_WAY]
        await settled()
        await asyncio.to_thread(postgresql.stop)
        delivering = asyncio.create_task(telegram.says(CUSTOMER, "links"))
        while 503 not in telegram.statuses:
            await asyncio.sleep(0.01)
        await asyncio.to_thread(postgresql.start)
        await delivering
        assert await server.heard(CONVERSATION, 2) == ["order", "links"]
        await settled()
    assert telegram.statuses[-1] == 200
