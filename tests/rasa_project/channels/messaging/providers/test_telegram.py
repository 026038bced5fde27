"""What is Telegram's own."""

from __future__ import annotations

import json
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.shared.exceptions import InvalidConfigException

from rasa_project.channels.messaging.provider import Finding
from rasa_project.channels.messaging.providers.telegram import TelegramInput
from rasa_project.channels.messaging.providers.telegram_updates import read_update
from tests.rasa_project.channels.messaging.media.desk import as_told
from tests.rasa_project.channels.messaging.providers import golden
from tests.rasa_project.channels.messaging.providers.fake_telegram import (
    SECRET,
    TOKEN,
    FakeTelegram,
)
from tests.rasa_project.channels.messaging.serving import bot, channel_of, serve
from tests.rasa_project.channels.messaging.stored import dead, settled

CUSTOMER = "4711"


@pytest.mark.parametrize("case", golden.cases("telegram"), ids=lambda case: str(case["name"]))
def test_an_update_is_read(case: dict[str, Any]) -> None:
    reading = read_update(case["update"], "/greet")
    golden.require(reading, case)


async def test_what_a_chat_says_of_the_customer_is_metadata(
    telegram: FakeTelegram, agent: Agent
) -> None:
    case = golden.cases("telegram")[4]  # a photo with a caption
    async with serve(agent, [telegram]) as server:
        await telegram.happens(case["update"])
        await server.heard("telegram:4711", 1)
        (event,) = await server.events("telegram:4711", "user")
    assert event["text"] == "It is broken!"
    assert event["input_channel"] == "telegram"
    # Rasa adds the names of model and assistant.
    added = {"model_id", "assistant_id"}
    event["metadata"]["attachments"] = [as_told(one) for one in event["metadata"]["attachments"]]
    assert {key: value for key, value in event["metadata"].items() if key not in added} == {
        "message_id": "4711-7",
        "language": "zh",
        "locale": "zh-hans",
        "name": "Ana Lee",
        "attachments": [{"kind": "image", "id": "L", "size": 120000}],
    }


async def test_typing_shows_and_a_pressed_button_stops_waiting(
    telegram: FakeTelegram, agent: Agent
) -> None:
    async with serve(agent, [telegram]):
        await telegram.says(CUSTOMER, "hello")
        await telegram.read(CUSTOMER, 1)
        await telegram.presses(CUSTOMER, "My order")
        await telegram.read(CUSTOMER, 2)
    methods = [one["method"] for one in telegram.courtesies]
    assert methods == ["sendChatAction", "answerCallbackQuery", "sendChatAction"]


async def test_buttons_carry_no_payload(telegram: FakeTelegram, agent: Agent) -> None:
    async with serve(agent, [telegram]):
        await telegram.says(CUSTOMER, "hello")
        await telegram.read(CUSTOMER, 1)
    ((_, content),) = telegram.sent
    rows = content["reply_markup"]["inline_keyboard"]
    assert [[one["text"] for one in row] for row in rows] == [["My order"], ["Something else"]]
    assert "/" not in json.dumps(rows)


