from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
import rasa.shared.utils.io
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    SlotSet,
    UserUtteranceReverted,
)
from rasa.utils.endpoints import EndpointConfig

from emotion_component import labels, language
from emotion_component.acknowledgement import PREFIX, STRONG_SUFFIX
from emotion_component.rasa_replies import ACKNOWLEDGEMENTS_FILE, EmpathicReplies
from tests.emotion_component.conversation import domain, emotion, said, tracker

ZH = [{"type": "slot", "name": "language", "value": "zh"}]
EN = [{"type": "slot", "name": "language", "value": "en"}]


def bot(**replies: list[dict[str, Any]]) -> Domain:
    return domain({"intents": ["complain"], "responses": replies})


async def say(
    of: Domain,
    reply: str,
    events: list[Event],
    language: str | None = "en",
    channel: str = "rest",
    **settings: Any,
) -> dict[str, Any] | None:
    endpoint = EndpointConfig(type=f"{EmpathicReplies.__module__}.EmpathicReplies", **settings)
    generator = NaturalLanguageGenerator.create(endpoint, of)
    assert isinstance(generator, EmpathicReplies)
    message: dict[str, Any] | None = await generator.generate(
        reply, tracker(events, of, language), channel, domain_responses=of.responses
    )
    return message


STATUS = bot(
    utter_status=[{"text": "It left on Monday."}, {"text": "已于周一发出。", "condition": ZH}]
)


@pytest.mark.parametrize(
    ("spoken", "text"),
    [("en", "It left on Monday."), ("zh", "已于周一发出。"), (None, "It left on Monday.")],
)
async def test_a_reply_is_in_the_customers_language(spoken: str | None, text: str) -> None:
    assert (await say(STATUS, "utter_status", [said()], spoken)) == pytest.approx(
        {"text": text, **({"condition": ZH} if spoken == "zh" else {})}
    )


async def test_until_the_language_is_known_the_pages_language_is_spoken() -> None:
    opened = [said(None, metadata={"language": "zh"})]

    message = await say(STATUS, "utter_status", opened, None)

    assert message is not None
    assert message["text"] == "已于周一发出。"


async def test_the_language_of_a_message_that_a_fallback_reverted_is_not_forgotten() -> None:
    reverted = [ActionExecuted("action_listen"), said(emotion("neutral", language="zh"))]

    message = await say(STATUS, "utter_status", [*reverted, UserUtteranceReverted()], None)

    assert (message or {})["text"] == "已于周一发出。"


async def test_where_nothing_fits_the_default_language_is_spoken() -> None:
    english_only = bot(utter_status=[{"text": "It left.", "condition": EN}])
    chinese_only = bot(utter_status=[{"text": "已发出。", "condition": ZH}])

    assert (await say(english_only, "utter_status", [said()], "zh") or {})["text"] == "It left."
    assert await say(chinese_only, "utter_status", [said()], "en") is None
    message = await say(chinese_only, "utter_status", [said()], "en", default_language="zh")
    assert (message or {})["text"] == "已发出。"


async def test_a_channels_own_text_does_not_hide_the_customers_language() -> None:
    both = bot(
        utter_status=[
            {"text": "It left.", "channel": "webchat"},
            {"text": "It left (any channel)."},
            {"text": "已发出。", "condition": ZH},
            {"text": "别的渠道。", "condition": ZH, "channel": "slack"},
        ]
    )

    texts = {
        (spoken, channel): (await say(both, "utter_status", [said()], spoken, channel) or {})[
            "text"
        ]
        for spoken in ("en", "zh")
        for channel in ("webchat", "rest", "slack")
    }

    assert texts == {
        ("en", "webchat"): "It left.",
        ("en", "rest"): "It left (any channel).",
        ("en", "slack"): "It left (any channel).",
        ("zh", "webchat"): "已发出。",
        ("zh", "rest"): "已发出。",
        ("zh", "slack"): "别的渠道。",
    }


async def test_an_unknown_reply_is_none() -> None:
    assert await say(STATUS, "utter_nowhere", [said(emotion("anger"))]) is None


async def test_the_same_words_never_come_twice_in_a_row() -> None:
    varied = bot(utter_sorry=[{"text": "First."}, {"text": "Second."}, {"text": "Third."}])
    events: list[Event] = []
    texts: list[str] = []

    for _ in range(12):
        events.append(said())
        message = await say(varied, "utter_sorry", events)
        assert message is not None
        texts.append(message["text"])
        events.append(BotUttered(message["text"], metadata={"utter_action": "utter_sorry"}))

    assert all(first != second for first, second in itertools.pairwise(texts))
    assert set(texts[:3]) == set(texts[3:6]) == {"First.", "Second.", "Third."}


async def test_an_angry_customer_is_acknowledged_in_the_same_bubble() -> None:
    message = await say(STATUS, "utter_status", [said(emotion("anger"))])

    assert message is not None
    opening = message["acknowledgement"]["text"]
    assert message == {
        "text": f"{opening} It left on Monday.",
        "acknowledgement": {"emotion": "anger", "text": opening},
    }
    assert opening in texts_of("utter_acknowledge_anger", "en")


