"""Every message to a guest bot gets a stated emotion, filled slots and a reply."""

from __future__ import annotations

import json

import pytest
from rasa.core.agent import Agent
from rasa.nlu.test import get_eval_data
from rasa.shared.importers.importer import TrainingDataImporter

from emotion_component import classifier, labels
from tests.emotion_component.guest import (
    ANGRY_EN,
    ANGRY_ZH,
    GUEST_BOT,
    Chat,
    was_reverted,
)

pytestmark = pytest.mark.slow


async def test_a_parse_shows_the_emotion_and_no_entity(agent: Agent) -> None:
    parsed = await agent.parse_message("thank you so much, you are wonderful!")

    assert parsed["entities"] == []
    assert parsed["emotion"]["name"] in labels.SERVICE_LABELS
    assert set(parsed["emotion"]) == {
        *("name", "confidence", "intensity", "valence", "arousal", "scores", "fine"),
        *("language", "abstained", "model", "trend", "streak", "forecast", "trajectory"),
    }
    assert json.loads(json.dumps(parsed["emotion"])) == parsed["emotion"]
    shipped = classifier.load(device="cpu")
    assert parsed["emotion"]["model"] == shipped.name


async def test_rasa_test_nlu_sees_no_entity(agent: Agent) -> None:
    importer = TrainingDataImporter.load_from_config(
        str(GUEST_BOT / "config.yml"), str(GUEST_BOT / "domain.yml"), [str(GUEST_BOT / "data")]
    )

    intents, _, entities = await get_eval_data(agent.processor, importer.get_nlu_data())

    assert len(intents) == len(importer.get_nlu_data().intent_examples)
    assert [result.entity_predictions for result in entities if result.entity_predictions] == []


@pytest.mark.parametrize(("text", "spoken"), [(ANGRY_EN, "en"), (ANGRY_ZH, "zh")])
async def test_the_slots_hold_this_turns_emotion_at_the_first_prediction(
    chat: Chat, text: str, spoken: str
) -> None:
    await chat.say(text)

    felt = await chat.emotion()
    assert felt["name"] in labels.NEGATIVE
    assert await chat.slots("emotion", "emotion_intensity", "emotion_trend", "language") == [
        felt["name"],
        felt["intensity"],
        felt["trend"],
        spoken,
    ]
    events = [
        (event.type_name, getattr(event, "key", None)) for event in (await chat.tracker()).events
    ]
    first_prediction = events.index(("action", None), events.index(("user", None)))
    assert events.index(("slot", "emotion")) < first_prediction


BAD_INPUT = {
    "empty": "",
    "blank": " \t\n ",
    "10,000 characters": "late " * 2_000,
    "only emoji": "😡😡😡",
    "only a URL": "https://example.org/a?b=c",
    "an attachment": "https://scontent.example.org/v/t34/photo.jpg?oh=1&oe=2",
    "mixed scripts": "我的 order 很慢 очень медленно",
    "control characters": "my\x00 order\x07 \u200b\u202eis late",
    "right to left": "أين طلبي؟ لقد تأخر كثيرا",
    "only digits": "1042",
    "unknown payload": "/nowhere",
    "lone surrogate": "where is \ud83d my order",
}


@pytest.mark.parametrize("text", BAD_INPUT.values(), ids=BAD_INPUT)
async def test_bad_input_gets_a_stated_emotion_and_a_reply(
    chat: Chat, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    replies = await chat.say(text)
    felt = await chat.emotion()

    assert len(replies) >= 1
    assert all(replies)
    assert felt["name"] in labels.SERVICE_LABELS
    assert felt["language"] in ("en", "zh")
    assert not felt["abstained"] or (felt["name"], felt["intensity"]) == ("neutral", 0.0)
    if not await was_reverted(chat):
        assert await chat.slots("emotion", "language") == [felt["name"], felt["language"]]
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


@pytest.mark.parametrize("kind", ["empty", "only a URL", "an attachment", "right to left"])
async def test_what_holds_no_readable_words_is_a_stated_neutral(chat: Chat, kind: str) -> None:
    await chat.say(ANGRY_EN)
    await chat.say(BAD_INPUT[kind])

    felt = await chat.emotion()
    assert (felt["name"], felt["abstained"], felt["streak"]) == ("neutral", True, 1)
    if not await was_reverted(chat):
        assert await chat.slots("emotion", "emotion_intensity") == ["neutral", 0.0]


@pytest.mark.parametrize("payload", ["/opening_hours", '/opening_hours{"a":'])
async def test_a_button_carries_no_emotion_and_not_that_of_the_message_before(
    chat: Chat, payload: str
) -> None:
    await chat.say(ANGRY_ZH)
    assert (await chat.slots("emotion"))[0] in labels.NEGATIVE

    replies = await chat.say(payload)

    assert replies == ["营业时间是九点到五点。"]
    assert await chat.slots("emotion", "emotion_intensity", "language") == ["neutral", 0.0, "zh"]


async def test_a_button_pressed_first_is_answered_in_the_pages_language(chat: Chat) -> None:
    assert await chat.say("/greet", language="zh") == ["您好，请问有什么可以帮您？"]


async def test_a_word_of_english_does_not_switch_a_chinese_conversation(chat: Chat) -> None:
    await chat.say("我的订单到哪了")
    await chat.say("SO1042 ok")
    assert (await chat.emotion())["language"] == "zh"

    await chat.say("could you please answer me in English from now on")
    assert (await chat.emotion())["language"] == "en"


async def test_a_failing_emotion_model_is_logged_once_and_stops_no_reply(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(self: object, texts: object) -> None:
        raise MemoryError("no memory left")

    monkeypatch.setattr(classifier.EmotionModel, "probabilities", fail)

    hours = [await chat.say("when are you open") for _ in range(2)]

    assert hours == [["We are open from nine to five."]] * 2
    felt = await chat.emotion()
    assert (felt["name"], felt["abstained"], felt["language"]) == ("neutral", True, "en")
    logged = [each.getMessage() for each in caplog.records if each.levelname == "ERROR"]
    assert logged == [
        "The emotion model failed; messages are taken as neutral. "
        "Further failures of this process are not logged."
    ]
