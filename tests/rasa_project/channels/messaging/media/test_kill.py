"""What a killed server was fetching, the next one fetches."""

from __future__ import annotations

import asyncio
import signal

import pytest
from rasa.core.agent import Agent

from tests.rasa_project.channels.files import samples
from tests.rasa_project.channels.messaging.media import desk
from tests.rasa_project.channels.messaging.providers.fake_telegram import FakeTelegram
from tests.rasa_project.channels.messaging.serving import serve
from tests.rasa_project.channels.messaging.test_kills import victim

__all__ = ["victim"]
CUSTOMER, CONVERSATION = "4711", "telegram:4711"


@pytest.mark.slow
@pytest.mark.services
async def test_a_file_that_was_half_here_at_a_kill_comes_whole(
    telegram: FakeTelegram,
    victim: asyncio.subprocess.Process,
    agent: Agent,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ATTUNE_RASA_TOKEN", desk.TOKEN)
    picture = samples.picture(size=(600, 600))
    telegram.file_faults = ["half"]
    await telegram.happens(telegram.pictured(CUSTOMER, picture))
    while not telegram.halves:
        await asyncio.sleep(0.01)
    victim.send_signal(signal.SIGKILL)
    await victim.wait()
    async with serve(agent, [telegram]) as server:
        assert await desk.ended() == [("done", None)]
        (row,) = desk.files()
        given = await desk.ask(server, "telegram", row.id, CONVERSATION)
    assert (given.status, given.body) == (200, picture)
