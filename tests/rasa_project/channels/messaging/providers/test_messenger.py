"""What is Messenger's and Instagram's own."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.core.agent import Agent

from rasa_project.channels.messaging.errors import NotSent
from rasa_project.channels.messaging.part import Part, Recipient
from rasa_project.channels.messaging.provider import Finding
from rasa_project.channels.messaging.request import Request
from tests.rasa_project.channels.messaging.providers import golden
from tests.rasa_project.channels.messaging.providers.fake_messenger import (
    FakeInstagram,
    FakeMessenger,
)
from tests.rasa_project.channels.messaging.serving import bot, channel_of, serve
from tests.rasa_project.channels.messaging.stored import settled


def read(messenger: FakeMessenger, event: Any) -> Any:
    request = Request("POST", "/", {}, {}, messenger.delivery(event).body, 0.0)
    return channel_of(messenger).provider.read(request)


@pytest.mark.parametrize("case", golden.cases("messenger"), ids=lambda case: str(case["name"]))
async def test_an_event_is_read(messenger: FakeMessenger, case: dict[str, Any]) -> None:
    reading = read(messenger, messenger.whole(case["event"]))
    golden.require(reading, case)


async def test_what_others_have_to_answer_is_left_to_them(messenger: FakeMessenger) -> None:
    event = messenger.written("1", "order")["entry"][0]["messaging"][0]
    other = messenger.whole(event, page="1")
    standby = messenger.whole()
    standby["entry"][0]["standby"] = [event]
    del standby["entry"][0]["messaging"]
    for whole in (other, standby):
        assert read(messenger, whole).ignored == ("an event (of another page)",)
    whole = {**messenger.whole(event), "object": "instagram"}
    assert read(messenger, whole).ignored == ("a webhook about 'instagram'",)


async def test_reading_and_typing_show(messenger: FakeMessenger, agent: Agent) -> None:
    async with serve(agent, [messenger]) as server:
        await messenger.says("1", "order")
        await settled()
        await server.push("facebook:1", bot("Li here.", "m-1"))
        await settled()
    assert [one["sender_action"] for one in messenger.courtesies] == ["mark_seen", "typing_on"]


async def test_a_long_answer_fits_instagrams_bytes(agent: Agent) -> None:
    instagram = FakeInstagram()
    await instagram.start()
    async with serve(agent, [instagram]) as server:
        await instagram.says("1", "order")
        await server.heard("instagram:1", 1)
        await server.push("instagram:1", bot("您的订单已经发货了。" * 80, "m-1"))
        await settled()
    await instagram.end()
    texts = instagram.texts("1")[1:]
    assert "".join(texts) == "您的订单已经发货了。" * 80
    assert max(len(text.encode()) for text in texts) <= 1000


async def test_a_tag_opens_the_window(messenger: FakeMessenger) -> None:
    provider = channel_of(messenger).provider
    tagged = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT", "message": {"text": "Hello"}}
    part = Part("custom", custom=tagged)
    assert provider.outside_window(part) and not provider.outside_window(Part("text", text="a"))
    await provider.send(Recipient("1"), part)
    with pytest.raises(NotSent, match="Param is not valid") as refused:
        await provider.send(Recipient("1"), Part("text", text="a" * 2001))
    await provider.http.close()
    assert refused.value.hopeless
    assert messenger.texts("1") == ["Hello"]


async def test_check_says_whose_token_it_is(messenger: FakeMessenger) -> None:
    provider = channel_of(messenger).provider
    found = await provider.check()
    await provider.http.close()
    assert found[0] == Finding(True, "The token is that of Shop.")
