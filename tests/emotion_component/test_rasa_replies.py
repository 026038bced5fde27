from __future__ import annotations

import itertools

import pytest
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    SlotSet,
    UserUtteranceReverted,
)

from emotion_component import language
from emotion_component.rasa_replies import EmpathicReplies
from tests.emotion_component.conversation import domain, emotion, said, tracker
from tests.emotion_component.replies import EN, STATUS, ZH, bot, say


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
    assert choose.pop("acknowledged_so_far")["objected"] is False
    assert choose["text"] == f"{choose.pop('acknowledgement')['text']} Which order?"
    assert {**choose, "text": ""} == {
        "text": "",
        "image": "https://example.org/a.png",
        "buttons": [{"title": "Last", "payload": '/choose{"n": 1}'}],
        "custom": {"kind": "list"},
    }


async def test_a_bots_own_acknowledgement_replaces_all_tones_of_ours() -> None:
    own = bot(
        utter_status=[{"text": "It left."}],
        utter_acknowledge_anger=[{"text": "Our words."}],
    )

    for intensity in (0.2, 0.5, 0.9):
        message = await say(own, "utter_status", [said(emotion("anger", intensity))])
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
