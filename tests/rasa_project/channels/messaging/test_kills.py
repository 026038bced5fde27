"""Nothing is lost and nothing answered twice when a server is killed."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent

from tests.rasa_project.channels.messaging.killed import agent_with
from tests.rasa_project.channels.messaging.providers.fake_telegram import FakeTelegram
from tests.rasa_project.channels.messaging.serving import serve
from tests.rasa_project.channels.messaging.stored import settled

ON_ITS_WAY = "Your order is on its way."
CUSTOMERS = [str(number) for number in range(1, 13)]


@pytest.fixture
async def victim(
    telegram: FakeTelegram, model: str, tmp_path: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A server in a process of its own, which Telegram delivers to."""
    arguments = [model, str(tmp_path / "tracker.db"), telegram.name, telegram.channel]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.rasa_project.channels.messaging.killed", *arguments,
        json.dumps(telegram.settings()), stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdout is not None
    async for line in process.stdout:
        if line.startswith(b"WEBHOOK "):
            telegram.hook = line.split()[1].decode()
            break
    yield process
    if process.returncode is None:
        process.kill()
    await process.wait()


@pytest.mark.slow
@pytest.mark.services
async def test_a_server_killed_after_the_acknowledgement_owes_nobody_an_answer(
    telegram: FakeTelegram, victim: asyncio.subprocess.Process, model: str, tmp_path: Path
) -> None:
    # The first is read by Rasa and cannot be sent; the others are acknowledged and no more.
    telegram.faults = ["down"]
    await telegram.says("999", "order")
    await asyncio.gather(*(telegram.says(customer, "order") for customer in CUSTOMERS))
    victim.send_signal(signal.SIGKILL)
    await victim.wait()
    assert telegram.statuses == [200] * (len(CUSTOMERS) + 1)
    before = len(telegram.sent)
    async with serve(agent_with(model, str(tmp_path / "tracker.db")), [telegram]) as server:
        await settled()
        for customer in [*CUSTOMERS, "999"]:
            events = await server.events(f"telegram:{customer}", "user")
            assert [event["text"] for event in events] == ["order"]
            texts = telegram.texts(customer)
            # Killed while a message was on its way, nobody knows whether it arrived.
            assert set(texts) == {ON_ITS_WAY} and len(texts) <= 2
    assert before < len(CUSTOMERS) + 1
    assert len(telegram.sent) <= len(CUSTOMERS) + 1 + before


async def die_in_a_turn(
    telegram: FakeTelegram, agent: Agent, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    """Stop a server when Rasa has just read a message, or just stored the turn."""
    reached = asyncio.Event()
    handle = agent.handle_message

    async def handle_and_hang(message: Any) -> None:
        if after:
            await handle(message)
        else:
            await message.output_channel.send_response(
                message.sender_id, {"text": ON_ITS_WAY, "timestamp": 1.0}
            )
        reached.set()
        await asyncio.Event().wait()

    with monkeypatch.context() as patch:
        patch.setattr(agent, "handle_message", handle_and_hang)
        async with serve(agent, [telegram]):
            await telegram.says("1", "order")
            await reached.wait()


@pytest.mark.parametrize("after", [False, True])
async def test_a_turn_that_a_server_died_over_is_in_the_conversation_once(
    telegram: FakeTelegram, agent: Agent, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    await die_in_a_turn(telegram, agent, monkeypatch, after)
    async with serve(agent, [telegram]) as server:
        await settled()
        assert telegram.texts("1") == [ON_ITS_WAY]
        assert [one["text"] for one in await server.events("telegram:1", "user")] == ["order"]
