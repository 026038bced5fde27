"""What the desk says of customers who wait, on its way to their pages."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from rasa.core.agent import Agent

from rasa_project.channels.webchat.store import standings
from tests.rasa_project.channels.webchat.serving import (
    Server,
    StockClient,
    conversation_of,
    serve,
)

pytestmark = pytest.mark.services

TOKEN = "a token of the desk's"
SECOND = {"state": "queued", "place": 2, "wait": [5, 10]}


@pytest.fixture
async def server(agent: Agent) -> AsyncIterator[Server]:
    async with serve(agent, options={"desk_token": TOKEN}) as server:
        yield server


async def say(server: Server, told: Any, token: str = TOKEN) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {token}"}
    url = f"{server.url}/webhooks/webchat/desk/standings"
    async with aiohttp.ClientSession(headers=headers) as http, http.post(url, json=told) as answer:
        return answer.status, await answer.json()


async def test_a_standing_reaches_open_pages_when_it_changes_and_later_ones_at_once(
    server: Server, clients: list[StockClient]
) -> None:
    ana, li, later = clients
    told = {client: asyncio.Queue[Any]() for client in (ana, li)}
    for client, queue in told.items():
        client.socket.on("standing", queue.put_nowait)
    opened = await ana.open(server.url)
    assert opened["standing"] is None
    await li.open(server.url)
    mine = conversation_of(opened["session"])
    answers = [await say(server, {"standings": {mine: SECOND}}) for _ in range(2)]
    assert answers == [(200, {"changed": 1}), (200, {"changed": 0})]
    assert await asyncio.wait_for(told[ana].get(), 30) == SECOND
    assert (await later.open(server.url, opened["session"]))["standing"] == SECOND
    await say(server, {"standings": {mine: None}})
    assert await asyncio.wait_for(told[ana].get(), 30) is None
    assert (await later.open(server.url, opened["session"]))["standing"] is None
    assert (told[ana].empty(), told[li].empty()) == (True, True)


async def test_a_desk_that_is_gone_is_believed_for_three_minutes(
    server: Server, clients: list[StockClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = await clients[0].open(server.url)
    await say(server, {"standings": {opened["thread"]: SECOND}})
    read = server.channel._store.read
    assert await read(standings.of, opened["thread"]) == SECOND
    later = time.time() + standings.HOLDS_SECONDS + 1
    monkeypatch.setattr("rasa_project.channels.webchat.store.standings.time.time", lambda: later)
    assert await read(standings.of, opened["thread"]) is None


@pytest.mark.parametrize(
    "told",
    [None, [], {}, {"standings": []}, {"standings": {"c": "queued"}},
     {"standings": {"c": {"state": "gone"}}}, {"standings": {"c" * 300: None}},
     {"standings": {"c": {"state": "closed", "zone": "z" * 5_000}}}],
)  # fmt: skip
async def test_what_is_no_standing_is_refused_in_words(server: Server, told: Any) -> None:
    status, answer = await say(server, told)
    assert (status, "standings" in answer["error"]) == (400, True)


async def test_nobody_but_the_desk_says_anything(server: Server) -> None:
    assert (await say(server, {"standings": {}}, "another token"))[0] == 401
