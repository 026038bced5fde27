"""What is Twilio's own."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.shared.exceptions import InvalidConfigException
from sqlalchemy import update

from rasa_project.channels.messaging.database import Database
from rasa_project.channels.messaging.errors import NotSent
from rasa_project.channels.messaging.provider import Finding
from rasa_project.channels.messaging.providers.twilio import TwilioSmsInput
from rasa_project.channels.messaging.tables import Customer
from tests.rasa_project.channels.messaging.providers import golden
from tests.rasa_project.channels.messaging.providers.fake_twilio import (
    PUBLIC,
    SERVICE,
    FakeTwilio,
    FakeTwilioWhatsApp,
    signed,
)
from tests.rasa_project.channels.messaging.serving import bot, channel_of, serve
from tests.rasa_project.channels.messaging.stored import dead, settled

CUSTOMER = "+14017122661"
HOOK = f"{PUBLIC}/webhooks/twilio/webhook"
TRIED_AGAIN = "#rc=5&rp=5xx,ct,rt"
CASES = [
    (fake, case) for fake in (FakeTwilio, FakeTwilioWhatsApp) for case in golden.cases(fake.name)
]


@pytest.mark.parametrize(
    ("fake", "case"), CASES, ids=[f"{fake.name}-{case['name']}" for fake, case in CASES]
)
async def test_a_message_is_read(fake: type[FakeTwilio], case: dict[str, Any]) -> None:
    service = fake()
    service.url = "http://127.0.0.1:1"
    request = golden.request(service, case["event"])
    provider = channel_of(service).provider
    provider.verify(request)
    reading = provider.read(request)
    assert reading.answer.content_type == "text/xml; charset=utf-8"
    golden.require(reading, case)


async def test_the_public_address_and_each_parameter_are_signed(
    twilio: FakeTwilio, agent: Agent
) -> None:
    fields = twilio.written(CUSTOMER, "order")
    async with serve(agent, [twilio]):
        wrong = [
            signed(fields, "/webhooks/other/webhook"),
            signed(fields, twilio.hook_path, "another token"),
            signed({**fields, "Body": "orders"}, twilio.hook_path),
        ]
        wrong[2].body = signed(fields, twilio.hook_path).body
        for delivery in wrong:
            status, words = await twilio.post(delivery.body, delivery.headers)
            assert status == 401 and "`public_url` has to be its beginning" in words
        # Twilio signs with the usual port, or without.
        port = signed(fields, f":443{twilio.hook_path}")
        status, words = await twilio.post(port.body, port.headers)
    assert (status, words) == (200, '<?xml version="1.0" encoding="UTF-8"?><Response></Response>')


async def test_a_failed_status_makes_a_dead_letter(twilio: FakeTwilio, agent: Agent) -> None:
    async with serve(agent, [twilio]):
        await twilio.says(CUSTOMER, "order")
        await settled()
        sent = twilio.sent[0][1]
        assert sent["StatusCallback"] == HOOK + TRIED_AGAIN
        await twilio.happens(twilio.reported(sent["sid"], "delivered"))
        assert dead() == []
        await twilio.happens(twilio.reported(sent["sid"], "undelivered", ErrorCode="30003"))
    assert dead() == [
        ("", "SMS by Twilio could not deliver it: the phone is off or out of reach (30003)")
    ]


async def test_a_failure_that_is_reported_before_the_message_is_known_is_not_lost(
    twilio_whatsapp: FakeTwilioWhatsApp, agent: Agent
) -> None:
    twilio_whatsapp.fails = True
    async with serve(agent, [twilio_whatsapp]):
        await twilio_whatsapp.says(CUSTOMER, "order")
        await twilio_whatsapp.read(CUSTOMER, 1)
        await asyncio.gather(*twilio_whatsapp.reports)
    assert twilio_whatsapp.first_report == 503
    ((_, why),) = dead()
    assert "the number has no WhatsApp, or may not be written to (63024)" in why


async def test_who_wrote_stop_is_left_alone_with_the_reason(
    twilio: FakeTwilio, agent: Agent
) -> None:
    async with serve(agent, [twilio]) as server:
        await twilio.says(CUSTOMER, "order")
        await twilio.read(CUSTOMER, 1)
        twilio.stopped = {CUSTOMER}
        await twilio.happens(twilio.received(CUSTOMER, Body="STOP", OptOutType="STOP"))
        await server.push(f"twilio:{CUSTOMER}", bot("Are you there?", "m-1"))
        await settled()
        assert await server.heard(f"twilio:{CUSTOMER}", 1) == ["order"]
    ((text, why),) = dead()
    assert text == "Are you there?" and "(they wrote STOP); they have to write START" in why


async def test_after_a_day_only_templates_go_out_on_whatsapp(
    twilio_whatsapp: FakeTwilioWhatsApp, agent: Agent, database_url: str
) -> None:
    conversation = f"twilio_whatsapp:{CUSTOMER}"
    template = {"ContentSid": "HX1", "ContentVariables": {"1": "Ana"}}
    async with serve(agent, [twilio_whatsapp]) as server:
        await twilio_whatsapp.says(CUSTOMER, "order")
        await twilio_whatsapp.read(CUSTOMER, 1)
        database = Database(database_url)
        with database.write() as session:
            session.execute(update(Customer).values(heard_at=0.0))
        database.close()
        status, words = await server.push(conversation, bot("Li here.", "m-1"))
        assert status == 500 and "WhatsApp by Twilio allows messages only within 24 hours" in words
        custom = bot("", "m-2", data={"custom": {"twilio_whatsapp": template}})
        assert (await server.push(conversation, custom))[0] == 200
        await twilio_whatsapp.read(CUSTOMER, 2)
    sent = twilio_whatsapp.sent[1][1]
    assert (sent["ContentSid"], sent["ContentVariables"]) == ("HX1", '{"1": "Ana"}')
    assert sent["From"] == "whatsapp:+15017122661"


async def test_a_window_that_whatsapp_sees_closed_is_said_in_words(
    twilio_whatsapp: FakeTwilioWhatsApp, agent: Agent
) -> None:
    async with serve(agent, [twilio_whatsapp]):
        await twilio_whatsapp.says(CUSTOMER, "order")
        await settled()
        name = twilio_whatsapp.sent[0][1]["sid"]
        await twilio_whatsapp.happens(twilio_whatsapp.reported(name, "failed", ErrorCode="63016"))
    ((_, why),) = dead()
    assert "more than 24 hours ago" in why and "(63016)" in why


@pytest.mark.parametrize("mms", [False, True])
async def test_a_picture_is_a_link_unless_the_number_sends_pictures(
    twilio: FakeTwilio, agent: Agent, mms: bool
) -> None:
    twilio.mms = mms
    async with serve(agent, [twilio]):
        await twilio.says(CUSTOMER, "picture")
        await twilio.read(CUSTOMER, 2)
    field = "MediaUrl" if mms else "Body"
    assert twilio.sent[1][1][field] == "https://shop.example/mug.png"


async def test_a_messaging_service_sends_and_is_registered(
    twilio: FakeTwilio, agent: Agent
) -> None:
    twilio.sender = SERVICE
    async with serve(agent, [twilio]) as server:
        (provider,) = (channel.provider for channel in server.channels)
        await provider.register(HOOK)
        assert twilio.webhook == HOOK + TRIED_AGAIN
        await twilio.says(CUSTOMER, "order")
        await twilio.read(CUSTOMER, 1)
        found = await provider.check()
    assert twilio.sent[0][1]["MessagingServiceSid"] == SERVICE and "From" not in twilio.sent[0][1]
    assert found == [
        Finding(True, "The credentials are those of Shop."),
        Finding(True, f"Twilio delivers to {HOOK}{TRIED_AGAIN}."),
    ]


async def test_check_and_register_know_the_numbers_webhook(twilio: FakeTwilio) -> None:
    provider = channel_of(twilio).provider
    found = await provider.check()
    assert found[1] == Finding(False, f"Twilio delivers nowhere, and not to {HOOK}.")
    with pytest.raises(NotSent, match=r"`public_url` in credentials\.yml makes the webhook"):
        await provider.register("https://other.example/webhooks/twilio/webhook")
    await provider.register(HOOK)
    found = await provider.check()
    wrong = TwilioSmsInput({**twilio.settings(), "auth_token": "another"}).provider
    refused = await wrong.check()
    for each in (provider, wrong):
        await each.http.close()
    assert found[1] == Finding(True, f"Twilio delivers to {HOOK}{TRIED_AGAIN}.")
    assert refused == [Finding(False, "SMS by Twilio answered 401: Authenticate (20003)")]


async def test_several_pieces_arrive_in_order_one_after_the_other(
    twilio: FakeTwilio, agent: Agent
) -> None:
    async with serve(agent, [twilio]) as server:
        await twilio.says(CUSTOMER, "order")
        await twilio.read(CUSTOMER, 1)
        await server.push(f"twilio:{CUSTOMER}", bot("word " * 500, "m-1"))
        pieces = (await twilio.read(CUSTOMER, 3))[1:]
    assert " ".join(pieces) == ("word " * 500).strip() and max(map(len, pieces)) <= 1600


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sender": 15017122661}, "must be a number in quotes"),
        ({"sender": "Shop"}, "must be a number in quotes"),
        ({"account_sid": "AC1"}, "must be AC and 32 digits"),
        ({"public_url": "http://bot.example"}, "must be an https address"),
        ({"auth_token": None}, "is empty"),
        ({"mms": 7}, "could not be parsed to a boolean"),
    ],
)
async def test_a_wrong_setting_is_named(
    twilio: FakeTwilio, change: dict[str, Any], words: str
) -> None:
    key = next(iter(change))
    twilio.settings = lambda: {**FakeTwilio.settings(twilio), **change}  # type: ignore[method-assign]
    with pytest.raises(InvalidConfigException, match=words) as wrong:
        channel_of(twilio)
    assert f"`{key}` of the SMS by Twilio channel" in str(wrong.value)
