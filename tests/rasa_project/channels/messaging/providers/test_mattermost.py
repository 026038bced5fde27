"""What is Mattermost's own."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlencode

import pytest
from rasa.core.agent import Agent

from rasa_project.channels.messaging.provider import Finding
from rasa_project.channels.messaging.providers.mattermost import MattermostInput
from tests.rasa_project.channels.messaging.fake_service import Delivery
from tests.rasa_project.channels.messaging.media.desk import as_told
from tests.rasa_project.channels.messaging.providers import golden
from tests.rasa_project.channels.messaging.providers.fake_mattermost import FakeMattermost
from tests.rasa_project.channels.messaging.serving import bot, channel_of, checks, serve
from tests.rasa_project.channels.messaging.stored import settled

CUSTOMER = "4711"
ON_ITS_WAY = "Your order is on its way."
CONVERSATION = f"mattermost:{CUSTOMER}"


@pytest.mark.parametrize("case", golden.cases("mattermost"), ids=lambda case: str(case["name"]))
async def test_a_request_is_read(mattermost: FakeMattermost, case: dict[str, Any]) -> None:
    provider = channel_of(mattermost).provider
    request = golden.request(mattermost, mattermost.proven(case["event"]))
    provider.verify(request)
    reading = provider.read(request)
    golden.require(reading, case)


async def test_a_webhook_may_send_forms(mattermost: FakeMattermost, agent: Agent) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    async with serve(agent, [mattermost]):
        event = mattermost.written(CUSTOMER, "order")
        await mattermost.deliver(Delivery(urlencode(event).encode(), form))
        assert await mattermost.read(CUSTOMER, 1) == [ON_ITS_WAY]
        wrong = urlencode({**mattermost.written(CUSTOMER, "order"), "token": "other"}).encode()
        assert (await mattermost.post(wrong, form))[0] == 401


async def test_each_thread_is_answered_where_it_is(
    mattermost: FakeMattermost, agent: Agent
) -> None:
    async with serve(agent, [mattermost]) as server:
        first = mattermost.posted(CUSTOMER, "order")
        await mattermost.happens(first)
        await mattermost.read(CUSTOMER, 1)
        await mattermost.happens(mattermost.posted(CUSTOMER, "links", root=first["post_id"]))
        await mattermost.read(CUSTOMER, 2)
        second = mattermost.posted(CUSTOMER, "order")
        await mattermost.happens(second)
        await mattermost.read(CUSTOMER, 3)
        await server.push(CONVERSATION, bot("Li here.", "m-1"))
        await mattermost.read(CUSTOMER, 4)
    roots = [post["root_id"] for _, post in mattermost.sent]
    assert roots == [first["post_id"]] * 2 + [second["post_id"]] * 2


async def test_an_answer_to_a_deleted_message_goes_to_the_channel(
    mattermost: FakeMattermost, agent: Agent
) -> None:
    async with serve(agent, [mattermost]):
        event = mattermost.posted(CUSTOMER, "order")
        await mattermost.happens(event)
        await mattermost.read(CUSTOMER, 1)
    mattermost.posts[event["post_id"]]["delete_at"] = 1
    async with serve(agent, [mattermost]) as server:
        await server.push(CONVERSATION, bot("Li here.", "m-1"))
        await settled()
    assert [post["root_id"] for _, post in mattermost.sent] == [event["post_id"], ""]


async def test_neither_its_own_echo_nor_other_machines_are_answered(
    mattermost: FakeMattermost, agent: Agent
) -> None:
    mattermost.echoes, mattermost.bots = True, {"ci"}
    webhook: dict[str, Any] = {"props": {"from_webhook": "true"}}
    async with serve(agent, [mattermost]) as server:
        await mattermost.happens(mattermost.posted("ci", "order"))
        await mattermost.happens(mattermost.posted("4712", "order", **webhook))
        await mattermost.happens(mattermost.posted("4712", "joined", type="system_join_channel"))
        await mattermost.says(CUSTOMER, "order")
        await mattermost.read(CUSTOMER, 1)
        await asyncio.gather(*mattermost.echo_tasks)
        await settled()
        assert await server.heard(CONVERSATION, 1) == ["order"]
    assert len(mattermost.sent) == 1


async def test_a_message_waits_while_mattermost_does_not_say_whose_it_is(
    mattermost: FakeMattermost, agent: Agent
) -> None:
    mattermost.down = True
    async with serve(agent, [mattermost]):
        await mattermost.says(CUSTOMER, "order")
        await asyncio.sleep(0.5)
        assert mattermost.sent == []
        mattermost.down = False
        assert await mattermost.read(CUSTOMER, 1) == [ON_ITS_WAY]


@pytest.mark.channel_feature("media", channel="mattermost")
async def test_files_are_known_by_name(mattermost: FakeMattermost, agent: Agent) -> None:
    file = {"id": "f1", "name": "mug.jpg", "mime_type": "image/jpeg", "size": 1200}
    async with serve(agent, [mattermost]) as server:
        more: dict[str, Any] = {"file_ids": ["f1"], "metadata": {"files": [file]}}
        await mattermost.happens(mattermost.posted(CUSTOMER, "order", **more))
        await mattermost.read(CUSTOMER, 1)
        (event,) = await server.events(CONVERSATION, "user")
    (attachment,) = event["metadata"]["attachments"]
    assert as_told(attachment) == {**file, "kind": "image"}
    assert mattermost.courtesies[0]["parent_id"] == mattermost.sent[0][1]["root_id"]


async def test_a_button_is_for_the_one_who_was_asked(
    mattermost: FakeMattermost, agent: Agent
) -> None:
    async with serve(agent, [mattermost]) as server:
        await mattermost.says(CUSTOMER, "hello")
        await mattermost.read(CUSTOMER, 1)
        await mattermost.happens(mattermost.press("4712", CUSTOMER, "My order"))
        (action, _) = mattermost.sent[0][1]["props"]["attachments"][0]["actions"]
        assert set(action["integration"]["context"]) == {"choice", "title", "customer", "proof"}
        assert "/order" not in str(action)
        stolen = mattermost.press("4712", CUSTOMER, "My order")
        stolen["context"]["customer"] = "4712"
        delivery = mattermost.delivery(stolen)
        assert (await mattermost.post(delivery.body, delivery.headers))[0] == 401
        await settled()
        assert await server.heard(CONVERSATION, 1) == ["hello"]
        assert await server.events("mattermost:4712", "user") == []


async def test_nobody_is_called_to_the_screen(mattermost: FakeMattermost, agent: Agent) -> None:
    async with serve(agent, [mattermost]) as server:
        await mattermost.says(CUSTOMER, "order")
        await mattermost.read(CUSTOMER, 1)
        await server.push(CONVERSATION, bot("@channel @Here @all @allan a@b", "m-1"))
        texts = await mattermost.read(CUSTOMER, 2)
    assert texts[1] == "@\u200bchannel @\u200bHere @\u200ball @allan a@b"


async def test_a_picture_is_shown_by_its_address(mattermost: FakeMattermost, agent: Agent) -> None:
    async with serve(agent, [mattermost]):
        await mattermost.says(CUSTOMER, "picture")
        texts = await mattermost.read(CUSTOMER, 2)
    assert texts[1] == "![](https://shop.example/mug.png)"


async def test_check_says_whose_token_it_is(mattermost: FakeMattermost) -> None:
    bad = MattermostInput({**mattermost.settings(), "access_token": "x"})
    fine, wrong = await checks(channel_of(mattermost), bad)
    assert fine[0] == Finding(True, "The token is that of @shop.")
    assert len(wrong) == 1 and wrong[0].says.startswith("Mattermost answered 401")
