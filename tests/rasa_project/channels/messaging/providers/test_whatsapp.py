"""What is WhatsApp's own."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import aiohttp
import pytest
from rasa.core.agent import Agent
from sqlalchemy import update

from rasa_project.channels.messaging.database import Database
from rasa_project.channels.messaging.provider import Finding
from rasa_project.channels.messaging.providers.whatsapp_webhooks import read_webhook
from rasa_project.channels.messaging.tables import Customer
from rasa_project.channels.messaging.turn import Reading, Receipt
from tests.rasa_project.channels.messaging.providers import golden
from tests.rasa_project.channels.messaging.providers.fake_whatsapp import (
    NUMBER,
    VERIFY_TOKEN,
    FakeWhatsApp,
    change,
    signed,
)
from tests.rasa_project.channels.messaging.serving import bot, channel_of, serve
from tests.rasa_project.channels.messaging.stored import dead, settled

CUSTOMER = "16505551234"
FAILED: dict[str, Any] = {
    "status": "failed",
    "timestamp": "1749416383",
    "recipient_id": CUSTOMER,
    "errors": [{"code": 131026, "title": "Message undeliverable"}],
}


@pytest.mark.parametrize("case", golden.cases("whatsapp"), ids=lambda case: str(case["name"]))
def test_a_message_is_read(case: dict[str, Any]) -> None:
    contacts = [{"profile": {"name": "Ana Lee"}, "wa_id": CUSTOMER}]
    event = change({"contacts": contacts, "messages": [case["message"]]})
    reading = read_webhook(event, NUMBER)
    golden.require(reading, case)


def test_statuses_errors_and_other_numbers_are_no_turns() -> None:
    statuses = [{**FAILED, "id": "wamid.1"}, {"id": "wamid.2", "status": "delivered"}]
    event = change({"statuses": statuses, "errors": [{"code": 1, "title": "Oh"}]})
    event["entry"] += change({"messages": []}, number="1")["entry"]
    event["entry"] += change({"event": "x"}, field="account_update")["entry"]
    failure = "WhatsApp could not deliver it: Message undeliverable (131026)"
    assert read_webhook(event, NUMBER) == Reading(
        receipts=(Receipt("wamid.1", failure), Receipt("wamid.2")),
        ignored=(
            "an error (Oh (1))",
            "an event of another number",
            "a change of 'account_update'",
        ),
    )


async def test_meta_is_greeted_who_knows_the_token(whatsapp: FakeWhatsApp, agent: Agent) -> None:
    async with serve(agent, [whatsapp]), aiohttp.ClientSession() as http:
        seen = []
        for token in (VERIFY_TOKEN, "wrong", "ü"):
            query = {"hub.mode": "subscribe", "hub.challenge": "1158", "hub.verify_token": token}
            async with http.get(whatsapp.hook, params=query) as answer:
                seen.append((answer.status, await answer.text()))
        async with http.get(whatsapp.hook) as answer:
            seen.append((answer.status, await answer.text()))
    refused = (403, json.dumps({"error": "The verify token is not the one in credentials.yml."}))
    assert [(code, text.replace('":"', '": "')) for code, text in seen] == [
        (200, "1158"), refused, refused, refused,
    ]  # fmt: skip


async def test_several_customers_in_one_delivery_are_each_answered(
    whatsapp: FakeWhatsApp, agent: Agent
) -> None:
    event = whatsapp.written("1", "order")
    event["entry"] += whatsapp.written("2", "links")["entry"]
    event["entry"] += whatsapp.written("1", "picture")["entry"]
    async with serve(agent, [whatsapp]):
        await whatsapp.happens(event)
        await settled()
    assert whatsapp.texts("1") == [
        "Your order is on its way.", "Here it is.", "https://shop.example/mug.png",
    ]  # fmt: skip
    assert len(whatsapp.texts("2")) == 1


async def test_deliveries_that_overtake_each_other_are_answered_in_order(
    whatsapp: FakeWhatsApp, agent: Agent
) -> None:
    processor, agent.processor = agent.processor, None  # so that both are there before the first
    async with serve(agent, [whatsapp]) as server:
        whatsapp.held, now = [], int(time.time()) - 60
        for number, text in enumerate(("order", "links")):
            event = whatsapp.written(CUSTOMER, text)
            event["entry"][0]["changes"][0]["value"]["messages"][0]["timestamp"] = str(now + number)
            await whatsapp.happens(event)
        for delivery in reversed(whatsapp.held):
            await whatsapp.deliver(delivery)
        await asyncio.sleep(0.3)  # the one that came first has found nobody by then
        agent.processor = processor
        assert await server.heard(f"whatsapp:{CUSTOMER}", 2) == ["order", "links"]


async def test_a_message_is_shown_as_read_and_typing(whatsapp: FakeWhatsApp, agent: Agent) -> None:
    async with serve(agent, [whatsapp]):
        await whatsapp.says(CUSTOMER, "order")
        await settled()
        for _ in range(100):
            if whatsapp.courtesies:
                break
            await asyncio.sleep(0.01)
    assert whatsapp.courtesies == [
        {
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": "wamid.1",
            "typing_indicator": {"type": "text"},
        }
    ]


@pytest.mark.parametrize(
    ("count", "words", "kind"),
    [(3, 10, "button"), (3, 1100, "list"), (10, 10, "list"), (11, 10, "text")],
)
async def test_buttons_are_buttons_a_list_or_numbers(
    whatsapp: FakeWhatsApp, agent: Agent, count: int, words: int, kind: str
) -> None:
    buttons = [{"title": f"Choice {n}", "payload": "/order"} for n in range(1, count + 1)]
    async with serve(agent, [whatsapp]) as server:
        await whatsapp.says(CUSTOMER, "links")
        await server.heard(f"whatsapp:{CUSTOMER}", 1)
        event = bot("w" * words, "m-1", data={"buttons": buttons})
        await server.push(f"whatsapp:{CUSTOMER}", event)
        await settled()
        content = whatsapp.sent[1][1]
        assert content.get("interactive", content)["type"] == kind
        if kind == "text":
            await whatsapp.says(CUSTOMER, "11")
        else:
            await whatsapp.presses(CUSTOMER, f"Choice {count}")
        assert (await server.heard(f"whatsapp:{CUSTOMER}", 2))[1] == "/order"


async def test_a_failed_status_makes_a_dead_letter(whatsapp: FakeWhatsApp, agent: Agent) -> None:
    async with serve(agent, [whatsapp]):
        await whatsapp.says(CUSTOMER, "order")
        await settled()
        name = whatsapp.sent[0][1]["id"]
        await whatsapp.happens(change({"statuses": [{**FAILED, "id": name}]}))
        await settled()
    assert dead() == [("", "WhatsApp could not deliver it: Message undeliverable (131026)")]


async def test_after_a_day_only_templates_go_out(
    whatsapp: FakeWhatsApp, agent: Agent, database_url: str
) -> None:
    template = {"type": "template", "template": {"name": "hello", "language": {"code": "en"}}}
    async with serve(agent, [whatsapp]) as server:
        await whatsapp.says(CUSTOMER, "order")
        await settled()
        database = Database(database_url)
        with database.write() as session:
            session.execute(update(Customer).values(heard_at=0.0))
        database.close()
        conversation = f"whatsapp:{CUSTOMER}"
        status, words = await server.push(conversation, bot("Li here.", "m-1"))
        assert status == 500 and "WhatsApp allows messages only within 24 hours" in words
        custom = bot("", "m-2", data={"custom": {"whatsapp": template}})
        assert (await server.push(conversation, custom))[0] == 200
        await settled()
    assert [content["type"] for _, content in whatsapp.sent] == ["text", "template"]


@pytest.mark.parametrize("secret", ["another secret", ""])
async def test_a_wrong_signature_is_refused(
    whatsapp: FakeWhatsApp, agent: Agent, secret: str
) -> None:
    async with serve(agent, [whatsapp]):
        forged = signed(whatsapp.written(CUSTOMER, "order"), secret)
        assert (await whatsapp.post(forged.body, forged.headers))[0] == 401
        good = signed(whatsapp.written(CUSTOMER, "order"))
        assert (await whatsapp.post(good.body + b" ", good.headers))[0] == 401


@pytest.mark.parametrize(
    "event", [[], 1, {}, {"entry": 1}, {"entry": [{"changes": [{}]}]}, change({"messages": [{}]})]
)
async def test_a_signed_request_of_another_form_is_refused_in_a_sentence(
    whatsapp: FakeWhatsApp, agent: Agent, event: Any
) -> None:
    async with serve(agent, [whatsapp]):
        delivery = signed(event)
        status, text = await whatsapp.post(delivery.body, delivery.headers)
    assert status == 400 and '"error"' in text


async def test_check_says_whose_token_it_is(whatsapp: FakeWhatsApp) -> None:
    provider = channel_of(whatsapp).provider
    found = await provider.check()
    whatsapp.url = "http://127.0.0.1:9"
    nobody = channel_of(whatsapp).provider
    unreachable = await nobody.check()
    for one in (provider, nobody):
        await one.http.close()
    assert found[0] == Finding(True, "The token is for 15550783881, Shop.")
    assert not unreachable[0].ok and "WhatsApp cannot be reached" in unreachable[0].says
