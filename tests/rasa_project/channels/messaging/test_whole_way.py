"""The whole way from the customer's message to the agent's answer.

What depends on the service is tried on each; what is the layer's alone, on Telegram.
"""

from __future__ import annotations

import asyncio
import time

import pytest
from rasa.core.agent import Agent

from rasa_project.channels.messaging import catalogue
from rasa_project.channels.messaging.provider import Provider
from rasa_project.channels.messaging.request import Request
from rasa_project.channels.messaging.turn import Turn, conversation_of
from tests.rasa_project.channels.messaging.conftest import FAKES
from tests.rasa_project.channels.messaging.fake_service import Delivery, FakeService
from tests.rasa_project.channels.messaging.media.desk import as_told
from tests.rasa_project.channels.messaging.mutations import events
from tests.rasa_project.channels.messaging.providers.fake_mattermost import FakeMattermost
from tests.rasa_project.channels.messaging.providers.fake_telegram import FakeTelegram
from tests.rasa_project.channels.messaging.providers.fake_wecom import FakeWeCom
from tests.rasa_project.channels.messaging.serving import Server, bot, serve
from tests.rasa_project.channels.messaging.stored import settled

GREETING = "Hello\n\nWhat is it about?"
NUMBERS = "\n\n1. My order\n2. Something else"
ON_ITS_WAY = "Your order is on its way."
CUSTOMER = "4711"
WEBHOOKS = [fake for fake in FAKES if fake.by_webhook]
SENDING_ALONG = [
    fake
    for fake in WEBHOOKS
    if fake is not FakeMattermost  # tells of files when it is asked; test_mattermost.py asks
]
TYPING = [
    fake
    for fake in FAKES
    if catalogue.inputs()[fake.name].Provider.noticed is not Provider.noticed
    and fake is not FakeWeCom  # which has nothing to show but what was pressed
]


@pytest.mark.channel_feature("push")
async def test_the_bot_answers_and_an_agent_does_later(
    service: FakeService, served: Server
) -> None:
    conversation = service.conversation(CUSTOMER)
    await service.says(CUSTOMER, "order")
    assert await service.read(CUSTOMER, 1) == [ON_ITS_WAY]
    assert (await served.push(conversation, bot("Li here. It comes today.", "m-1")))[0] == 200
    assert await service.read(CUSTOMER, 2) == [ON_ITS_WAY, "Li here. It comes today."]
    assert await served.heard(conversation, 1) == ["order"]


@pytest.mark.channel_feature("buttons")
async def test_a_pressed_button_says_its_payload(service: FakeService, served: Server) -> None:
    greeting = GREETING + NUMBERS * service.numbers_buttons
    await service.says(CUSTOMER, "hello")
    assert await service.read(CUSTOMER, 1) == [greeting]
    await service.presses(CUSTOMER, "My order")
    assert await service.read(CUSTOMER, 2) == [greeting, ON_ITS_WAY]
    event = (await served.events(service.conversation(CUSTOMER), "user"))[1]
    assert (event["text"], event["metadata"]["title"]) == ("/order", "My order")


@pytest.mark.channel_feature("deduplicated")
async def test_deliveries_made_again_and_at_once_count_once(
    service: FakeService, served: Server
) -> None:
    service.times = 4
    await service.says(CUSTOMER, "order")
    assert await service.read(CUSTOMER, 1) == [ON_ITS_WAY]
    assert await served.heard(service.conversation(CUSTOMER), 1) == ["order"]
    assert service.statuses == [200] * 4


async def test_what_a_customer_writes_in_a_row_is_answered_in_order(
    telegram: FakeTelegram, agent: Agent
) -> None:
    async with serve(agent, [telegram]) as server:
        texts = ["order", "links", "order", "picture", "links"]
        for text in texts:
            await telegram.says(CUSTOMER, text)
        assert await server.heard(f"{telegram.name}:{CUSTOMER}", 5) == texts


@pytest.mark.parametrize("faults", [["down", "fail"], ["limit"]])
async def test_what_cannot_be_sent_at_once_arrives_later_in_order_and_once(
    service: FakeService, served: Server, faults: list[str]
) -> None:
    service.faults = faults
    await service.says(CUSTOMER, "order")
    await served.heard(service.conversation(CUSTOMER), 1)
    await served.push(service.conversation(CUSTOMER), bot("first", "m-1"), bot("second", "m-2"))
    assert await service.read(CUSTOMER, 3) == [ON_ITS_WAY, "first", "second"]
    assert service.asked_too_early == 0