async def test_a_chinese_customer_is_acknowledged_in_chinese() -> None:
    message = await say(STATUS, "utter_status", [said(emotion("anger", 0.9))], "zh")

    assert message is not None
    opening = message["acknowledgement"]["text"]
    assert message["text"] == f"{opening}已于周一发出。"
    assert opening in texts_of("utter_acknowledge_anger_strong", "zh")


async def test_an_acknowledgement_speaks_the_language_of_the_reply_it_opens() -> None:
    english_only = bot(utter_status=[{"text": "It left."}])

    message = await say(english_only, "utter_status", [said(emotion("anger"))], "zh")

    assert message is not None
    assert message["acknowledgement"]["text"] in texts_of("utter_acknowledge_anger", "en")


async def test_acknowledgements_take_turns_over_a_conversation() -> None:
    events: list[Event] = []
    openings: list[str] = []

    for _ in range(3):
        events.append(said(emotion("anger")))
        message = await say(STATUS, "utter_status", events)
        assert message is not None
        openings.append(message["acknowledgement"]["text"])
        events.append(BotUttered(message["text"], metadata=message))

    assert sorted(openings) == sorted(texts_of("utter_acknowledge_anger", "en"))


async def test_buttons_images_and_custom_payloads_pass_through() -> None:
    rich = bot(
        utter_choose=[
            {
                "text": "Which {what}?",
                "image": "https://example.org/a.png",
                "buttons": [{"title": "Last", "payload": '/choose{{"n": 1}}'}],
                "custom": {"kind": "list"},
            }
        ],
        utter_picture=[{"image": "https://example.org/a.png"}],
    )
    conversation = tracker([said(emotion("anger"))], rich)
    generator = EmpathicReplies(None, rich)

    picture = await generator.generate("utter_picture", conversation, "rest")
    choose = await generator.generate("utter_choose", conversation, "rest", what="order")

    assert picture == {"image": "https://example.org/a.png"}
    assert choose is not None
    assert choose["text"] == f"{choose.pop('acknowledgement')['text']} Which order?"
    assert {**choose, "text": ""} == {
        "text": "",
        "image": "https://example.org/a.png",
        "buttons": [{"title": "Last", "payload": '/choose{"n": 1}'}],
        "custom": {"kind": "list"},
    }


async def test_a_bots_own_acknowledgement_replaces_both_tones_of_ours() -> None:
    own = bot(
        utter_status=[{"text": "It left."}],
        utter_acknowledge_anger=[{"text": "Our words."}],
    )

    message = await say(own, "utter_status", [said(emotion("anger", 0.9))])

    assert (message or {})["text"] == "Our words. It left."


async def test_the_handoff_notice_comes_without_an_acknowledgement() -> None:
    events = [said(emotion("anger", 0.9)), SlotSet("handoff_state", "queued")]

    message = await say(domain(), "utter_handoff", events, "zh")

    assert message is not None
    assert "acknowledgement" not in message
    assert language.detect(message["text"]) == "zh"


async def test_the_domains_replies_are_left_as_they_are() -> None:
    before = domain().as_dict()
    of = domain()
    await say(of, "utter_handoff", [said(emotion("anger"))])

    assert of.as_dict() == before


def texts_of(name: str, spoken: str) -> list[str]:
    variations = rasa.shared.utils.io.read_yaml_file(ACKNOWLEDGEMENTS_FILE)["responses"][name]
    return [each["text"] for each in variations if each["condition"][0]["value"] == spoken]


def all_names() -> list[str]:
    return list(rasa.shared.utils.io.read_yaml_file(ACKNOWLEDGEMENTS_FILE)["responses"])


def test_every_acknowledgement_names_a_known_emotion() -> None:
    emotions = {name.removeprefix(PREFIX).removesuffix(STRONG_SUFFIX) for name in all_names()}

    assert emotions == set(labels.SERVICE_LABELS) - {"neutral", "surprise"}


@pytest.mark.parametrize("name", all_names())
@pytest.mark.parametrize("spoken", ["en", "zh"])
def test_every_acknowledgement_has_three_wordings_in_each_language(name: str, spoken: str) -> None:
    texts = texts_of(name, spoken)

    assert len(set(texts)) >= 3
    assert {language.detect(text) for text in texts} == {spoken}


CLAIMED_FEELING = re.compile(
    r"I (?:understand|know|feel|see) how|how you feel|理解您|感同身受|我懂"
)
PROMISE = re.compile(r"\b(?:I'll|I will|we'll|we will|promise|guarantee)\b|保证|一定会|马上|立刻")
APOLOGY = re.compile(r"\bsorry\b|抱歉|对不起|不好意思")
SOMETHING_WENT_WRONG = ("anger", "frustration", "disappointment", "sadness")


@pytest.mark.parametrize("name", all_names())
def test_no_acknowledgement_claims_a_feeling_promises_or_apologises_for_nothing(name: str) -> None:
    texts = [*texts_of(name, "en"), *texts_of(name, "zh")]
    wronged = any(emotion in name for emotion in SOMETHING_WENT_WRONG)

    assert [text for text in texts if CLAIMED_FEELING.search(text)] == []
    assert [text for text in texts if PROMISE.search(text)] == []
    assert wronged or [text for text in texts if APOLOGY.search(text)] == []
