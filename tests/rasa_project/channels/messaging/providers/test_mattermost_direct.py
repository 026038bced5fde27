"""People may write to a Mattermost bot alone, as to a colleague."""

from __future__ import annotations

import time
from typing import Any

import pytest
from rasa.core.agent import Agent

from rasa_project.channels.messaging.providers import mattermost_direct
from tests.rasa_project.channels.messaging.providers.fake_mattermost import CHANNEL, FakeMattermost
from tests.rasa_project.channels.messaging.serving import bot, serve
from tests.rasa_project.channels.messaging.stored import settled

CUSTOMER = "4711"
CONVERSATION = f"mattermost:{CUSTOMER}"
ON_ITS_WAY = "Your order is on its way."


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mattermost_direct, "_SHORTEST_PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(mattermost_direct, "_LONGEST_PAUSE_SECONDS", 0.1)


async def test_who_writes_directly_is_answered_there_and_by_agents_too(
    mattermost: FakeMattermost, agent: Agent
) -> None:
    async with serve(agent, [mattermost]) as server:
        await mattermost.listened_to()
        await mattermost.directly(CUSTOMER, "order")
        assert await mattermost.read(CUSTOMER, 1) == [ON_ITS_WAY]
        await server.push(CONVERSATION, bot("Li here.", "m-1"))
        assert await mattermost.read(CUSTOMER, 2) == [ON_ITS_WAY, "Li here."]
        (event,) = await server.events(CONVERSATION, "user")
    told = ("name", "user", "locale", "time_zone")
    known = [event["metadata"][key] for key in told]
    assert known == ["Ana Lee", f"user-{CUSTOMER}", "zh-CN", "Asia/Shanghai"]
    places = [(one["channel_id"], one["root_id"]) for _, one in mattermost.sent]
    assert places == [(CUSTOMER, "")] * 2


async def test_what_is_written_while_nobody_listens_is_answered_once_in_order(
    mattermost: FakeMattermost, agent: Agent
) -> None:
    async with serve(agent, [mattermost]):
        await mattermost.listened_to()
        await mattermost.directly(CUSTOMER, "order")
        assert await mattermost.read(CUSTOMER, 1) == [ON_ITS_WAY]
    await mattermost.directly(CUSTOMER, "links")  # no server at all
    async with serve(agent, [mattermost]) as server:
        assert await server.heard(CONVERSATION, 2) == ["order", "links"]
        await mattermost.listened_to()
        await mattermost.hang_up()
        await mattermost.directly(CUSTOMER, "picture")
        await mattermost.directly(CUSTOMER, "order")
        mattermost.deaf = False
        await mattermost.listened_to()
        heard = await server.heard(CONVERSATION, 4)
        await settled()
        assert heard == ["order", "links", "picture", "order"]
        assert await server.heard(CONVERSATION, 4) == heard


async def test_a_press_in_a_direct_message_counts(mattermost: FakeMattermost, agent: Agent) -> None:
    async with serve(agent, [mattermost]) as server:
        await mattermost.listened_to()
        await mattermost.directly(CUSTOMER, "hello")
        await mattermost.read(CUSTOMER, 1)
        press = mattermost.press(f"user-{CUSTOMER}", CUSTOMER, "My order")
        await mattermost.happens({**press, "channel_id": CUSTOMER})
        assert (await mattermost.read(CUSTOMER, 2))[1] == ON_ITS_WAY
        assert await server.heard(CONVERSATION, 2) == ["hello", "/order"]


async def test_a_thread_that_somebody_begins_is_answered_in_it(
    mattermost: FakeMattermost, agent: Agent
) -> None:
    async with serve(agent, [mattermost]):
        await mattermost.listened_to()
        first = await mattermost.directly(CUSTOMER, "order")
        await mattermost.read(CUSTOMER, 1)
        await mattermost.directly(CUSTOMER, "order", root_id=first)
        await mattermost.read(CUSTOMER, 2)
    assert [post["root_id"] for _, post in mattermost.sent] == ["", first]


async def test_other_bots_channels_and_broken_events_are_let_pass(
    mattermost: FakeMattermost, agent: Agent
) -> None:
    machine: dict[str, Any] = {"props": {"from_bot": "true"}}
    day_ago = int((time.time() - 25 * 3600) * 1000)
    old = mattermost.posted("user-4713", "order", channel_id="4713", create_at=day_ago)
    async with serve(agent, [mattermost]) as server:
        await mattermost.listened_to()
        await mattermost.directly("4712", "order", **machine)
        for event in ("no JSON", "[]", "{}", {"event": "posted", "data": {"channel_type": "D"}},
                      {"event": "posted", "data": {"channel_type": "D", "post": "{}"}},
                      {"event": "posted", "data": {"channel_type": "O", "post": "{}"}},
                      {"event": "typing", "data": {}}):  # fmt: skip
            await mattermost.tell(event)
        await mattermost.directly(CUSTOMER, "order")
        assert await mattermost.read(CUSTOMER, 1) == [ON_ITS_WAY]
        await settled()
        for other in ("4712", "4713", CHANNEL):
            assert await server.events(f"mattermost:{other}", "user") == []
    assert len(mattermost.sent) == 1 and old


async def test_an_operator_may_leave_direct_messages_out(
    mattermost: FakeMattermost, agent: Agent
) -> None:
    mattermost.more = {"direct": False}
    async with serve(agent, [mattermost]) as server:
        await mattermost.directly(CUSTOMER, "order")
        await mattermost.says("4712", "order")
        assert await mattermost.read("4712", 1) == [ON_ITS_WAY]
        assert await server.events(CONVERSATION, "user") == []
    assert not mattermost.sockets
