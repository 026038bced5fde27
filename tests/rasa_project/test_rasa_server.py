"""Limits of the Rasa server as Attune starts it."""

from __future__ import annotations

import asyncio

import pytest
from rasa.core.actions import action
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from rasa_project.rasa_server import limit_actions


async def test_an_action_server_that_never_answers_is_given_up_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(action, "DEFAULT_REQUEST_TIMEOUT", action.DEFAULT_REQUEST_TIMEOUT)
    limit_actions(0.2)

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    remote = action.RemoteAction(
        "action_order_status", EndpointConfig(f"http://127.0.0.1:{port}/webhook")
    )
    async with server:
        with pytest.raises(asyncio.TimeoutError):
            await remote.run(
                CollectingOutputChannel(),
                TemplatedNaturalLanguageGenerator({}),
                DialogueStateTracker("1", []),
                Domain.empty(),
            )
