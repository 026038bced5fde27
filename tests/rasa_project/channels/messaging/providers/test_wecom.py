"""What is WeCom's own."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.shared.exceptions import InvalidConfigException

from rasa_project.channels.messaging.provider import Finding
from rasa_project.channels.messaging.providers import tencent
from rasa_project.channels.messaging.providers.wecom import WeComInput
from rasa_project.channels.messaging.providers.wecom_messages import read_message
from tests.rasa_project.channels.messaging.providers import golden
from tests.rasa_project.channels.messaging.providers.fake_tencent import encrypt, signed, xml
from tests.rasa_project.channels.messaging.providers.fake_wecom import AGENT_ID, CORP_ID, FakeWeCom
from tests.rasa_project.channels.messaging.serving import bot, channel_of, serve
from tests.rasa_project.channels.messaging.stored import dead, settled

CUSTOMER = "Ana"
ON_ITS_WAY = "Your order is on its way."


@pytest.mark.parametrize("case", golden.cases("wecom"), ids=lambda case: str(case["name"]))
def test_a_message_is_read(case: dict[str, Any]) -> None:
    message = tencent.fields(case["xml"].encode())
    reading = read_message(message, AGENT_ID, "/greet", {"MY_ORDER": "/order"})
    golden.require(reading, case)


async def test_the_address_is_checked_with_an_encrypted_word(
    wecom: FakeWeCom, agent: Agent
) -> None:
    word, other = encrypt(b"4711", CORP_ID), encrypt(b"4711", "ww-somebody-else")
    async with serve(agent, [wecom]):
        assert await wecom.greet({**signed(word), "echostr": word}) == (200, "4711")
        for query in (
            {},
            {**signed(word), "echostr": other},
            {**signed(other), "echostr": other},
            {**signed(word, 1_700_000_000), "echostr": word},
        ):
            assert (await wecom.greet(query))[0] == 401
        assert (await wecom.greet({**signed("AA=="), "echostr": "AA=="}))[0] == 400


async def test_a_message_gets_an_empty_answer_at_once_and_a_plain_one_is_refused(
    wecom: FakeWeCom, agent: Agent
) -> None:
    event = wecom.written(CUSTOMER, "order")
    delivery = wecom.delivery(event)
    async with serve(agent, [wecom]) as server:
        assert (await wecom.post(xml(event), delivery.headers))[0] == 401
        assert await wecom.post(delivery.body, delivery.headers) == (200, "")
        assert await wecom.read(CUSTOMER, 1) == [ON_ITS_WAY]
        assert await server.heard(f"wecom:{CUSTOMER}", 1) == ["order"]


async def test_a_pressed_button_shows_on_its_card(wecom: FakeWeCom, agent: Agent) -> None:
    async with serve(agent, [wecom]):
        await wecom.says(CUSTOMER, "hello")
        await wecom.read(CUSTOMER, 1)
        await wecom.presses(CUSTOMER, "My order")
        await wecom.read(CUSTOMER, 2)
    card = wecom.sent[0][1]["template_card"]
    assert card["main_title"] == {"title": "Hello"}
    assert card["sub_title_text"] == "What is it about?"
    ((update),) = wecom.courtesies
    assert update == {
        "userids": [CUSTOMER],
        "agentid": AGENT_ID,
        "response_code": update["response_code"],
        "button": {"replace_name": "✓ My order"},
    }


async def test_a_long_text_comes_before_the_card_with_its_end(
    wecom: FakeWeCom, agent: Agent
) -> None:
    text = "我们查到了您的订单，今天下午会送到您家。" * 40 + "\n\n还有什么可以帮您？"
    buttons = [{"title": "没有了", "payload": "/order"}]
    async with serve(agent, [wecom]) as server:
        await wecom.says(CUSTOMER, "order")
        await wecom.read(CUSTOMER, 1)
        await server.push(f"wecom:{CUSTOMER}", bot(text, "m-1", data={"buttons": buttons}))
        texts = await wecom.read(CUSTOMER, 4)
    assert [content["msgtype"] for _, content in wecom.sent] == ["text"] * 3 + ["template_card"]
    assert "".join(texts[1:3]) == text.split("\n")[0]
    assert texts[3] == "还有什么可以帮您？"


async def test_a_token_is_kept_and_fetched_again_when_it_ended(
    wecom: FakeWeCom, agent: Agent
) -> None:
    async with serve(agent, [wecom]) as server:
        await wecom.says(CUSTOMER, "order")
        await wecom.read(CUSTOMER, 1)
        await server.push(f"wecom:{CUSTOMER}", bot("one", "m-1"))
        await wecom.read(CUSTOMER, 2)
        assert wecom.tokens_asked == 1
        wecom.access_token = ""
        await server.push(f"wecom:{CUSTOMER}", bot("two", "m-2"))
        assert await wecom.read(CUSTOMER, 3) == [ON_ITS_WAY, "one", "two"]
    assert wecom.tokens_asked == 2


async def test_a_member_who_may_not_use_the_app_gets_nothing(
    wecom: FakeWeCom, agent: Agent
) -> None:
    async with serve(agent, [wecom]) as server:
        await wecom.says(CUSTOMER, "order")
        await wecom.read(CUSTOMER, 1)
        wecom.strangers = {CUSTOMER}
        await server.push(f"wecom:{CUSTOMER}", bot("Are you there?", "m-1"))
        await settled()
    assert dead() == [("Are you there?", "WeCom answered 81013: user & party & tag all invalid")]


async def test_check_names_the_app_or_what_is_wrong(wecom: FakeWeCom) -> None:
    good = channel_of(wecom).provider
    bad = WeComInput({**wecom.settings(), "agent_id": 7}).provider
    try:
        fine, wrong = await good.check(), await bad.check()
    finally:
        await good.http.close()
        await bad.http.close()
    assert fine == [
        Finding(True, "CorpID and Secret are those of the app 'Shop'."),
        Finding(None, "Whether messages are received by API only the app's page tells."),
    ]
    assert wrong == [Finding(False, "WeCom answered 301002: no privilege to access the app")]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"agent_id": "shop"}, "`agent_id` of the WeCom channel"),
        ({"encoding_aes_key": "short"}, "must be the 43"),
        ({"token": "weixin"}, "must be 16 to 32 letters and digits"),
    ],
)
def test_settings_that_are_wrong_are_refused_by_name(
    wecom: FakeWeCom, change: dict[str, Any], says: str
) -> None:
    settings = {**wecom.settings(), "api_url": "https://qyapi.weixin.qq.com", **change}
    with pytest.raises(InvalidConfigException, match=says):
        WeComInput.from_credentials(settings)
