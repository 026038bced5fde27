"""What is Feishu's own."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.shared.exceptions import InvalidConfigException

from rasa_project.channels.messaging.provider import Finding
from rasa_project.channels.messaging.providers.feishu import FeishuInput
from rasa_project.channels.messaging.providers.feishu_events import read_event
from tests.rasa_project.channels.messaging.providers import golden
from tests.rasa_project.channels.messaging.providers.fake_feishu import (
    VERIFICATION_TOKEN,
    FakeFeishu,
    sealed,
    signed,
)
from tests.rasa_project.channels.messaging.serving import bot, channel_of, serve
from tests.rasa_project.channels.messaging.stored import dead, settled

CUSTOMER = "ou_Ana"
ON_ITS_WAY = "Your order is on its way."


@pytest.mark.parametrize("case", golden.cases("feishu"), ids=lambda case: str(case["name"]))
def test_an_event_is_read(case: dict[str, Any]) -> None:
    reading = read_event(case["event"])
    golden.require(reading, case)


async def test_the_address_is_checked_with_a_challenge(feishu: FakeFeishu, agent: Agent) -> None:
    asked = {"type": "url_verification", "challenge": "4711", "token": VERIFICATION_TOKEN}
    async with serve(agent, [feishu]):
        status, text = await feishu.post(sealed(asked), {})
        assert (status, json.loads(text)) == (200, {"challenge": "4711"})
        assert (await feishu.post(sealed({**asked, "token": "x"}), {}))[0] == 401
        assert (await feishu.post(json.dumps(asked).encode(), {}))[0] == 401


async def test_events_that_are_plain_old_damaged_or_without_our_token_are_refused(
    feishu: FakeFeishu, agent: Agent
) -> None:
    event = feishu.written(CUSTOMER, "order")
    body, plain = sealed(event), json.dumps(event).encode()
    other = sealed({**event, "header": {**event["header"], "token": "x"}})
    headless = sealed({"schema": "2.0"})
    broken = [b"no json", b"[]", b'{"encrypt": 1}', b'{"encrypt": "AA=="}', sealed(b"no json")]
    async with serve(agent, [feishu]) as server:
        for content, headers in [
            (plain, signed(plain)),
            (body, signed(other)),
            (body, signed(body, time.time() - 9 * 3600)),
            (other, signed(other)),
            (headless, signed(headless)),
            *((one, signed(one)) for one in broken),
        ]:
            assert (await feishu.post(content, headers))[0] == 401
        for wrong in ({"event_type": "im.message.receive_v1", "event_id": "E"}, {}):
            odd = sealed({"header": {"token": VERIFICATION_TOKEN, **wrong}, "event": {}})
            assert (await feishu.post(odd, signed(odd)))[0] == 400
        assert await server.events(f"feishu:{CUSTOMER}", "user") == []


async def test_buttons_are_a_card_whose_press_tells_the_time_zone(
    feishu: FakeFeishu, agent: Agent
) -> None:
    async with serve(agent, [feishu]) as server:
        await feishu.says(CUSTOMER, "hello")
        await feishu.read(CUSTOMER, 1)
        press = feishu.delivery(feishu.pressed(CUSTOMER, "My order"))
        assert await feishu.post(press.body, press.headers) == (200, "{}")
        await feishu.read(CUSTOMER, 2)
        (_, event) = await server.events(f"feishu:{CUSTOMER}", "user")
    assert event["text"] == "/order"
    assert event["metadata"]["time_zone"] == "Asia/Shanghai"
    card = feishu.sent[0][1]["content"]
    assert "/order" not in json.dumps(card)


async def test_a_card_of_somebody_else_presses_nothing_of_mine(
    feishu: FakeFeishu, agent: Agent
) -> None:
    async with serve(agent, [feishu]) as server:
        await feishu.says("ou_Li", "hello")
        await feishu.read("ou_Li", 1)
        value = feishu.sent[0][1]["content"]["elements"][-1]["actions"][0]["value"]
        await feishu.happens(feishu.pressed_value(CUSTOMER, value))
        # Only the words that stood on the button.
        assert await server.heard(f"feishu:{CUSTOMER}", 1) == ["My order"]


async def test_a_token_is_kept_and_fetched_again_when_it_ended(
    feishu: FakeFeishu, agent: Agent
) -> None:
    async with serve(agent, [feishu]) as server:
        await feishu.says(CUSTOMER, "order")
        await feishu.read(CUSTOMER, 1)
        await server.push(f"feishu:{CUSTOMER}", bot("one", "m-1"))
        await feishu.read(CUSTOMER, 2)
        assert feishu.tokens_asked == 1
        feishu.access_token = ""
        await server.push(f"feishu:{CUSTOMER}", bot("two", "m-2"))
        assert await feishu.read(CUSTOMER, 3) == [ON_ITS_WAY, "one", "two"]
    assert feishu.tokens_asked == 2


async def test_what_feishu_refuses_for_good_is_given_up_with_its_words(
    feishu: FakeFeishu, agent: Agent
) -> None:
    async with serve(agent, [feishu]) as server:
        await feishu.says(CUSTOMER, "order")
        await feishu.read(CUSTOMER, 1)
        feishu.strangers = {CUSTOMER}
        await server.push(f"feishu:{CUSTOMER}", bot("Are you there?", "m-1"))
        await settled()
    words = "Feishu answered 230013: Bot has NO availability to this user."
    assert dead() == [("Are you there?", words)]


async def test_a_bots_author_may_send_any_message(feishu: FakeFeishu, agent: Agent) -> None:
    custom = {"feishu": {"msg_type": "image", "content": {"image_key": "img_1"}}}
    async with serve(agent, [feishu]) as server:
        await feishu.says(CUSTOMER, "order")
        await feishu.read(CUSTOMER, 1)
        await server.push(f"feishu:{CUSTOMER}", bot("", "m-1", data={"custom": custom}))
        await server.push(
            f"feishu:{CUSTOMER}", bot("", "m-2", data={"custom": {"feishu": {"a": 1}}})
        )
        await settled()
    assert feishu.sent[1:] == [(CUSTOMER, {"type": "image", "content": {"image_key": "img_1"}})]
    assert [why for _, why in dead()] == ["A message for Feishu needs `msg_type` and `content`."]


async def test_check_names_the_bot_or_what_is_wrong(feishu: FakeFeishu) -> None:
    good = channel_of(feishu).provider
    bad = FeishuInput({**feishu.settings(), "app_secret": "x"}).provider
    try:
        fine, wrong = await good.check(), await bad.check()
    finally:
        await good.http.close()
        await bad.http.close()
    assert fine == [
        Finding(True, "App ID and App Secret are those of 'Shop'."),
        Finding(True, "The bot is enabled."),
    ]
    assert wrong == [Finding(False, "Feishu answered 10014: app secret invalid")]


def test_a_short_encrypt_key_is_refused_by_name() -> None:
    settings = {**FakeFeishu().settings(), "api_url": "https://open.feishu.cn"}
    with pytest.raises(InvalidConfigException, match="`encrypt_key` of the Feishu channel must be"):
        FeishuInput.from_credentials({**settings, "encrypt_key": "short"})
