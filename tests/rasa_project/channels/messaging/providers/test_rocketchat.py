"""What is Rocket.Chat's own."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from pydantic import SecretStr
from rasa.core.agent import Agent
from rasa.shared.exceptions import InvalidConfigException

from rasa_project.channels.messaging.errors import NotSent
from rasa_project.channels.messaging.part import Recipient
from rasa_project.channels.messaging.provider import Finding
from rasa_project.channels.messaging.providers.rocketchat import RocketChatInput
from tests.rasa_project.channels.messaging.providers import golden
from tests.rasa_project.channels.messaging.providers.fake_rocketchat import FakeRocketChat
from tests.rasa_project.channels.messaging.serving import bot, channel_of, checks, serve
from tests.rasa_project.channels.messaging.stored import dead, settled

CUSTOMER = "4711"
ON_ITS_WAY = "Your order is on its way."
CONVERSATION = f"rocketchat:{CUSTOMER}"


@pytest.mark.parametrize("case", golden.cases("rocketchat"), ids=lambda case: str(case["name"]))
async def test_an_event_is_read(rocketchat: FakeRocketChat, case: dict[str, Any]) -> None:
    provider = channel_of(rocketchat).provider
    reading = provider.read(golden.request(rocketchat, case["event"]))
    golden.require(reading, case)


async def test_in_a_room_each_person_has_a_conversation_in_threads_of_their_own(
    rocketchat: FakeRocketChat, agent: Agent
) -> None:
    async with serve(agent, [rocketchat]) as server:
        events = [
            rocketchat.message("general", user, "order", channel_name="general")
            for user in ("u1", "u2")
        ]
        for event in events:
            await rocketchat.happens(event)
        await rocketchat.read("general", 2)
        await server.push("rocketchat:general.u1", bot("Li here.", "m-1"))
        await rocketchat.read("general", 3)
    first, second = (event["message_id"] for event in events)
    threads = sorted((message["tmid"], message["msg"]) for _, message in rocketchat.sent)
    assert threads == [(first, "Li here."), (first, ON_ITS_WAY), (second, ON_ITS_WAY)]


async def test_in_a_direct_room_there_is_no_thread(
    rocketchat: FakeRocketChat, agent: Agent
) -> None:
    async with serve(agent, [rocketchat]) as server:
        await rocketchat.says(CUSTOMER, "order")
        await rocketchat.read(CUSTOMER, 1)
        (event,) = await server.events(CONVERSATION, "user")
    assert "tmid" not in rocketchat.sent[0][1]
    metadata = event["metadata"]
    assert (metadata["name"], metadata["time_zone"]) == ("Ana Lee", "UTC+5.5")


async def test_neither_its_own_echo_nor_other_bots_are_answered(
    rocketchat: FakeRocketChat, agent: Agent
) -> None:
    rocketchat.echoes, rocketchat.bots = True, {"user-ci"}
    async with serve(agent, [rocketchat]):
        await rocketchat.says("ci", "order")
        await rocketchat.says(CUSTOMER, "order")
        await rocketchat.read(CUSTOMER, 1)
        await asyncio.gather(*rocketchat.echo_tasks)
        await settled()
    assert [to for to, _ in rocketchat.sent] == [CUSTOMER]


async def test_a_new_wording_counts_until_the_message_is_read(
    rocketchat: FakeRocketChat, agent: Agent
) -> None:
    processor, agent.processor = agent.processor, None
    async with serve(agent, [rocketchat]) as server:
        event = rocketchat.written(CUSTOMER, "oder")
        await rocketchat.happens(event)
        await asyncio.sleep(0.3)  # it is looked at, and waits for a model
        await rocketchat.happens({**event, "text": "order", "isEdited": True})
        agent.processor = processor
        await rocketchat.read(CUSTOMER, 1)
        await rocketchat.happens({**event, "text": "links", "isEdited": True})
        await settled()
        assert await server.heard(CONVERSATION, 1) == ["order"]
    assert len(rocketchat.sent) == 1


@pytest.mark.parametrize(
    ("error", "letters"),
    [("error-message-size-exceeded", 1), ("error-not-allowed", 0)],
)
async def test_what_is_refused_for_good_is_given_up_and_the_rest_waits(
    rocketchat: FakeRocketChat, agent: Agent, error: str, letters: int
) -> None:
    rocketchat.refuses = error
    async with serve(agent, [rocketchat]) as server:
        await rocketchat.says(CUSTOMER, "order")
        await server.heard(CONVERSATION, 1)
        await asyncio.sleep(0.3)
        words = f"Rocket.Chat answered 400: No. [{error}]"
        assert dead() == [(ON_ITS_WAY, words)] * letters
        rocketchat.refuses = ""
        await settled()
    assert len(rocketchat.sent) == 1 - letters


async def test_a_picture_is_shown_and_nobody_called_to_the_screen(
    rocketchat: FakeRocketChat, agent: Agent
) -> None:
    async with serve(agent, [rocketchat]) as server:
        await rocketchat.says(CUSTOMER, "picture")
        await rocketchat.read(CUSTOMER, 2)
        await server.push(CONVERSATION, bot("@all @here a@all.example", "m-1"))
        await rocketchat.read(CUSTOMER, 3)
    assert rocketchat.sent[1][1]["attachments"] == [{"image_url": "https://shop.example/mug.png"}]
    assert rocketchat.sent[2][1]["msg"] == "@\u200ball @\u200bhere a@all.example"


async def test_check_says_whose_token_it_is(rocketchat: FakeRocketChat) -> None:
    bad = RocketChatInput({**rocketchat.settings(), "access_token": "x"})
    fine, wrong = await checks(channel_of(rocketchat), bad)
    assert fine[0] == Finding(True, "The token is that of @shop.")
    says = "Rocket.Chat answered 401: You must be logged in to do this."
    assert wrong == [Finding(False, says)]


async def test_a_short_token_is_named(rocketchat: FakeRocketChat) -> None:
    with pytest.raises(InvalidConfigException, match="must be at least 8 characters"):
        RocketChatInput({**rocketchat.settings(), "webhook_token": "x"})


async def test_typing_shows_in_the_room_and_in_the_thread(
    rocketchat: FakeRocketChat, agent: Agent
) -> None:
    async with serve(agent, [rocketchat]):
        await rocketchat.says(CUSTOMER, "order")
        await rocketchat.read(CUSTOMER, 1)
        more = {"channel_name": "help", "tmid": "thread1"}
        await rocketchat.happens(rocketchat.message("room2", "user-1", "order", **more))
        while len(rocketchat.courtesies) < 2:
            await asyncio.sleep(0.01)
    activity = ["shop", ["user-typing"]]
    assert [one["params"] for one in rocketchat.courtesies] == [
        [f"{CUSTOMER}/user-activity", *activity, {}],
        ["room2/user-activity", *activity, {"tmid": "thread1"}],
    ]


async def test_a_token_that_is_refused_shows_no_typing(rocketchat: FakeRocketChat) -> None:
    provider = channel_of(rocketchat).provider
    provider._username = "shop"  # type: ignore[attr-defined]
    provider.settings = provider.settings.copy(update={"access_token": SecretStr("other")})
    try:
        with pytest.raises(NotSent, match="logged out"):
            await provider.typing(Recipient(CUSTOMER, {"room": CUSTOMER}), "m")
    finally:
        await provider.http.close()
