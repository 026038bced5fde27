from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.core.events import BotUttered, Event, SlotSet

from emotion_component import acknowledgement
from emotion_component.acknowledgement import Acknowledger
from emotion_component.errors import ConfigurationError
from tests.emotion_component.conversation import emotion, said, tracker

KNOWN = [
    "utter_acknowledge_anger",
    "utter_acknowledge_anger_strong",
    "utter_acknowledge_joy",
    "utter_acknowledge_worry",
]


def due(
    events: list[Event],
    reply: str = "utter_order_status",
    text: str | None = "It left on Monday.",
    **settings: Any,
) -> tuple[str, str] | None:
    return Acknowledger.from_settings(settings).due(reply, text, tracker(events), KNOWN)


def test_anger_is_acknowledged_on_the_first_reply() -> None:
    assert due([said(emotion("anger"))]) == ("anger", "utter_acknowledge_anger")


def test_strong_anger_is_acknowledged_in_a_stronger_tone() -> None:
    assert due([said(emotion("anger", 0.6))]) == ("anger", "utter_acknowledge_anger_strong")


def test_an_emotion_with_one_tone_keeps_it_however_strong() -> None:
    assert due([said(emotion("worry", 0.9))]) == ("worry", "utter_acknowledge_worry")


@pytest.mark.parametrize(
    "events",
    [
        [],
        [said(None)],
        [said(emotion("neutral"))],
        [said(emotion("surprise"))],
        [said(emotion("anger", abstained=True))],
        [said(emotion("anger")), BotUttered("It left on Monday.")],
        [SlotSet("handoff_state", "queued"), said(emotion("anger"))],
        [said(emotion("anger")), BotUttered("…"), said(emotion("neutral"))],
    ],
    ids=[
        "no message yet",
        "a button",
        "neutral",
        "no words for it",
        "abstained",
        "the bot has spoken on this turn",
        "a human has it",
        "last turn's emotion",
    ],
)
def test_none_is_due(events: list[Event]) -> None:
    assert due(events) is None


@pytest.mark.parametrize(
    "reply", ["utter_greet", "utter_goodbye", "utter_handoff", "utter_welcome", "utter_default"]
)
def test_none_is_due_before_a_courtesy_or_a_handoff(reply: str) -> None:
    assert due([said(emotion("anger"))], reply=reply) is None


def test_an_author_can_keep_more_replies_plain_and_acknowledge_fewer_emotions() -> None:
    angry = [said(emotion("anger"))]

    assert due(angry, reply="utter_faq_returns", plain_replies=["utter_faq*"]) is None
    assert due(angry, acknowledge=["joy"]) is None
    assert due([said(emotion("joy"))], acknowledge=["joy"]) == ("joy", "utter_acknowledge_joy")


@pytest.mark.parametrize(
    ("felt", "text"),
    [
        ("anger", "Sorry, that order is not in our system."),
        ("anger", "很抱歉，没有找到这个订单。"),
        ("joy", "Glad that it works!"),
        ("joy", "不客气。"),
        ("joy", "I couldn't find that order."),
        ("joy", "没有找到这个订单。"),
    ],
)
def test_none_is_due_where_the_reply_says_it_or_would_make_it_false(felt: str, text: str) -> None:
    assert due([said(emotion(felt))], text=text) is None


def test_several_replies_of_one_action_get_one_acknowledgement() -> None:
    chooser = Acknowledger.from_settings({})
    conversation = tracker([said(emotion("anger"))])

    answers = [chooser.due("utter_a", "One.", conversation, KNOWN) for _ in range(3)]

    assert answers == [("anger", "utter_acknowledge_anger"), None, None]


def test_a_plain_first_reply_uses_up_the_turn() -> None:
    chooser = Acknowledger.from_settings({})
    conversation = tracker([said(emotion("anger"))])

    assert chooser.due("utter_greet", "Hello!", conversation, KNOWN) is None
    assert chooser.due("utter_a", "One.", conversation, KNOWN) is None


def test_a_picture_leaves_the_acknowledgement_to_the_words_after_it() -> None:
    chooser = Acknowledger.from_settings({})
    conversation = tracker([said(emotion("anger"))])

    assert chooser.due("utter_picture", None, conversation, KNOWN) is None
    assert chooser.due("utter_a", "One.", conversation, KNOWN) == (
        "anger",
        "utter_acknowledge_anger",
    )


def test_words_are_joined_as_the_language_joins_sentences_and_can_be_taken_off_again() -> None:
    english = acknowledgement.open_with({"text": "It left."}, "anger", "That is a fair complaint.")
    chinese = acknowledgement.open_with({"text": "已发出。"}, "anger", "您说得对。")

    assert english == {
        "text": "That is a fair complaint. It left.",
        "acknowledgement": {"emotion": "anger", "text": "That is a fair complaint."},
    }
    assert chinese["text"] == "您说得对。已发出。"
    for opened, rest in ((english, "It left."), (chinese, "已发出。")):
        message = BotUttered(opened["text"], metadata=opened)
        assert acknowledgement.words_after_opening(message) == rest
        assert acknowledgement.opening_of(message) == opened["acknowledgement"]["text"]


def test_a_message_without_an_acknowledgement_is_all_its_own_words() -> None:
    assert acknowledgement.opening_of(BotUttered("It left.")) is None
    assert acknowledgement.words_after_opening(BotUttered("It left.")) == "It left."
    assert acknowledgement.words_after_opening(BotUttered(None)) == ""


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"acknowledge": "anger"}, "`acknowledge` must be a list of names"),
        ({"acknowledge": ["rage"]}, "`acknowledge` must list emotions out of neutral, joy"),
        ({"plain_replies": [1]}, "`plain_replies` must be a list of names"),
    ],
)
def test_a_wrong_setting_says_what_and_where(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Acknowledger.from_settings(settings)

    assert str(caught.value).startswith(message)
    assert str(caught.value).endswith("Set it in endpoints.yml under nlg.")
