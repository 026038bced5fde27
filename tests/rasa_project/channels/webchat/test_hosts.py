"""Two Rasa servers that know of each other through a real Redis alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from rasa.core.agent import Agent
from rasa.core.lock_store import RedisLockStore
from redis import Redis

from tests.rasa_project.channels.webchat.serving import (
    Server,
    StockClient,
    conversation_of,
    serve,
)
from tests.redis_server import RedisServer

pytestmark = pytest.mark.services

ANSWER = "Your order is on its way."


@pytest.fixture
async def hosts(model: str, redis: RedisServer, tmp_path: Path) -> AsyncIterator[list[Server]]:
    options = {
        "redis": redis.url,
        "desk_token": "a token of the desk's",
        "store": f"sqlite:///{tmp_path / 'webchat.db'}",
        # This client's WebSockets want a newer aiohttp than Rasa's; the network test has them.
        "transports": ["websocket", "polling"],
    }
    one, other = Agent.load(model), Agent.load(model)
    other.tracker_store = other.processor.tracker_store = one.tracker_store
    for agent in (one, other):
        agent.lock_store = agent.processor.lock_store = RedisLockStore("127.0.0.1", redis.port)
    async with serve(one, options=options) as first, serve(other, options=options) as second:
        yield [first, second]


async def test_a_customers_devices_on_two_hosts_see_the_same(
    hosts: list[Server], clients: list[StockClient]
) -> None:
    here, there, _ = clients
    opened = await here.open(hosts[0].url)
    await there.open(hosts[1].url, opened["session"])
    await here.ask("order", message_id="m1")
    assert [m["text"] for m in await there.heard(1)] == [ANSWER]
    assert [(event, data["seq"]) for event, data in there.events] == [("user_echo", 1)]


async def test_an_agents_message_reaches_the_customer_on_whichever_host(
    hosts: list[Server], clients: list[StockClient]
) -> None:
    opened = await clients[0].open(hosts[0].url)
    await clients[0].ask("order")
    said = {"event": "bot", "text": "Li here.", "metadata": {"message_id": "a1"}}
    assert await hosts[1].append(conversation_of(opened["session"]), [said]) == 200
    assert [m["seq"] for m in await clients[0].heard(2)] == [2, 3]


async def test_desk_and_page_on_two_hosts_see_each_other_and_nothing_of_it_is_an_event(
    hosts: list[Server], clients: list[StockClient]
) -> None:
    page, told = clients[0], asyncio.Queue[tuple[str, Any]]()
    for event in ("agent_typing", "messages_read"):
        page.socket.on(event, lambda data, event=event: told.put_nowait((event, data)))
    opened = await page.open(hosts[0].url)
    conversation = conversation_of(opened["session"])
    await page.ask("order", message_id="m1")
    before = await hosts[0].tracker(conversation)
    await page.socket.emit("typing", True)
    await page.socket.call("delivered", {"seq": 2, "seen": 2})
    url = f"{hosts[1].url}/webhooks/webchat/desk/presence"
    asked = {"conversation": conversation, "agent": "Li", "typing": True, "looking": True}
    headers = {"Authorization": "Bearer a token of the desk's"}
    async with aiohttp.ClientSession() as http:
        async with http.post(url, json=asked) as answer:
            assert answer.status == 401
        async with http.post(url, json=asked, headers=headers) as answer:
            found = await answer.json()
    assert found == {
        "online": True, "typing": True, "read": "bot-m1-1", "delivered": "bot-m1-1",
    }  # fmt: skip
    assert [await asyncio.wait_for(told.get(), 20) for _ in range(2)] == [
        ("agent_typing", {"agent": "Li", "typing": True}),
        ("messages_read", {"until": "m1"}),
    ]
    assert await hosts[0].tracker(conversation) == before


async def test_a_message_sent_to_both_hosts_at_once_is_handled_once_and_all_in_order(
    hosts: list[Server], clients: list[StockClient]
) -> None:
    opened = await clients[0].open(hosts[0].url)
    await clients[1].open(hosts[1].url, opened["session"])
    answers = await asyncio.gather(
        *(client.say("order", message_id=f"m{n}") for n in range(5) for client in clients[:2])
    )
    assert sorted(answer["status"] for answer in answers) == ["accepted"] * 5 + ["duplicate"] * 5
    await clients[0].heard(5)
    await clients[1].heard(5)
    events = await hosts[0].user_events(conversation_of(opened["session"]))
    stored = [m["id"] for m in await clients[0].history() if m["sender"] == "user"]
    assert [event["metadata"]["message_id"] for event in events] == stored
    assert len(stored) == 5
    assert len(clients[0].received) == len(clients[1].received) == 5


async def test_who_logs_out_on_one_host_is_put_out_on_the_other(
    hosts: list[Server], clients: list[StockClient]
) -> None:
    opened = await clients[0].open(hosts[0].url)
    await clients[1].open(hosts[1].url, opened["session"])
    await clients[0].socket.call("log_out", {})
    assert await asyncio.wait_for(clients[1].ended, 20) == "logged_out"
    refused = await clients[1].socket.call("history_request", {})
    assert refused["error"] in {"over", "session"}


async def test_a_host_that_stops_hangs_up(
    model: str, redis: RedisServer, tmp_path: Path, clients: list[StockClient]
) -> None:
    options = {"redis": redis.url, "transports": ["websocket", "polling"]}
    with Redis.from_url(redis.url, single_connection_client=True) as observer:
        before = len(observer.client_list())
        async with serve(Agent.load(model), options=options) as server:
            await clients[0].open(server.url)
            await clients[0].ask("order")
            assert len(observer.client_list()) > before
            await clients[0].leave()
        assert await lines(observer, before) == before


async def lines(observer: Redis[bytes], expected: int) -> int:
    """Count the lines to Redis; it takes a moment to see that one is gone."""
    for _ in range(100):
        found = len(observer.client_list())
        if found == expected:
            break
        await asyncio.sleep(0.05)
    return found


async def test_without_redis_each_host_stores_on_and_a_returning_client_misses_nothing(
    hosts: list[Server], clients: list[StockClient], redis: RedisServer
) -> None:
    opened = await clients[0].open(hosts[0].url)
    await clients[0].ask("order")
    said: dict[str, Any] = {"event": "bot", "text": "Li.", "metadata": {"message_id": "a1"}}
    for agent in (host.agent for host in hosts):  # Rasa's locks would be gone with it
        agent.lock_store = agent.processor.lock_store = Agent().lock_store
    redis.stop()
    try:
        assert await hosts[1].append(conversation_of(opened["session"]), [said]) == 200
        told: dict[str, Any] = {}
        for _ in range(600):  # what agents say is shown once Rasa has stored it
            told = await clients[0].socket.call("delivered", {"seq": 2})
            if told == {"last": 3}:
                break
            await asyncio.sleep(0.05)
        assert told == {"last": 3}
        page = await clients[0].socket.call("history_request", {"after": 2})
        assert [m["text"] for m in page["messages"]] == ["Li."]
    finally:
        redis.start()
