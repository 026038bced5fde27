"""Where a provider closes the window for answers, who wants to send one hears why, at once."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from rasa.core.agent import Agent
from sqlalchemy import update

from rasa_project.channels.messaging.database import Database
from rasa_project.channels.messaging.providers.telegram import Telegram
from rasa_project.channels.messaging.tables import Customer
from rasa_project.desk.outbound.rasa_client import NotDelivered, RasaClient
from tests.rasa_project.channels.messaging.providers.fake_telegram import FakeTelegram
from tests.rasa_project.channels.messaging.serving import bot, serve

DAY = 24 * 3600.0


async def test_the_desk_hears_the_reason_and_the_conversation_stays_as_it_was(
    telegram: FakeTelegram, agent: Agent, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Telegram, "limits", replace(Telegram.limits, window_seconds=DAY))
    async with serve(agent, [telegram]) as server:
        await telegram.says("1", "order")
        await telegram.read("1", 1)
        (event,) = await server.events("telegram:1", "user")
        assert round(event["metadata"]["reply_until"] - time.time(), -2) == DAY
        database = Database(database_url)
        with database.write() as session:
            session.execute(update(Customer).values(heard_at=0.0))
        database.close()
        async with RasaClient(server.url, "") as desk:
            with pytest.raises(NotDelivered) as refused:
                await desk.append("telegram:1", [bot("Li here.", "m-1")])
            assert not await desk.has_said("telegram:1", "m-1")
    assert refused.value.hopeless
    assert str(refused.value) == (
        "Telegram allows messages only within 24 hours of the customer's last one; it was "
        "possible until 1970-01-02 00:00 UTC. They have to write first."
    )
    assert len(telegram.sent) == 1
