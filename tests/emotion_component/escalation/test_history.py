from __future__ import annotations

import pytest
from rasa.shared.core.events import Event, Restarted, SessionStarted, SlotSet, UserUttered

from emotion_component import trajectory
from emotion_component.escalation import Settings, Turn
from emotion_component.escalation.history import answer_to_offer, plain_words, read_turns
from tests.emotion_component.escalation.talk import felt, turn

OFFER = turn("neutral", "complain", "utter_offer_human")


def test_a_turn_has_its_words_what_it_named_and_what_the_bot_did() -> None:
    settings = Settings(own_offers={"offer": ("human",)}, own_questions={"offer": ("refund",)})
    events = [
        *turn("anger", "late", "utter_x", entities={"order": "A1", "emotion": "anger"}),
        *turn("neutral", "refund", "action_refund", slots={"offer": "refund"}),
        *turn("neutral", "complain", "action_complaint", slots={"offer": "human"}),
        *OFFER,
    ]

    assert read_turns(events, settings) == [
        Turn(felt("anger"), "late", ("utter_x",), "…", frozenset({("order", "A1")})),
        Turn(felt("neutral"), "refund", ("action_refund",), "…", asked=True),
        Turn(felt("neutral"), "complain", ("action_complaint",), "…", offered=True),
        Turn(felt("neutral"), "complain", ("utter_offer_human",), "…", offered=True),
    ]


@pytest.mark.parametrize(
    "boundary", [Restarted(), SessionStarted(), SlotSet("handoff_state", "bot")]
)
def test_nothing_is_read_from_before_a_new_start(boundary: Event) -> None:
    assert len(read_turns([*OFFER, boundary, *OFFER], Settings())) == 1


def test_no_more_is_read_than_the_newest_turns() -> None:
    many = [event for _ in range(100) for event in OFFER]

    assert len(read_turns(many, Settings())) == trajectory.LOOK_BACK_TURNS


def test_messages_without_text_or_intent_are_read_too() -> None:
    bare = UserUttered(None, None, None, None)

    assert read_turns([bare], Settings()) == [Turn()]


@pytest.mark.parametrize(
    ("intent", "text", "answer"),
    [
        ("affirm", "…", "accepted"),
        ("deny", "…", "declined"),
        (None, "Yes, a colleague!", "accepted"),
        (None, "好，转人工", "accepted"),
        (None, "NO, thanks.", "declined"),
        (None, "不用，继续", "declined"),
        # The intent of a no is a no, whatever a keyword in it says.
        ("deny", "ok", "declined"),
        (None, "no idea, it is broken", None),
        ("complain", "yesterday", None),
    ],
)
def test_an_answer_is_known_by_intent_or_by_the_whole_message(
    intent: str | None, text: str, answer: str | None
) -> None:
    turns = read_turns([*OFFER, *turn("neutral", intent, text=text)], Settings())

    assert answer_to_offer(turns, Settings()) == answer


def test_an_offer_is_answered_on_the_next_message_only() -> None:
    yes = turn("neutral", "affirm")
    settings = Settings()

    assert answer_to_offer(read_turns(yes, settings), settings) is None
    later = [*OFFER, *turn("neutral", "complain", "utter_x"), *yes]
    assert answer_to_offer(read_turns(later, settings), settings) is None


def test_case_punctuation_and_white_space_do_not_count() -> None:
    assert {plain_words(text) for text in ("Yes!", " yes ", "YES…", "y_e-s")} == {"yes"}
    assert plain_words("好的。") == "好的"
