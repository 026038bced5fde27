"""Two forked workers of one `rasa run` that know of each other through a real Redis alone."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.rasa_project.channels.webchat.forked import RasaRun, WebSocketClient
from tests.rasa_project.channels.webchat.serving import conversation_of
from tests.redis_server import RedisServer

pytestmark = [pytest.mark.services, pytest.mark.slow]

ANSWER = "Your order is on its way."
TRIES = 60  # connections until the system has given each worker one


@pytest.fixture(scope="module")
def rasa(
    model: str, redis: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RasaRun]:
    server = RasaRun(model, tmp_path_factory.mktemp("forked"), redis.port, workers=2)
    try:
        server.wait()
        yield server
    finally:
        server.stop()


@pytest.fixture
async def pages(rasa: RasaRun) -> AsyncIterator[list[WebSocketClient]]:
    """A page at each worker, of which nobody knows beforehand who takes it."""
    opened: list[WebSocketClient] = []
    by_worker: dict[int, WebSocketClient] = {}
    for _ in range(TRIES):
        opened.append(WebSocketClient())
        await opened[-1].connect(rasa.url)
        by_worker.setdefault(rasa.worker_of(opened[-1].port), opened[-1])
        if len(by_worker) == 2:
            break
    assert len(by_worker) == 2 and rasa.process.pid not in by_worker
    yield list(by_worker.values())
    for page in opened:
        await page.leave()


async def share_a_conversation(pages: list[WebSocketClient]) -> str:
    first, second = pages
    session = (await first.call("session_request", {"session_id": None}))["session"]
    assert "session" in await second.call("session_request", {"session_id": session})
    return conversation_of(session)


async def history(page: WebSocketClient) -> list[tuple[int, str]]:
    found = await page.call("history_request", {})
    return [(message["seq"], message["text"]) for message in found["messages"]]


async def test_a_customers_pages_at_two_workers_see_the_same(
    rasa: RasaRun, pages: list[WebSocketClient]
) -> None:
    here, there = pages
    conversation = await share_a_conversation(pages)
    said = {"message": "order", "metadata": {"message_id": "m-1"}}
    assert (await here.call("user_uttered", said))["status"] == "accepted"
    assert [echo["seq"] for echo in await there.heard("user_echo", 1)] == [1]
    agent = {"event": "bot", "text": "Li here.", "metadata": {"message_id": "a-1"}}
    for page in pages:
        assert [m["text"] for m in await page.heard("bot_uttered", 1)] == [ANSWER]
    query = "output_channel=latest&execute_side_effects=true"
    url = f"{rasa.url}/conversations/{conversation}/tracker/events?{query}"
    async with aiohttp.ClientSession() as http, http.post(url, json=[agent]) as answered:
        assert answered.status == 200
    for page in pages:
        heard = await page.heard("bot_uttered", 2)
        assert [(m["seq"], m["text"]) for m in heard] == [(2, ANSWER), (3, "Li here.")]
        assert await history(page) == [(1, "order"), (2, ANSWER), (3, "Li here.")]


async def test_what_is_sent_to_both_workers_at_once_is_handled_once_and_all_in_order(
    rasa: RasaRun, pages: list[WebSocketClient]
) -> None:
    conversation = await share_a_conversation(pages)
    ids = [f"m-{number}" for number in range(5)]
    said = [{"message": "order", "metadata": {"message_id": one}} for one in ids]
    answers = await asyncio.gather(
        *(page.call("user_uttered", one) for one in said for page in pages)
    )
    assert sorted(answer["status"] for answer in answers) == ["accepted"] * 5 + ["duplicate"] * 5
    for page in pages:
        assert len(await page.heard("bot_uttered", 5)) == 5
    found = await pages[0].call("history_request", {})
    stored = [message["id"] for message in found["messages"] if message["sender"] == "user"]
    url = f"{rasa.url}/conversations/{conversation}/tracker?include_events=ALL"
    async with aiohttp.ClientSession() as http, http.get(url) as answered:
        events = (await answered.json())["events"]
    heard = [event["metadata"]["message_id"] for event in events if event["event"] == "user"]
    assert heard == stored
    assert sorted(stored) == ids


async def test_who_logs_out_at_one_worker_is_put_out_at_the_other(
    pages: list[WebSocketClient],
) -> None:
    await share_a_conversation(pages)
    await pages[0].call("log_out", {})
    assert [told["reason"] for told in await pages[1].heard("session_over", 1)] == ["logged_out"]


def test_a_server_whose_database_is_a_later_versions_says_so_and_ends(
    model: str, redis: RedisServer, tmp_path: Path
) -> None:
    with sqlite3.connect(tmp_path / "webchat.db") as database:
        database.execute("CREATE TABLE webchat_revision (version_num VARCHAR(32) NOT NULL)")
        database.execute("INSERT INTO webchat_revision VALUES ('9999')")
    server = RasaRun(model, tmp_path, redis.port, workers=1)
    try:
        assert server.process.wait(180) != 0, server.told()
    finally:
        server.stop()
    assert "a later version has brought its tables to revision 9999" in server.told()
