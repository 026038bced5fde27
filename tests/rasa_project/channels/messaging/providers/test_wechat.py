"""What is WeChat's own."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.shared.exceptions import InvalidConfigException

from rasa_project.channels.messaging.provider import Finding
from rasa_project.channels.messaging.providers import tencent
from rasa_project.channels.messaging.providers.wechat import WeChatInput
from rasa_project.channels.messaging.providers.wechat_messages import read_message
from tests.rasa_project.channels.messaging.providers import golden
from tests.rasa_project.channels.messaging.providers.fake_tencent import (
    AES_KEY,
    CALLBACK_TOKEN,
    encrypt,
    sha1,
    signed,
    xml,
)
from tests.rasa_project.channels.messaging.providers.fake_wechat import APP_ID, FakeWeChat
from tests.rasa_project.channels.messaging.serving import bot, channel_of, serve
from tests.rasa_project.channels.messaging.stored import dead, settled

CUSTOMER = "oAna"
ON_ITS_WAY = "Your order is on its way."


@pytest.mark.parametrize("case", golden.cases("wechat"), ids=lambda case: str(case["name"]))
def test_a_message_is_read(case: dict[str, Any]) -> None:
    message = tencent.fields(case["xml"].encode())
    reading = read_message(message, "/greet", {"MY_ORDER": "/order"})
    golden.require(reading, case)


async def test_the_address_is_checked_when_it_is_entered(wechat: FakeWeChat, agent: Agent) -> None:
    now = str(int(time.time()))
    good = {"timestamp": now, "nonce": "n", "echostr": "<b>4711</b>",
            "signature": sha1(CALLBACK_TOKEN, now, "n")}  # fmt: skip
    old = {**good, "timestamp": "1700000000", "signature": sha1(CALLBACK_TOKEN, "1700000000", "n")}
    async with serve(agent, [wechat]):
        assert await wechat.greet(good) == (200, "<b>4711</b>")
        for wrong in ({}, {**good, "signature": "x"}, {**good, "nonce": "m"}, old):
            assert (await wechat.greet(wrong))[0] == 401


async def test_callbacks_that_are_plain_old_damaged_or_for_others_are_refused(
    wechat: FakeWeChat, agent: Agent
) -> None:
    event = wechat.written(CUSTOMER, "order")
    good = wechat.delivery(event)
    encrypted = encrypt(xml(event), APP_ID)
    sealed = xml({"Encrypt": encrypted})
    other = wechat.sealed(xml(event), receiver="wx-somebody-else")
    short = encrypted[:24]
    async with serve(agent, [wechat]) as server:
        for body, query, status in [
            (xml(event), good.headers, 401),  # as in plain mode
            (sealed, good.headers, 401),  # the signature of another message
            (sealed, signed(encrypted, time.time() - 3600), 401),
            (other.body, other.headers, 401),
            (xml({"Encrypt": short}), signed(short), 400),
            (xml({"Encrypt": "ü"}), signed("ü"), 400),
            (b"no xml", good.headers, 400),
            (b"<xml>" * 100_000, good.headers, 400),
            (wechat.sealed(b"no xml").body, wechat.sealed(b"no xml").headers, 401),
        ]:
            assert (await wechat.post(body, query))[0] == status
        for content in (b"no xml", xml({"MsgType": "text"}), xml({**event, "MsgId": "x"})):
            broken = wechat.sealed(content)
            assert (await wechat.post(broken.body, broken.headers))[0] == 400
        assert await server.events(f"wechat:{CUSTOMER}", "user") == []


async def test_xml_that_blows_up_or_names_files_is_refused(
    wechat: FakeWeChat, agent: Agent
) -> None:
    laughs = "".join(f'<!ENTITY l{number} "{f"&l{number - 1};" * 10}">' for number in range(1, 10))
    bomb = f'<!DOCTYPE x [<!ENTITY l0 "lol">{laughs}]><xml><Encrypt>&l9;</Encrypt></xml>'
    file = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml><Content>&f;</Content></xml>'
    async with serve(agent, [wechat]):
        for hostile in (bomb.encode(), file.encode()):
            sealed = wechat.sealed(hostile)
            for body, query in ((hostile, signed("")), (sealed.body, sealed.headers)):
                status, text = await wechat.post(body, query)
                assert (status, json.loads(text)) == (
                    400, {"error": "The content is no XML of the documented form."},
                )  # fmt: skip


async def test_a_message_is_answered_success_at_once(wechat: FakeWeChat, agent: Agent) -> None:
    delivery = wechat.delivery(wechat.written(CUSTOMER, "order"))
    async with serve(agent, [wechat]):
        assert await wechat.post(delivery.body, delivery.headers) == (200, "success")
        assert await wechat.read(CUSTOMER, 1) == [ON_ITS_WAY]


async def test_a_follower_is_greeted_and_the_menu_is_heard(
    wechat: FakeWeChat, agent: Agent
) -> None:
    async with serve(agent, [wechat]) as server:
        wechat.times = 3
        await wechat.happens(wechat.happened(CUSTOMER, "subscribe", "qrscene_spring"))
        await wechat.read(CUSTOMER, 1)
        await wechat.happens(wechat.happened(CUSTOMER, "CLICK", "MY_ORDER"))
        await wechat.read(CUSTOMER, 2)
        heard = await server.heard(f"wechat:{CUSTOMER}", 2)
        (first, _) = await server.events(f"wechat:{CUSTOMER}", "user")
    assert heard == ["/greet", "/order"]
    assert first["metadata"]["start"] == "spring"
    assert wechat.courtesies == [{"touser": CUSTOMER, "command": "Typing"}] * 2


async def test_buttons_are_a_menu_message_with_numbers(wechat: FakeWeChat, agent: Agent) -> None:
    async with serve(agent, [wechat]):
        await wechat.says(CUSTOMER, "hello")
        await wechat.read(CUSTOMER, 1)
    ((_, content),) = wechat.sent
    entries = content["msgmenu"].pop("list")
    assert content == {
        "touser": CUSTOMER,
        "msgtype": "msgmenu",
        "msgmenu": {"head_content": "Hello\n\nWhat is it about?", "tail_content": ""},
    }
    assert [entry["content"] for entry in entries] == ["My order", "Something else"]
    assert all(entry["id"].isdigit() for entry in entries)


async def test_an_image_is_an_article_and_words_stay_as_they_are(
    wechat: FakeWeChat, agent: Agent
) -> None:
    async with serve(agent, [wechat]) as server:
        await wechat.says(CUSTOMER, "picture")
        await wechat.read(CUSTOMER, 2)
        await server.push(f"wechat:{CUSTOMER}", bot("您的包裹 📦 <今天> 到", "m-1"))
        custom = {"wechat": {"msgtype": "image", "image": {"media_id": "M1"}}}
        await server.push(f"wechat:{CUSTOMER}", bot("", "m-2", data={"custom": custom}))
        await wechat.read(CUSTOMER, 4)
    url = "https://shop.example/mug.png"
    article = {"title": "mug.png", "description": "", "url": url, "picurl": url}
    assert [content for _, content in wechat.sent][1:] == [
        {"touser": CUSTOMER, "msgtype": "news", "news": {"articles": [article]}},
        {"touser": CUSTOMER, "msgtype": "text", "text": {"content": "您的包裹 📦 <今天> 到"}},
        {"touser": CUSTOMER, "msgtype": "image", "image": {"media_id": "M1"}},
    ]


async def test_a_long_chinese_answer_comes_in_pieces_of_2048_bytes(
    wechat: FakeWeChat, agent: Agent
) -> None:
    text = "很抱歉让您久等了，我们马上处理。" * 200
    async with serve(agent, [wechat]) as server:
        await wechat.says(CUSTOMER, "order")
        await wechat.read(CUSTOMER, 1)
        await server.push(f"wechat:{CUSTOMER}", bot(text, "m-1"))
        texts = await wechat.read(CUSTOMER, 6)
    assert "".join(texts[1:]) == text


async def test_a_token_is_kept_and_fetched_again_when_it_is_refused(
    wechat: FakeWeChat, agent: Agent
) -> None:
    async with serve(agent, [wechat]) as server:
        await wechat.says(CUSTOMER, "order")
        await wechat.read(CUSTOMER, 1)
        await server.push(f"wechat:{CUSTOMER}", bot("one", "m-1"))
        await wechat.read(CUSTOMER, 2)
        assert wechat.tokens_asked == [False]
        wechat.access_token = ""  # it ended early
        await server.push(f"wechat:{CUSTOMER}", bot("two", "m-2"))
        await wechat.read(CUSTOMER, 3)
        assert wechat.tokens_asked == [False, False]
        wechat.stuck, wechat.access_token = wechat.access_token, "another"
        await server.push(f"wechat:{CUSTOMER}", bot("three", "m-3"))
        assert await wechat.read(CUSTOMER, 4) == [ON_ITS_WAY, "one", "two", "three"]
    assert wechat.tokens_asked == [False, False, False, True]


async def test_what_wechat_refuses_for_good_is_given_up_with_its_words(
    wechat: FakeWeChat, agent: Agent
) -> None:
    async with serve(agent, [wechat]) as server:
        await wechat.says(CUSTOMER, "order")
        await wechat.read(CUSTOMER, 1)
        wechat.closed = {CUSTOMER}
        await server.push(f"wechat:{CUSTOMER}", bot("Are you there?", "m-1"))
        await settled()
    words = "response out of time limit or subscription is canceled"
    assert dead() == [("Are you there?", f"WeChat answered 45015: {words}")]


async def test_what_exceeds_the_quota_waits_until_the_customer_writes_again(
    wechat: FakeWeChat, agent: Agent
) -> None:
    wechat.quota = 2
    async with serve(agent, [wechat]) as server:
        await wechat.says(CUSTOMER, "order")
        await wechat.read(CUSTOMER, 1)
        for number in range(3):
            await server.push(f"wechat:{CUSTOMER}", bot(f"{number}", f"m-{number}"))
        assert await wechat.read(CUSTOMER, 2) == [ON_ITS_WAY, "0"]
        wechat.quota = 5
        assert await wechat.read(CUSTOMER, 4) == [ON_ITS_WAY, "0", "1", "2"]


async def test_an_agent_may_write_for_48_hours_after_the_customer(
    wechat: FakeWeChat, agent: Agent
) -> None:
    event = {**wechat.written(CUSTOMER, "order"), "CreateTime": int(time.time()) - 49 * 3600}
    async with serve(agent, [wechat]) as server:
        await wechat.happens(event)
        await server.heard(f"wechat:{CUSTOMER}", 1)
        status, text = await server.push(f"wechat:{CUSTOMER}", bot("Li here.", "m-1"))
    assert status == 500
    assert "WeChat allows messages only within 48 hours of the customer's last one" in text


async def test_who_only_followed_may_be_written_to_for_a_minute(
    wechat: FakeWeChat, agent: Agent
) -> None:
    event = wechat.happened(CUSTOMER, "subscribe")
    async with serve(agent, [wechat]) as server:
        await wechat.happens(event)
        await wechat.read(CUSTOMER, 1)
        assert (await server.push(f"wechat:{CUSTOMER}", bot("Li here.", "m-1")))[0] == 200
        late = {**event, "FromUserName": "oLi", "CreateTime": event["CreateTime"] - 61}
        await wechat.happens(late)
        await server.heard("wechat:oLi", 1)
        assert (await server.push("wechat:oLi", bot("Li here.", "m-1")))[0] == 500
        await settled()
    assert wechat.texts("oLi") == []


async def test_check_says_whether_the_credentials_work(wechat: FakeWeChat) -> None:
    good, bad = channel_of(wechat).provider, WeChatInput({**wechat.settings(), "app_secret": "x"})
    try:
        fine, wrong = await good.check(), await bad.provider.check()
    finally:
        await good.http.close()
        await bad.provider.http.close()
    assert fine == [
        Finding(True, "AppID and AppSecret are right, and this machine's address is allowed."),
        Finding(None, "Whether the server configuration is enabled only its page tells."),
    ]
    assert wrong == [Finding(False, "WeChat answered 40125: invalid appsecret")]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"encoding_aes_key": "short"}, "`encoding_aes_key` of the WeChat channel must be the 43"),
        ({"encoding_aes_key": f"{AES_KEY[:-1]}!"}, "must be the 43"),
        ({"token": "weixin"}, "must be 16 to 32 letters and digits"),
        ({"app_id": None}, "`app_id` of the WeChat channel is empty"),
    ],
)
def test_settings_that_are_wrong_are_refused_by_name(
    wechat: FakeWeChat, change: dict[str, Any], says: str
) -> None:
    settings = {**wechat.settings(), "api_url": "https://api.weixin.qq.com", **change}
    with pytest.raises(InvalidConfigException, match=says):
        WeChatInput.from_credentials(settings)
