"""The channel, spoken to by stock clients, in front of a really trained Rasa."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.shared.exceptions import InvalidConfigException

from rasa_project.channels.webchat import WebChatInput
from tests.rasa_project.channels.serving import (
    SECRET,
    Server,
    StockClient,
    conversation_of,
    serve,
)

pytestmark = pytest.mark.services


def said(messages: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(message["sender"], message["text"]) for message in messages]


async def test_a_stock_client_gets_what_rasas_own_channel_would_send(
    server: Server, clients: list[StockClient]
) -> None:
    await clients[0].start(server.url)
    await clients[0].say("hello")
    await clients[0].say("picture")
    received = await clients[0].heard(4)
    extra = {"id", "timestamp", "sender"}
    assert [{k: v for k, v in message.items() if k not in extra} for message in received] == [
        {"text": "Hello", "quick_replies": []},
        {
            "text": "What is it about?",
            "quick_replies": [
                {"content_type": "text", "title": "My order", "payload": "/order"},
                {"content_type": "text", "title": "Something else", "payload": "/links"},
            ],
        },
        {"text": "Here it is."},
        {"attachment": {"type": "image", "payload": {"src": "https://shop.example/mug.png"}}},
    ]
    assert all(extra <= message.keys() for message in received)


async def test_a_client_that_never_asks_for_a_session_is_answered_too(
    server: Server, clients: list[StockClient]
) -> None:
    await clients[0].connect(server.url)
    await clients[0].socket.emit("user_uttered", {"message": "order"})
    assert said(await clients[0].heard(1)) == [("bot", "Your order is on its way.")]


async def test_a_session_shown_again_continues_its_conversation(
    server: Server, clients: list[StockClient]
) -> None:
    token = await clients[0].start(server.url)
    await clients[0].say("order", message_id="m1")
    await clients[0].leave()
    assert await clients[1].start(server.url, token) == token
    assert said(await clients[1].history()) == [
        ("user", "order"),
        ("bot", "Your order is on its way."),
    ]


@pytest.mark.parametrize("forgery", ["{id}", "{id}.", "{id}.{zeros}", ".", "", 7, ["{id}"]])
async def test_anything_but_the_signed_token_opens_a_fresh_session(
    server: Server, clients: list[StockClient], forgery: Any
) -> None:
    conversation = conversation_of(await clients[0].start(server.url))
    await clients[0].say("order")
    if isinstance(forgery, str):
        forgery = forgery.format(id=conversation, zeros="0" * 64)
    token = await clients[1].start(server.url, forgery)
    assert conversation_of(token) != conversation
    assert await clients[1].history() == []


async def test_a_message_under_anothers_conversation_id_is_refused(
    server: Server, clients: list[StockClient]
) -> None:
    conversation = conversation_of(await clients[0].start(server.url))
    await clients[1].start(server.url)
    data = {"message": "order", "session_id": conversation, "metadata": {"message_id": "m1"}}
    answer = await clients[1].socket.call("user_uttered", data)
    assert answer == {"status": "rejected", "reason": "session"}
    assert clients[1].events == [("message_rejected", {"id": "m1", "reason": "session"})]
    assert await server.user_events(conversation) == []


async def test_metadata_and_channel_reach_the_tracker(
    server: Server, clients: list[StockClient]
) -> None:
    conversation = conversation_of(await clients[0].start(server.url))
    assert await clients[0].say("order", message_id="m1", language="zh") == {"status": "handled"}
    [event] = await server.user_events(conversation)
    assert (event["text"], event["input_channel"], event["metadata"]["message_id"]) == (
        "order",
        "webchat",
        "m1",
    )
    assert event["metadata"]["language"] == "zh"


async def test_a_message_sent_twice_is_handled_once(
    server: Server, clients: list[StockClient]
) -> None:
    conversation = conversation_of(await clients[0].start(server.url))
    answers = await asyncio.gather(*(clients[0].say("order", message_id="m1") for _ in range(3)))
    assert answers == [{"status": "handled"}, {"status": "duplicate"}, {"status": "duplicate"}]
    assert len(await server.user_events(conversation)) == 1


async def test_a_message_sent_again_after_a_restart_is_handled_once(
    agent: Agent, clients: list[StockClient]
) -> None:
    async with serve(agent) as before:
        token = await clients[0].start(before.url)
        await clients[0].say("order", message_id="m1")
        await clients[0].leave()
    async with serve(agent) as after:
        await clients[1].start(after.url, token)
        assert await clients[1].say("order", message_id="m1") == {"status": "duplicate"}
        assert len(await after.user_events(conversation_of(token))) == 1


async def test_messages_are_handled_in_the_order_in_which_they_were_sent(
    agent: Agent, clients: list[StockClient]
) -> None:
    async def first_one_slowest(message: Any, pass_on: Any) -> None:
        await asyncio.sleep(0.2 if message.text == "text 0" else 0)
        await pass_on(message)

    async with serve(agent, between=first_one_slowest) as server:
        conversation = conversation_of(await clients[0].start(server.url))
        texts = [f"text {number}" for number in range(8)]
        await asyncio.gather(*(clients[0].say(text, message_id=text) for text in texts))
        assert [event["text"] for event in await server.user_events(conversation)] == texts


async def test_a_failure_is_told_and_the_message_can_be_sent_again(
    agent: Agent, clients: list[StockClient], caplog: pytest.LogCaptureFixture
) -> None:
    faults = [ConnectionError("the database is away")]

    async def fail_once(message: Any, pass_on: Any) -> None:
        if faults:
            raise faults.pop()
        await pass_on(message)

    async with serve(agent, between=fail_once) as server:
        conversation = conversation_of(await clients[0].start(server.url))
        assert await clients[0].say("order", message_id="m1") == {"status": "failed"}
        assert clients[0].events == [("message_failed", {"id": "m1"})]
        assert f"A message of conversation {conversation} failed." in caplog.text
        assert await clients[0].say("order", message_id="m1") == {"status": "handled"}
        assert said(await clients[0].heard(1)) == [("bot", "Your order is on its way.")]


async def test_a_server_without_a_model_says_so_instead_of_dropping_messages(
    clients: list[StockClient], caplog: pytest.LogCaptureFixture
) -> None:
    async with serve(Agent()) as server:
        await clients[0].start(server.url)
        assert await clients[0].say("order", message_id="m1") == {"status": "failed"}
        assert await clients[0].socket.call("history_request", {}) == {"error": "unavailable"}
    assert "The Rasa server has no model loaded" in caplog.text


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"message": "x" * 20_001, "metadata": {"message_id": "m"}}, ("m", "too_long")),
        ({"message": 7, "metadata": {"message_id": "m"}}, ("m", "wrong_type")),
        ({"message": None}, (None, "wrong_type")),
        ({"message": "x", "metadata": ["m"]}, (None, "wrong_type")),
        ({"message": "x", "metadata": "{"}, (None, "wrong_type")),
        ({"message": "x", "metadata": {"message_id": 7}}, (None, "wrong_type")),
        (
            {"message": "x", "metadata": {"message_id": "m", "more": "y" * 10_000}},
            ("m", "too_long"),
        ),
        ("hello", (None, "wrong_type")),
        (None, (None, "wrong_type")),
        ([["hello"]], (None, "wrong_type")),
    ],
)
async def test_what_is_no_message_is_refused_with_the_reason(
    server: Server, clients: list[StockClient], data: Any, told: tuple[str | None, str]
) -> None:
    conversation = conversation_of(await clients[0].start(server.url))
    answer = await clients[0].socket.call("user_uttered", data)
    assert answer == {"status": "rejected", "reason": told[1]}
    assert clients[0].events == [("message_rejected", {"id": told[0], "reason": told[1]})]
    assert await server.user_events(conversation) == []


@pytest.mark.parametrize("text", ["", "🙂", "\ud800 half", "\x00\x07", "x" * 20_000, "مرحبا 订 hi"])
async def test_strange_but_honest_messages_are_answered(
    server: Server, clients: list[StockClient], text: str
) -> None:
    await clients[0].start(server.url)
    assert await clients[0].say(text, message_id="m1") == {"status": "handled"}
    assert said(await clients[0].heard(1)) == [("bot", "Sorry, again please?")]


async def test_metadata_may_be_a_json_text_as_some_clients_send_it(
    server: Server, clients: list[StockClient]
) -> None:
    conversation = conversation_of(await clients[0].start(server.url))
    data = {"message": "order", "metadata": '{"language": "zh"}'}
    await clients[0].socket.call("user_uttered", data)
    [event] = await server.user_events(conversation)
    assert event["metadata"]["language"] == "zh"


async def test_an_agents_message_reaches_every_tab_and_the_history_under_one_id(
    server: Server, clients: list[StockClient]
) -> None:
    here, there, stranger = clients
    token = await here.start(server.url)
    await there.start(server.url, token)
    await stranger.start(server.url)
    await here.say("order", message_id="m1")
    joined = {"sender": "system", "message_id": "s1"}
    spoken = {"sender": "agent", "agent": "Li", "message_id": "a1"}
    status = await server.append(
        conversation_of(token),
        [
            {"event": "bot", "text": "Li has joined.", "metadata": joined},
            {"event": "bot", "text": "Hello, Li here.\n\nOne moment.", "metadata": spoken},
        ],
    )
    assert status == 200
    assert await here.heard(4) == await there.heard(4)
    assert stranger.received == []
    assert [(m["id"], m["sender"], m.get("agent")) for m in here.received[1:]] == [
        ("s1", "system", None),
        ("a1", "agent", "Li"),
        ("a1.1", "agent", "Li"),
    ]
    history = await there.history()
    assert [message for message in history if message["sender"] != "user"] == here.received


async def test_the_customers_other_tabs_see_what_was_said_or_pressed(
    server: Server, clients: list[StockClient]
) -> None:
    token = await clients[0].start(server.url)
    await clients[1].start(server.url, token)
    await clients[0].say("/order", message_id="m1", title="My order")
    await clients[1].heard(1)
    [(event, echo)] = clients[1].events
    assert (event, echo["id"], echo["text"], echo["sender"]) == (
        "user_echo",
        "m1",
        "My order",
        "user",
    )
    assert clients[0].events == []


async def test_a_pressed_button_stands_in_the_history_by_its_title(
    server: Server, clients: list[StockClient]
) -> None:
    await clients[0].start(server.url)
    await clients[0].say("hello", message_id="m1")
    await clients[0].say("/order", message_id="m2")
    messages = await clients[0].history()
    assert [(m["id"], m["text"]) for m in messages if m["sender"] == "user"] == [
        ("m1", "hello"),
        ("m2", "My order"),
    ]


async def test_a_history_asked_for_without_a_session_is_refused(
    server: Server, clients: list[StockClient]
) -> None:
    await clients[0].connect(server.url)
    assert await clients[0].socket.call("history_request", {}) == {"error": "session"}


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (None, "Received: none"),
        ({"secret": "short"}, "Received: one of length 5"),
        ({"secret": SECRET, "origin": []}, "does not know origin"),
        ({"secret": SECRET, "origins": "https://shop.example"}, "`origins` must be a list"),
        ({"secret": SECRET, "origins": ["shop.example"]}, "Received: 'shop.example'"),
    ],
)
def test_a_wrong_setting_stops_the_server_with_a_clear_sentence(
    options: dict[str, Any] | None, complaint: str
) -> None:
    with pytest.raises(InvalidConfigException, match=complaint):
        WebChatInput.from_credentials(options)
