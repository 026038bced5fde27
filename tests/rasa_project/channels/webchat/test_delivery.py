"""That nothing is lost, doubled or endless, tried at a running server."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from rasa.core.agent import Agent
from socketio.exceptions import ConnectionError as UnconnectedError
from socketio.exceptions import SocketIOError

from rasa_project.channels.webchat import visitors
from tests.rasa_project.channels.webchat.serving import (
    Server,
    StockClient,
    conversation_of,
    serve,
)

pytestmark = pytest.mark.services

ANSWER = "Your order is on its way."


def said(messages: list[dict[str, Any]]) -> list[tuple[int, str]]:
    return [(message["seq"], message["text"]) for message in messages]


async def test_a_client_that_comes_back_is_given_what_it_missed_and_no_more(
    server: Server, clients: list[StockClient]
) -> None:
    away, there, _ = clients
    opened = await away.open(server.url)
    await there.open(server.url, opened["session"])
    await away.ask("order")
    await away.leave()
    await there.ask("order", message_id="m2")
    back = StockClient()
    place = {"cursor": 2, "thread": opened["thread"]}
    missed = await back.open(server.url, opened["session"], **place)
    assert said(missed["messages"]) == [(3, "order"), (4, ANSWER)]
    assert (missed["last"], missed["more"], missed["working"]) == (4, False, False)
    # A cursor of another conversation says nothing about this one.
    whole = await back.open(server.url, opened["session"], cursor=2, thread="another")
    assert len(whole["messages"]) == 4
    await back.leave()


async def test_the_history_comes_in_pages(server: Server, clients: list[StockClient]) -> None:
    await clients[0].open(server.url)
    for _ in range(3):
        await clients[0].ask("order")

    async def page(**asked: Any) -> tuple[list[int], bool]:
        answer = await clients[0].socket.call("history_request", asked)
        return [message["seq"] for message in answer["messages"]], answer["more"]

    assert await page(limit=2) == ([5, 6], True)
    assert await page(limit=3, before=5) == ([2, 3, 4], True)
    assert await page(limit=3, before=2) == ([1], False)
    assert await page(after=4) == ([5, 6], False)
    assert await page(after="4", before=-1, limit=10**9) == ([1, 2, 3, 4, 5, 6], False)


async def test_a_receipt_tells_the_client_whether_it_has_everything(
    server: Server, clients: list[StockClient]
) -> None:
    await clients[0].open(server.url)
    await clients[0].ask("order")
    assert await clients[0].socket.call("delivered", {"seq": 1}) == {"last": 2}
    assert (await clients[0].socket.call("delivered", {"seq": "all"}))["error"] == "wrong_type"


async def test_a_message_whose_server_dies_in_the_turn_is_answered_once_by_the_next(
    agent: Agent, clients: list[StockClient]
) -> None:
    reached = asyncio.Event()

    async def die_before_rasa(message: Any, pass_on: Any) -> None:
        reached.set()
        await asyncio.sleep(3_600)

    async with serve(agent, between=die_before_rasa) as before:
        token = await clients[0].start(before.url)
        assert (await clients[0].say("order", message_id="m1"))["status"] == "accepted"
        await reached.wait()
        await clients[0].leave()
    async with serve(agent) as after:
        opened = await clients[1].open(after.url, token)
        if opened["last"] == 1:
            await clients[1].heard(1)
        assert said(await clients[1].history()) == [(1, "order"), (2, ANSWER)]
        assert len(await after.user_events(conversation_of(token))) == 1


async def test_a_turn_that_rasa_finished_is_not_run_again_by_the_next_server(
    agent: Agent, clients: list[StockClient]
) -> None:
    async def die_after_rasa(message: Any, pass_on: Any) -> None:
        await pass_on(message)
        await asyncio.sleep(3_600)

    async with serve(agent, between=die_after_rasa) as before:
        token = await clients[0].start(before.url)
        await clients[0].say("order", message_id="m1")
        await clients[0].heard(1)
        for _ in range(100):  # until Rasa has stored the turn
            if await before.user_events(conversation_of(token)):
                break
            await asyncio.sleep(0.05)
        await clients[0].leave()
    async with serve(agent) as after:
        await clients[1].start(after.url, token)
        assert await clients[1].ask("links", message_id="m2") == "handled"
        texts = [event["text"] for event in await after.user_events(conversation_of(token))]
        assert texts == ["order", "links"]
        assert [seq for seq, _ in said(await clients[1].history())] == [1, 2, 3, 4]


async def test_a_message_of_one_megabyte_is_refused_in_words(
    server: Server, clients: list[StockClient]
) -> None:
    await clients[0].open(server.url, language="zh")
    refused = await clients[0].say("x" * 1_000_000, message_id="m1")
    told = {"reason": "too_long", "text": "这条消息太长了，请分成几条发送。"}
    assert refused == {"status": "rejected", **told}
    assert await clients[0].ask("order", message_id="m2") == "handled"


async def test_what_is_larger_still_ends_the_connection_and_nothing_else(
    server: Server, clients: list[StockClient]
) -> None:
    await clients[0].open(server.url)
    await clients[1].open(server.url)
    with pytest.raises((asyncio.TimeoutError, SocketIOError)):  # nobody answers any more
        await asyncio.wait_for(clients[0].say("x" * 5_000_000), 2)
    assert not clients[0].socket.connected
    assert await clients[1].ask("order") == "handled"


async def test_a_flood_is_refused_with_the_time_to_wait_and_others_are_served(
    agent: Agent, clients: list[StockClient]
) -> None:
    limits = {"session_messages": [3, 60], "address_sessions": [2, 1]}
    async with serve(agent, options={"limits": limits}) as server:
        await clients[0].open(server.url)
        answers = [await clients[0].say("order", message_id=f"m{n}") for n in range(5)]
        assert [answer["status"] for answer in answers] == ["accepted"] * 3 + ["rejected"] * 2
        assert (answers[4]["reason"], 0 < answers[4]["retry_after"] <= 1.1) == ("too_fast", True)
        assert answers[4]["text"] == "That was very fast. Please wait a moment."
        # The refused ones can be sent again, and nothing of the others was lost.
        await asyncio.sleep(answers[4]["retry_after"])
        assert await clients[0].ask("order", message_id="m3") == "handled"
        assert len(await clients[0].history()) == 8
        await clients[1].open(server.url)
        assert await clients[1].ask("order") == "handled"
        refused = await clients[2].open(server.url)
        assert (refused["error"], refused["retry_after"] > 30) == ("too_fast", True)


async def test_a_program_that_does_not_stop_is_hung_up_on(
    agent: Agent, clients: list[StockClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitors, "MAX_REFUSALS", 5)
    monkeypatch.setattr("rasa_project.channels.webchat.message_events.MAX_REFUSALS", 5)
    async with serve(agent, options={"limits": {"session_messages": [1, 1]}}) as server:
        await clients[0].open(server.url)
        for number in range(8):
            await clients[0].socket.emit("user_uttered", {"message": f"flood {number}"})
        for _ in range(200):
            if not clients[0].socket.connected:
                break
            await asyncio.sleep(0.05)
        assert not clients[0].socket.connected


async def test_an_address_that_opens_too_many_connections_is_turned_away_in_words(
    agent: Agent, clients: list[StockClient]
) -> None:
    async with serve(agent, options={"limits": {"address_connections": [1, 1]}}) as server:
        refusals: list[Any] = []
        clients[1].socket.on("connect_error", refusals.append)
        await clients[0].connect(server.url)
        with pytest.raises(UnconnectedError):
            await clients[1].connect(server.url)
        assert [refusal["data"]["reason"] for refusal in refusals] == ["too_fast"]