async def test_a_button_of_somebody_else_is_none(telegram: FakeTelegram, agent: Agent) -> None:
    async with serve(agent, [telegram]) as server:
        await telegram.says("1", "hello")
        await telegram.read("1", 1)
        data = telegram.sent[0][1]["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        await telegram.happens(telegram.pressed_data(CUSTOMER, data, {}))
        await telegram.says(CUSTOMER, "links")
        assert await server.heard(f"telegram:{CUSTOMER}", 1) == ["links"]


async def test_a_customer_who_blocked_the_bot_gets_nothing_and_holds_up_nothing(
    telegram: FakeTelegram, agent: Agent
) -> None:
    async with serve(agent, [telegram]) as server:
        await telegram.says(CUSTOMER, "order")
        await telegram.read(CUSTOMER, 1)
        telegram.blocked = {CUSTOMER}
        await server.push(f"telegram:{CUSTOMER}", bot("Are you there?", "m-1"))
        await settled()
        telegram.blocked = set()
        await server.push(f"telegram:{CUSTOMER}", bot("Welcome back.", "m-2"))
        await settled()
        assert (await telegram.read(CUSTOMER, 2))[1:] == ["Welcome back."]
    assert dead() == [
        ("Are you there?", "Telegram answered 403: Forbidden: bot was blocked by the user")
    ]


async def test_an_image_that_telegram_cannot_fetch_goes_out_as_a_link(
    telegram: FakeTelegram, agent: Agent
) -> None:
    telegram.unreadable = {"https://shop.example/mug.png"}
    async with serve(agent, [telegram]):
        await telegram.says(CUSTOMER, "picture")
        await telegram.read(CUSTOMER, 2)
    assert [content for _, content in telegram.sent] == [
        {"chat_id": CUSTOMER, "text": "Here it is."},
        {"chat_id": CUSTOMER, "text": "https://shop.example/mug.png"},
    ]


async def test_a_long_answer_comes_in_pieces_that_telegram_takes(
    telegram: FakeTelegram, agent: Agent
) -> None:
    text = "\n\n".join(f"{number}. " + "😀 word " * 300 for number in range(5))
    async with serve(agent, [telegram]) as server:
        await telegram.says(CUSTOMER, "order")
        await server.heard(f"telegram:{CUSTOMER}", 1)
        await server.push(f"telegram:{CUSTOMER}", bot(text, "m-1"))
        texts = await telegram.read(CUSTOMER, 6)
    assert "\n\n".join(texts[1:]) == "\n\n".join(part.strip() for part in text.split("\n\n"))


async def test_a_bots_author_may_call_any_sending_method(
    telegram: FakeTelegram, agent: Agent
) -> None:
    venue = {"method": "sendVenue", "latitude": 1.0, "longitude": 2.0, "title": "Shop"}
    async with serve(agent, [telegram]) as server:
        await telegram.says(CUSTOMER, "order")
        await telegram.read(CUSTOMER, 1)
        event = bot("", "m-1", data={"custom": {"telegram": venue, "slack": {"text": "x"}}})
        await server.push(f"telegram:{CUSTOMER}", event)
        await telegram.read(CUSTOMER, 2)
    assert telegram.sent[1][1] == {
        "latitude": 1.0, "longitude": 2.0, "title": "Shop", "chat_id": CUSTOMER,
    }  # fmt: skip


async def test_check_and_register_speak_with_telegram(telegram: FakeTelegram) -> None:
    provider = channel_of(telegram).provider
    try:
        none_yet = await provider.check()
        await provider.register("https://bot.example/webhooks/telegram/webhook")
        after = await provider.check()
    finally:
        await provider.http.close()
    token = Finding(True, "The token is that of @shop_bot.")
    address = "https://bot.example/webhooks/telegram/webhook"
    assert none_yet == [token, Finding(False, "No webhook is set.")]
    assert after == [token, Finding(True, f"The webhook is {address}.")]
    assert telegram.webhook["secret_token"] == SECRET


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (None, "`access_token` of the Telegram channel is missing."),
        ({"access_token": TOKEN}, "`secret_token` of the Telegram channel is missing."),
        ({"access_token": TOKEN, "secret_token": "short"}, "must be 16 to 256 letters"),
        ({"access_token": TOKEN, "secret_token": SECRET, "verify": "x"}, "is no setting of it"),
        (
            {"access_token": TOKEN, "secret_token": SECRET, "api_url": "http://other.example"},
            "must be an https address",
        ),
    ],
)
def test_settings_that_are_wrong_are_refused_by_name(options: Any, says: str) -> None:
    with pytest.raises(InvalidConfigException, match=says) as refused:
        TelegramInput.from_credentials(options)
    assert TOKEN not in str(refused.value)