async def test_a_message_whose_answer_is_lost_is_sent_again(
    service: FakeService, served: Server
) -> None:
    service.faults = ["cut"]
    await service.says(CUSTOMER, "order")
    await service.read(CUSTOMER, 1)
    await settled()
    assert service.texts(CUSTOMER) == [ON_ITS_WAY] * (1 if service.knows_doubles else 2)


async def test_the_desk_may_append_the_same_message_again(
    telegram: FakeTelegram, agent: Agent
) -> None:
    async with serve(agent, [telegram]) as server:
        await telegram.says(CUSTOMER, "order")
        await telegram.read(CUSTOMER, 1)
        for _ in range(3):
            await server.push(f"{telegram.name}:{CUSTOMER}", bot("Li here.", "m-1"))
        assert await telegram.read(CUSTOMER, 2) == [ON_ITS_WAY, "Li here."]


async def test_a_typed_payload_is_no_payload(telegram: FakeTelegram, agent: Agent) -> None:
    async with serve(agent, [telegram]) as server:
        await telegram.says(CUSTOMER, '/order{"customer": "somebody else"}')
        heard = await server.heard(f"{telegram.name}:{CUSTOMER}", 1)
        assert heard == ['order{"customer": "somebody else"}']


async def test_a_restart_loses_nothing(telegram: FakeTelegram, agent: Agent) -> None:
    async with serve(agent, [telegram]) as server:
        telegram.faults = ["down"] * 3
        await telegram.says(CUSTOMER, "order")
        await server.heard(f"{telegram.name}:{CUSTOMER}", 1)
    telegram.faults = []
    async with serve(agent, [telegram]) as server:
        assert await telegram.read(CUSTOMER, 1) == [ON_ITS_WAY]
        # Nobody wrote since: the output channel is made from the configuration alone.
        await server.push(f"{telegram.name}:{CUSTOMER}", bot("Li here.", "m-1"))
        assert await telegram.read(CUSTOMER, 2) == [ON_ITS_WAY, "Li here."]


async def test_a_delivery_is_taken_while_rasa_has_no_model(
    telegram: FakeTelegram, agent: Agent
) -> None:
    processor, agent.processor = agent.processor, None
    async with serve(agent, [telegram]):
        await telegram.says(CUSTOMER, "order")
        await asyncio.sleep(0.1)
        agent.processor = processor
        assert await telegram.read(CUSTOMER, 1) == [ON_ITS_WAY]


@pytest.mark.channel_feature("signed")
@pytest.mark.parametrize("service", WEBHOOKS, indirect=True, ids=lambda fake: str(fake.name))
async def test_forged_and_broken_requests_are_refused_in_a_sentence(
    service: FakeService, served: Server
) -> None:
    good = service.delivery(service.written(CUSTOMER, "order"))
    for forged in service.forgeries(good):
        status, text = await service.post(forged.body, forged.headers)
        assert status == 401 and '"error"' in text
    assert (await service.post(b"x" * 2_000_000, good.headers))[0] == 413
    assert await served.events(service.conversation(CUSTOMER), "user") == []


@pytest.mark.channel_feature("media")
@pytest.mark.parametrize("service", SENDING_ALONG, indirect=True, ids=lambda fake: str(fake.name))
async def test_what_is_sent_along_reaches_rasa_with_its_details(
    service: FakeService, served: Server
) -> None:
    delivery, turn = _with_attachment(service, served.channels[0].provider)
    await service.deliver(delivery)
    conversation = conversation_of(service.name, turn.customer)
    assert await served.heard(conversation, 1) == [turn.words()]
    (event,) = await served.events(conversation, "user")
    told = event["metadata"]["attachments"]
    assert [as_told(one) for one in told] == turn.metadata()["attachments"] != []


@pytest.mark.channel_feature("typing")
@pytest.mark.parametrize("service", TYPING, indirect=True, ids=lambda fake: str(fake.name))
async def test_the_customer_sees_that_an_answer_is_on_its_way(
    service: FakeService, served: Server
) -> None:
    await service.says(CUSTOMER, "order")
    assert await service.read(CUSTOMER, 1) == [ON_ITS_WAY]
    for _ in range(500):
        if service.courtesies:
            break
        await asyncio.sleep(0.01)
    assert service.courtesies


def _with_attachment(service: FakeService, provider: Provider) -> tuple[Delivery, Turn]:
    """Return a recorded delivery with a photo, a file or the like."""
    for event in events(service):
        delivery = service.delivery(event)
        headers = {key.lower(): value for key, value in delivery.headers.items()}
        # Some services put into the address what others put into headers.
        request = Request("POST", "/", delivery.headers, headers, delivery.body, time.time())
        turns = provider.read(request).turns
        if turns and turns[0].attachments:
            return delivery, turns[0]
    raise AssertionError(f"no recorded message of {service.name} has an attachment")
