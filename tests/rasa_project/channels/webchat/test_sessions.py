"""Who gets into which conversation, tried at a running server."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections.abc import AsyncIterator
from typing import Any

import jwt
import pytest
from rasa.core.agent import Agent

from rasa_project.channels.webchat.keys import GivenKeys
from rasa_project.channels.webchat.tokens import SessionTokens
from tests.rasa_project.channels.webchat.serving import (
    SECRET,
    Server,
    StockClient,
    conversation_of,
    serve,
)

pytestmark = pytest.mark.services

SHOP = "what shop and chat share, long enough"


def vouch(customer: str, **claims: Any) -> str:
    """What the shop's own server does, in full."""
    now = time.time()
    return jwt.encode({"sub": customer, "iat": now, "exp": now + 300, **claims}, SHOP)


@pytest.fixture
async def shop(agent: Agent) -> AsyncIterator[Server]:
    async with serve(agent, options={"identity": {"secret": SHOP}}) as server:
        yield server


def texts(opened: dict[str, Any]) -> list[str]:
    return [message["text"] for message in opened["messages"]]


ORDER = ["order", "Your order is on its way."]


async def test_a_customer_who_signs_in_keeps_the_conversation_on_every_device(
    shop: Server, clients: list[StockClient]
) -> None:
    here, there, _ = clients
    guest = await here.open(shop.url)
    assert (guest["customer"], guest["reason"]) == (False, None)
    await here.ask("order")
    signed_in = await here.open(shop.url, guest["session"], identity=vouch("7", name="Ana"))
    assert (signed_in["customer"], texts(signed_in)) == (True, ORDER)
    assert conversation_of(signed_in["session"]) == conversation_of(guest["session"])
    elsewhere = await there.open(shop.url, identity=vouch("7", name="Ana"))
    assert texts(elsewhere) == ORDER
    await there.ask("links", message_id="l")
    assert [(event, data["text"]) for event, data in here.events] == [("user_echo", "links")]
    assert len(await here.heard(2)) == 2
    events = await shop.user_events(conversation_of(guest["session"]))
    assert [event["metadata"].get("customer") for event in events] == [
        None, {"id": "7", "name": "Ana"},
    ]  # fmt: skip


async def test_a_second_conversation_begun_without_signing_in_is_joined_to_the_first(
    shop: Server, clients: list[StockClient]
) -> None:
    here, there, _ = clients
    own = await here.open(shop.url, identity=vouch("7"))
    await here.ask("order")
    guest = await there.open(shop.url)
    await there.ask("links", message_id="l")
    joined = await there.open(shop.url, guest["session"], identity=vouch("7"))
    assert joined["thread"] == own["thread"]
    assert texts(joined)[:3] == [*ORDER, "links"]
    # Rasa goes on in the second; what an agent answers in the first still arrives.
    assert conversation_of(joined["session"]) == conversation_of(guest["session"])
    said = {"event": "bot", "text": "Li here.", "metadata": {"message_id": "a1"}}
    assert await shop.append(conversation_of(own["session"]), [said]) == 200
    assert (await there.heard(2))[-1]["text"] == "Li here."


async def test_the_anonymous_token_opens_nothing_once_its_visitor_has_signed_in(
    shop: Server, clients: list[StockClient]
) -> None:
    here, tab, thief = clients
    guest = await here.open(shop.url)
    await tab.open(shop.url, guest["session"])
    await here.ask("order")
    await here.open(shop.url, guest["session"], identity=vouch("7"))
    assert await asyncio.wait_for(tab.ended, 10) == "signed_in"
    stolen = await thief.open(shop.url, guest["session"])
    assert (stolen["reason"], stolen["messages"], stolen["customer"]) == ("over", [], False)


async def test_another_customer_on_the_same_browser_sees_nothing_of_the_first(
    shop: Server, clients: list[StockClient]
) -> None:
    first = await clients[0].open(shop.url, identity=vouch("7"))
    await clients[0].ask("order")
    second = await clients[0].open(shop.url, first["session"], identity=vouch("8"))
    assert (second["messages"], second["customer"]) == ([], True)
    assert second["thread"] != first["thread"]


