"""The channel, spoken to by stock clients, in front of a really trained Rasa."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.shared.exceptions import InvalidConfigException

from rasa_project.channels.webchat import WebChatInput, channel, turns
from rasa_project.channels.webchat.refusals import Rejected
from tests.rasa_project.channels.webchat.serving import (
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
    await clients[0].ask("hello")
    await clients[0].ask("picture")
    received = await clients[0].heard(4)
    extra = {"id", "timestamp", "sender", "seq"}
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
    await clients[0].ask("order", message_id="m1")
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
    await clients[0].ask("order")
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
    words = "This chat cannot be opened from here. Please start a new one."
    refusal = {"reason": "session", "text": words}
    assert answer == {"status": "rejected", **refusal}
    assert clients[1].events == [("message_rejected", {"id": "m1", **refusal})]
    assert await server.user_events(conversation) == []


async def test_metadata_and_channel_reach_the_tracker(
    server: Server, clients: list[StockClient]
) -> None:
    conversation = conversation_of(await clients[0].start(server.url))
    assert await clients[0].ask("order", message_id="m1", language="zh") == "handled"
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
    assert [(answer["status"], answer["seq"]) for answer in answers] == [
        ("accepted", 1),
        ("duplicate", 1),
        ("duplicate", 1),
    ]
    await clients[0].heard(1)
    assert len(await server.user_events(conversation)) == 1


async def test_a_message_sent_again_after_a_restart_is_handled_once(
    agent: Agent, clients: list[StockClient]
) -> None:
    async with serve(agent) as before:
        token = await clients[0].start(before.url)
        await clients[0].ask("order", message_id="m1")
        await clients[0].leave()
    async with serve(agent) as after:
        await clients[1].start(after.url, token)
        answer = await clients[1].say("order", message_id="m1")
        assert answer == {"status": "duplicate", "id": "m1", "seq": 1, "state": "done"}
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
        await asyncio.gather(*(clients[0].ask(text, message_id=text) for text in texts))
        assert [event["text"] for event in await server.user_events(conversation)] == texts


async def test_a_fault_of_a_moment_costs_the_customer_nothing(
    agent: Agent, clients: list[StockClient]
) -> None:
    faults = [ConnectionError("the database is away")]

    async def fail_once(message: Any, pass_on: Any) -> None:
        if faults:
            raise faults.pop()
        await pass_on(message)

    async with serve(agent, between=fail_once) as server:
        await clients[0].start(server.url)
        assert await clients[0].ask("order", message_id="m1") == "handled"
        assert said(clients[0].received) == [("bot", "Your order is on its way.")]
        assert clients[0].events == []


async def test_a_failure_is_told_and_the_message_can_be_sent_again(
    agent: Agent,
    clients: list[StockClient],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(turns, "RETRY_PAUSES", (0.0, 0.0))
    faults = [ConnectionError("the database is away")] * 3

    async def fail_thrice(message: Any, pass_on: Any) -> None:
        if faults:
            raise faults.pop()
        await pass_on(message)

    async with serve(agent, between=fail_thrice) as server:
        conversation = conversation_of(await clients[0].start(server.url))
        assert await clients[0].ask("order", message_id="m1") == "failed"
        assert [message["state"] for message in await clients[0].history()] == ["failed"]
        assert f"A message of conversation {conversation} failed." in caplog.text
        assert await clients[0].ask("order", message_id="m1") == "handled"
        assert clients[0].events == [("message_failed", {"id": "m1"})]
        assert said(await clients[0].heard(1)) == [("bot", "Your order is on its way.")]


async def test_a_server_without_a_model_says_so_instead_of_dropping_messages(
    clients: list[StockClient], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "RETRY_PAUSES", (0.0, 0.0))
    async with serve(Agent()) as server:
        await clients[0].start(server.url)
        assert await clients[0].ask("order", message_id="m1") == "failed"
        assert said(await clients[0].history()) == [("user", "order")]
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
    refusal = Rejected(None, told[1]).told("en")
    assert answer == {"status": "rejected", **refusal}
    assert clients[0].events == [("message_rejected", {"id": told[0], **refusal})]
    assert await server.user_events(conversation) == []


@pytest.mark.parametrize("text", ["", "🙂", "\ud800 half", "\x00\x07", "x" * 20_000, "مرحبا 订 hi"])
async def test_strange_but_honest_messages_are_answered(
    server: Server, clients: list[StockClient], text: str
) -> None:
    await clients[0].start(server.url)
    assert await clients[0].ask(text, message_id="m1") == "handled"
    assert said(await clients[0].heard(1)) == [("bot", "Sorry, again please?")]


async def test_metadata_may_be_a_json_text_as_some_clients_send_it(
    server: Server, clients: list[StockClient]
) -> None:
    conversation = conversation_of(await clients[0].start(server.url))
    data = {"message": "order", "metadata": '{"language": "zh"}'}
    await clients[0].socket.call("user_uttered", data)
    await clients[0].heard(1)
    [event] = await server.user_events(conversation)
    assert event["metadata"]["language"] == "zh"


async def test_an_agents_message_reaches_every_tab_and_the_history_under_one_id(
    server: Server, clients: list[StockClient]
) -> None:
    here, there, stranger = clients
    token = await here.start(server.url)
    await there.start(server.url, token)
    await stranger.start(server.url)
    await here.ask("order", message_id="m1")
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
    await clients[0].ask("/order", message_id="m1", title="My order")
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
    await clients[0].ask("hello", message_id="m1")
    await clients[0].ask("/order", message_id="m2")
    messages = await clients[0].history()
    assert [(m["id"], m["text"]) for m in messages if m["sender"] == "user"] == [
        ("m1", "hello"),
        ("m2", "My order"),
    ]


async def test_a_history_asked_for_without_a_session_is_refused(
    server: Server, clients: list[StockClient]
) -> None:
    await clients[0].connect(server.url)
    refused = await clients[0].socket.call("history_request", {})
    assert refused["error"] == "session"


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"secret": "short"}, "Received: one of length 5"),
        ({"secret": SECRET, "previous_secrets": ["old"]}, "Received: one of length 3"),
        ({"secret": SECRET, "session_days": 0}, "`session_days` must be a number above 0"),
        ({"secret": SECRET, "limits": {"messages": [1, 2]}}, "`limits` does not know messages"),
        ({"secret": SECRET, "limits": {"session_messages": 7}}, "Received: 7"),
        ({"secret": SECRET, "transports": ["smoke"]}, r"Received: \['smoke'\]"),
        ({"secret": SECRET, "store": "mysql://u:p@host/db"}, r"Received: mysql:\.\.\."),
        ({"secret": SECRET, "store": "nothing"}, "`store` must be"),
        ({"secret": SECRET, "identity": {"secret": "short"}}, "`identity` must have a `secret`"),
        ({"secret": SECRET, "identity": {"secret": SECRET, "method": "x"}}, "jwt or hmac"),
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


async def test_an_agents_message_that_the_desk_sends_again_is_shown_once(
    server: Server, clients: list[StockClient]
) -> None:
    token = await clients[0].start(server.url)
    await clients[0].ask("order", message_id="m1")
    spoken = {"sender": "agent", "agent": "Li", "message_id": "a1"}
    event = {"event": "bot", "text": "Hello\n\nfrom Li", "metadata": spoken}
    for _ in range(2):
        assert await server.append(conversation_of(token), [event]) == 200
    await clients[0].ask("order", message_id="m2")
    heard = [(message["id"], message["seq"]) for message in await clients[0].heard(4)]
    assert heard == [("bot-m1-1", 2), ("a1", 3), ("a1.1", 4), ("bot-m2-1", 6)]


async def test_an_agents_messages_are_sent_live_once_they_are_stored_and_in_order(
    server: Server, clients: list[StockClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await clients[0].start(server.url)
    await clients[0].ask("order", message_id="m1")
    happened: list[str] = []
    save, emit = server.agent.tracker_store.save, server.channel._sio.emit

    async def saving(tracker: Any) -> None:
        await save(tracker)
        happened.append("stored")

    async def emitting(event: str, data: Any, **where: Any) -> None:
        happened.append(data["id"])
        await emit(event, data, **where)

    monkeypatch.setattr(server.agent.tracker_store, "save", saving)
    monkeypatch.setattr(server.channel._sio, "emit", emitting)
    for name in ("a1", "a2"):
        spoken = {"sender": "agent", "agent": "Li", "message_id": name}
        event = {"event": "bot", "text": f"Hello\n\nfrom {name}", "metadata": spoken}
        assert await server.append(conversation_of(token), [event]) == 200
    heard = await clients[0].heard(5)
    assert [message["id"] for message in heard[1:]] == ["a1", "a1.1", "a2", "a2.1"]
    assert happened.index("stored") < happened.index("a1")
    assert [one for one in happened if one != "stored"] == ["a1", "a1.1", "a2", "a2.1"]


async def test_what_a_dead_server_held_is_shown_where_rasa_had_stored_it_and_else_forgotten(
    agent: Agent, clients: list[StockClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serve(agent) as before:
        token = await clients[0].start(before.url)
        await clients[0].ask("order", message_id="m1")
        publisher = before.channel._pushed._publisher  # type: ignore[union-attr]  # it runs

        async def die(keys: list[int]) -> None:
            return None

        monkeypatch.setattr(publisher, "release", die)
        event = {"event": "bot", "text": "Li here.", "metadata": {"message_id": "a1"}}
        assert await before.append(conversation_of(token), [event]) == 200
        never_stored = {"id": "a2", "text": "never stored", "sender": "agent"}
        await publisher.hold(conversation_of(token), "a2", [never_stored])
        assert len(await clients[0].history()) == 2
        await clients[0].leave()
    monkeypatch.setattr(channel, "_HELD_SECONDS", 0.05)
    async with serve(agent) as after:
        await clients[1].start(after.url, token)
        assert [message["id"] for message in await clients[1].heard(1)] == ["a1"]
        assert await clients[1].ask("order", message_id="m2") == "handled"
        ids = [message["id"] for message in await clients[1].history()]
        assert ids == ["m1", "bot-m1-1", "a1", "m2", "bot-m2-1"]
