"""What is DingTalk's own."""

from __future__ import annotations

import time
from typing import Any

import pytest
from rasa.core.agent import Agent

from rasa_project.channels.messaging.provider import Finding
from rasa_project.channels.messaging.providers.dingtalk import DingTalkInput
from rasa_project.channels.messaging.providers.dingtalk_messages import read_message
from tests.rasa_project.channels.messaging.providers import golden
from tests.rasa_project.channels.messaging.providers.fake_dingtalk import (
    CLIENT_ID,
    FakeDingTalk,
    signed,
)
from tests.rasa_project.channels.messaging.serving import bot, channel_of, serve
from tests.rasa_project.channels.messaging.stored import dead, settled

CUSTOMER = "user123"
ON_ITS_WAY = "Your order is on its way."


@pytest.mark.parametrize("case", golden.cases("dingtalk"), ids=lambda case: str(case["name"]))
def test_a_message_is_read(case: dict[str, Any]) -> None:
    reading = read_message(case["event"], CLIENT_ID)
    golden.require(reading, case)


async def test_an_old_request_is_refused(dingtalk: FakeDingTalk, agent: Agent) -> None:
    body = dingtalk.delivery(dingtalk.written(CUSTOMER, "order")).body
    async with serve(agent, [dingtalk]):
        assert (await dingtalk.post(body, signed(time.time() - 400)))[0] == 401
        assert (await dingtalk.post(b"no json", signed()))[0] == 400
        assert await dingtalk.post(body, signed()) == (200, "{}")


@pytest.mark.parametrize("how", ["short", "ended"])
async def test_after_the_session_a_colleague_is_written_to_by_the_robot(
    dingtalk: FakeDingTalk, agent: Agent, how: str
) -> None:
    async with serve(agent, [dingtalk]) as server:
        await dingtalk.says(CUSTOMER, "order")
        await dingtalk.read(CUSTOMER, 1)
        dingtalk.ended = how == "ended"
        if how == "short":
            dingtalk.session_seconds = 30
            await dingtalk.says(CUSTOMER, "order")
            await dingtalk.read(CUSTOMER, 2)
        await server.push(f"dingtalk:{CUSTOMER}", bot("Li here.", "m-1"))
        count = 3 if how == "short" else 2
        assert (await dingtalk.read(CUSTOMER, count))[-1] == "Li here."
        dingtalk.access_token = ""
        buttons = [{"title": "Yes", "payload": "/order"}, {"title": "No, thanks", "payload": "/x"}]
        asked = bot("Good?", "m-2", data={"buttons": buttons})
        await server.push(f"dingtalk:{CUSTOMER}", asked)
        await dingtalk.read(CUSTOMER, count + 1)
    assert dingtalk.ways[0] == "session" and set(dingtalk.ways[1:]) == {"robot"}
    assert dingtalk.tokens_asked == 2
    press = "dtmd://dingtalkclient/sendMessage?content="
    assert dingtalk.sent[-1][1] == {
        "key": "sampleActionCard2", "title": "Good?", "text": "Good?",
        "actionTitle1": "Yes", "actionURL1": f"{press}Yes",
        "actionTitle2": "No, thanks", "actionURL2": f"{press}No%2C%20thanks",
    }  # fmt: skip


async def test_somebody_outside_cannot_be_written_to_after_the_session(
    dingtalk: FakeDingTalk, agent: Agent
) -> None:
    dingtalk.strangers = {CUSTOMER}
    async with serve(agent, [dingtalk]) as server:
        await dingtalk.says(CUSTOMER, "order")
        await dingtalk.read(CUSTOMER, 1)
        dingtalk.ended = True
        await server.push(f"dingtalk:{CUSTOMER}", bot("Are you there?", "m-1"))
        await settled()
    ((text, why),) = dead()
    assert text == "Are you there?" and "They have to write first." in why


async def test_an_address_that_is_not_dingtalks_is_never_called(
    dingtalk: FakeDingTalk, agent: Agent
) -> None:
    async with serve(agent, [dingtalk]):
        for address in ("http://127.0.0.1:9/", dingtalk.url.replace("127.0.0.1", "localhost"),
                        dingtalk.url + "@127.0.0.1:9/", "file:///etc/passwd", ""):  # fmt: skip
            await dingtalk.happens(
                {**dingtalk.written(CUSTOMER, "order"), "sessionWebhook": address}
            )
        await dingtalk.read(CUSTOMER, 5)
    assert dingtalk.ways == ["robot"] * 5


async def test_what_looks_like_markdown_on_a_card_stays_as_it_is(
    dingtalk: FakeDingTalk, agent: Agent
) -> None:
    buttons = [{"title": "Yes", "payload": "/order"}]
    text = "*New*: [10%](https://evil.example)\n# 1_000"
    async with serve(agent, [dingtalk]) as server:
        await dingtalk.says(CUSTOMER, "order")
        await dingtalk.read(CUSTOMER, 1)
        asked = bot(text, "m-1", data={"buttons": buttons})
        await server.push(f"dingtalk:{CUSTOMER}", asked)
        await dingtalk.read(CUSTOMER, 2)
    card = dingtalk.sent[1][1]["actionCard"]
    assert card["text"] == r"\*New\*: \[10%\](https://evil.example)" + "  \n" + r"\# 1\_000"


async def test_check_says_whether_the_credentials_work(dingtalk: FakeDingTalk) -> None:
    good = channel_of(dingtalk).provider
    bad = DingTalkInput({**dingtalk.settings(), "client_secret": "x"}).provider
    try:
        fine, wrong = await good.check(), await bad.check()
    finally:
        await good.http.close()
        await bad.http.close()
    assert fine[0] == Finding(True, "Client ID and Client Secret are right.")
    says = "DingTalk answered invalidClientIdOrSecret: 无效的clientId或者clientSecret"
    assert wrong == [Finding(False, says)]