@pytest.mark.parametrize(
    ("identity", "reason"),
    [
        (jwt.encode({"sub": "7", "iat": 1, "exp": 2}, SHOP), "identity_expired"),
        (jwt.encode({"sub": "7", "iat": 1, "exp": 9_999_999_999}, "x" * 32), "identity"),
        ({"user_id": "7", "hash": "0" * 64}, "identity"),
        (7, "identity"),
    ],
)
async def test_a_sign_in_that_the_shop_did_not_vouch_for_is_refused_in_words(
    shop: Server, clients: list[StockClient], identity: Any, reason: str
) -> None:
    refused = await clients[0].open(shop.url, identity=identity, language="zh")
    assert (refused["error"], "session" in refused) == (reason, False)
    assert refused["text"] in {
        "您的登录已过期，请刷新页面。",
        "商店无法确认您的身份。您可以不登录继续聊天。",
    }
    assert (await clients[0].open(shop.url))["customer"] is False


async def test_a_shop_may_vouch_by_an_hmac_of_the_customers_id(
    agent: Agent, clients: list[StockClient]
) -> None:
    options = {"identity": {"secret": SHOP, "method": "hmac"}}
    shown = {
        "user_id": "ana@shop.example",
        "hash": hmac.new(SHOP.encode(), b"ana@shop.example", hashlib.sha256).hexdigest(),
    }
    async with serve(agent, options=options) as shop:
        assert (await clients[0].open(shop.url, identity=shown))["customer"] is True


async def test_who_logs_out_is_put_out_and_the_token_opens_nothing_more(
    shop: Server, clients: list[StockClient]
) -> None:
    here, tab, later = clients
    own = await here.open(shop.url)
    await tab.open(shop.url, own["session"])
    await here.ask("order", message_id="m1")
    assert await here.socket.call("log_out", {}) == {"status": "logged_out"}
    assert await asyncio.wait_for(tab.ended, 10) == "logged_out"
    assert (await tab.socket.call("history_request", {}))["error"] == "session"
    heard = len(tab.received)
    said = {"event": "bot", "text": "Li here.", "metadata": {"message_id": "a1"}}
    assert await shop.append(conversation_of(own["session"]), [said]) == 200
    data = {"message": "order", "session_id": own["session"], "metadata": {"message_id": "m2"}}
    assert (await tab.socket.call("user_uttered", data))["reason"] == "over"
    assert len(tab.received) == heard
    again = await later.open(shop.url, own["session"])
    assert (again["reason"], again["messages"]) == ("over", [])


async def test_a_customer_can_log_out_everywhere_and_sign_in_again(
    shop: Server, clients: list[StockClient]
) -> None:
    here, there, _ = clients
    await here.open(shop.url, identity=vouch("7"))
    await there.open(shop.url, identity=vouch("7"))
    await here.ask("order")
    await here.socket.call("log_out", {"everywhere": True})
    assert await asyncio.wait_for(there.ended, 10) == "logged_out"
    assert texts(await there.open(shop.url, identity=vouch("7"))) == ORDER


async def test_a_session_ended_by_another_worker_is_put_out_here(
    shop: Server, clients: list[StockClient], agent: Agent
) -> None:
    own = await clients[0].open(shop.url)
    async with serve(agent, options={"identity": {"secret": SHOP}}) as other:
        await clients[1].open(other.url, own["session"])
        await clients[1].socket.call("log_out", {})
        assert (await clients[0].socket.call("history_request", {}))["error"] == "over"
        assert await asyncio.wait_for(clients[0].ended, 20) == "logged_out"


async def test_an_expired_token_begins_a_new_conversation_and_says_why(
    server: Server, clients: list[StockClient]
) -> None:
    token = SessionTokens(GivenKeys([SECRET]), 1e-9).issue().token
    await asyncio.sleep(1.1)
    opened = await clients[0].open(server.url, token)
    assert (opened["reason"], opened["messages"]) == ("expired", [])
    data = {"message": "order", "session_id": token}
    refused = await clients[0].socket.call("user_uttered", data)
    assert refused["text"] == "This chat was not used for a long time. Please start a new one."


async def test_sessions_of_the_former_secret_go_on_after_it_was_changed(
    agent: Agent, clients: list[StockClient]
) -> None:
    async with serve(agent) as before:
        token = await clients[0].start(before.url)
        await clients[0].ask("order")
        await clients[0].leave()
    changed = {"secret": "another secret of at least thirty-two", "previous_secrets": [SECRET]}
    async with serve(agent, options=changed) as after:
        opened = await clients[1].open(after.url, token)
        assert (texts(opened), opened["reason"]) == (ORDER, None)
        fresh = await clients[2].open(after.url)
        heads = [jwt.get_unverified_header(one)["kid"] for one in (token, fresh["session"])]
        assert heads[0] != heads[1]
