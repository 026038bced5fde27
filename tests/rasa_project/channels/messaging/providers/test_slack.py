"""What is Slack's own."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from rasa.core.agent import Agent

from rasa_project.channels.messaging.provider import Finding
from rasa_project.channels.messaging.request import Request
from tests.rasa_project.channels.messaging.providers import golden
from tests.rasa_project.channels.messaging.providers.fake_slack import FORM, JSON, FakeSlack, signed
from tests.rasa_project.channels.messaging.serving import bot, channel_of, serve
from tests.rasa_project.channels.messaging.stored import dead, settled


@pytest.mark.parametrize("case", golden.cases("slack"), ids=lambda case: str(case["name"]))
async def test_an_event_is_read(slack: FakeSlack, case: dict[str, Any]) -> None:
    delivery = slack.delivery(case["event"])
    headers = {key.lower(): value for key, value in delivery.headers.items()}
    provider = channel_of(slack).provider
    reading = provider.read(Request("POST", "/", {}, headers, delivery.body, 0.0))
    golden.require(reading, case)


async def test_slack_may_verify_the_address(slack: FakeSlack, agent: Agent) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1a", "token": "x"}).encode()
    async with serve(agent, [slack]):
        good = signed(body, JSON)
        assert await slack.post(good.body, good.headers) == (200, "3eZbrw1a")


@pytest.mark.parametrize("minutes", [-6, 6])
async def test_a_request_of_another_time_is_refused(
    slack: FakeSlack, agent: Agent, minutes: int
) -> None:
    body = slack.delivery(slack.written("D1", "order")).body
    async with serve(agent, [slack]):
        old = signed(body, JSON, time.time() + 60 * minutes)
        assert (await slack.post(old.body, old.headers))[0] == 401


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"payload=x", FORM),
        (b"payload=1&payload=2", FORM),
        (b"\xff", FORM),
        (b"", FORM),
        (b"{}", JSON),
        (b"[" * 100_000, JSON),
        (b'{"type": "event_callback", "event": {"type": "message", "channel_type": "im"}}', JSON),
    ],
)
async def test_a_signed_request_of_another_form_is_no_fault_of_the_server(
    slack: FakeSlack, agent: Agent, body: bytes, content_type: str
) -> None:
    async with serve(agent, [slack]):
        delivery = signed(body, content_type)
        assert (await slack.post(delivery.body, delivery.headers))[0] in {200, 400}


async def test_signs_of_slacks_markup_are_only_signs(slack: FakeSlack, agent: Agent) -> None:
    async with serve(agent, [slack]) as server:
        await slack.says("D1", "order")
        await server.heard("slack:D1", 1)
        await server.push("slack:D1", bot("<!channel> a & b", "m-1"))
        await settled()
    assert slack.texts("D1")[1] == "&lt;!channel&gt; a &amp; b"


async def test_an_image_that_slack_cannot_fetch_goes_out_as_a_link(
    slack: FakeSlack, agent: Agent
) -> None:
    slack.unreadable = {"https://shop.example/mug.png"}
    async with serve(agent, [slack]):
        await slack.says("D1", "picture")
        await settled()
    assert slack.sent[1][1] == {"channel": "D1", "text": "https://shop.example/mug.png"}


async def test_what_slack_refuses_for_good_is_given_up_with_its_reason(
    slack: FakeSlack, agent: Agent
) -> None:
    slack.refuses = "is_archived"
    async with serve(agent, [slack]):
        await slack.says("D1", "order")
        await settled()
    assert dead() == [("Your order is on its way.", "Slack refuses it: is_archived")]


async def test_check_says_whose_token_it_is(slack: FakeSlack) -> None:
    provider = channel_of(slack).provider
    found = await provider.check()
    await provider.http.close()
    assert found[0] == Finding(True, "The token is that of shop in Example.")
