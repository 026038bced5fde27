from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.core.events import BotUttered, Event, SlotSet, UserUttered

from emotion_component.acknowledgement.memory import recall
from emotion_component.acknowledgement.occasion import Acknowledger, Occasion
from emotion_component.errors import ConfigurationError
from tests.emotion_component.conversation import emotion, said, tracker

KNOWN = [
    "utter_acknowledge_anger",
    "utter_acknowledge_anger_strong",
    "utter_acknowledge_frustration",
    "utter_acknowledge_gratitude",
    "utter_acknowledge_joy",
    "utter_acknowledge_worry",
    "utter_acknowledge_cause_late",
]
STATUS = "utter_order_status"
LEFT = "It left on Monday."


def ask(
    chooser: Acknowledger, events: list[Event], reply: str = STATUS, text: str | None = LEFT
) -> Occasion | None:
    return chooser.due(reply, text, tracker(events), recall(events), KNOWN)


def due(
    events: list[Event], reply: str = STATUS, text: str | None = LEFT, **settings: Any
) -> Occasion | None:
    return ask(Acknowledger.from_settings(settings), events, reply, text)


def wrote(text: str, felt: dict[str, Any] | None, intent: str = "complain") -> UserUttered:
    """A customer's message with words of its own."""
    parsed: dict[str, Any] = {
        "text": text,
        "intent": {"name": intent},
        "entities": [],
        "emotion": felt,
    }
    return UserUttered(text, parsed["intent"], [], parsed)


def opened(felt: str, intensity: float = 0.5) -> BotUttered:
    """A reply that opened with an acknowledgement."""
    noted = {"emotion": felt, "intensity": intensity, "text": "That's so."}
    return BotUttered(f"That's so. {LEFT}", metadata={"acknowledgement": noted})


def test_what_is_hardly_felt_is_not_acknowledged() -> None:
    assert due([said(emotion("anger", intensity=0.19))]) is None
    assert due([said(emotion("anger", intensity=0.2))]) is not None


def test_anger_is_acknowledged_on_the_first_reply() -> None:
    assert due([said(emotion("anger"))]) == Occasion(
        "anger", 0.5, False, ("utter_acknowledge_anger",)
    )


def test_a_strong_terse_complaint_about_a_cause_is_known_as_such() -> None:
    assert due([wrote("late again", emotion("anger", 0.8), "late")]) == Occasion(
        "anger", 0.8, True, ("utter_acknowledge_cause_late", "utter_acknowledge_anger_strong")
    )


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
        [wrote("stop apologising", emotion("anger", 0.9))],
        [wrote("少来这套", emotion("anger")), BotUttered("…"), said(emotion("anger"))],
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
        "the customer objects",
        "the customer objected before",
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
    assert due([said(emotion("joy"))], acknowledge=["joy"]) is not None


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


def test_the_same_complaint_is_not_acknowledged_again_for_three_messages() -> None:
    events: list[Event] = [said(emotion("anger")), opened("anger")]
    again = []

    for felt in ("anger", "frustration", "anger", "frustration"):
        events.append(said(emotion(felt)))
        again.append(due(events) is not None)
        events.append(BotUttered(LEFT))

    assert again == [False, False, False, True]


def test_a_complaint_that_grows_stronger_and_another_emotion_are_acknowledged_at_once() -> None:
    before: list[Event] = [said(emotion("anger")), opened("anger", 0.5)]

    def now(felt: str, intensity: float) -> bool:
        return due([*before, said(emotion(felt, intensity))]) is not None

    assert now("anger", 0.59) is False
    assert now("anger", 0.6) is True
    assert now("frustration", 0.9) is True
    assert now("worry", 0.5) is True


def test_thanks_is_met_once_and_not_the_second_time_in_a_row() -> None:
    thanks = said(emotion("gratitude"))
    courtesy = BotUttered("You're welcome. Is there anything else?")
    asked = [said(emotion("neutral")), BotUttered(LEFT)]

    assert due([*asked, thanks]) is not None
    assert due([thanks, BotUttered(LEFT), said(emotion("gratitude"))]) is None
    assert due([said(None), courtesy, said(emotion("gratitude"))]) is None
    assert due([said(None), BotUttered("不客气，还有别的事吗？"), thanks]) is None
    assert due([thanks, courtesy, *asked, said(emotion("gratitude"))]) is not None


@pytest.mark.parametrize("felt", ["joy", "gratitude"])
def test_nobody_is_cheered_for_trouble_or_on_a_guess(felt: str) -> None:
    unsure = {**emotion(felt), "confidence": 0.69}

    assert due([said(emotion(felt), "late")]) is None
    assert due([said(unsure)]) is None
    assert due([said({**unsure, "confidence": 0.7})]) is not None
    assert due([said({**emotion("anger"), "confidence": 0.4})]) is not None


def test_several_replies_of_one_action_get_one_acknowledgement() -> None:
    chooser = Acknowledger.from_settings({})
    events: list[Event] = [said(emotion("anger"))]

    answers = [ask(chooser, events, "utter_a", "One.") is not None for _ in range(3)]

    assert answers == [True, False, False]


def test_a_plain_first_reply_uses_up_the_turn() -> None:
    chooser = Acknowledger.from_settings({})
    events: list[Event] = [said(emotion("anger"))]

    assert ask(chooser, events, "utter_greet", "Hello!") is None
    assert ask(chooser, events, "utter_a", "One.") is None


def test_a_picture_leaves_the_acknowledgement_to_the_words_after_it() -> None:
    chooser = Acknowledger.from_settings({})
    events: list[Event] = [said(emotion("anger"))]

    assert ask(chooser, events, "utter_picture", None) is None
    assert ask(chooser, events, "utter_a", "One.") is not None


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
