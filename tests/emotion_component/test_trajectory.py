from __future__ import annotations

from collections import deque
from typing import Any

import pytest
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)

from emotion_component import labels, trajectory
from emotion_component.course import Course
from emotion_component.trajectory import Trajectory, Turn


def emotion(name: str, *, abstained: bool = False) -> dict[str, Any]:
    return {
        "name": name,
        "valence": labels.SERVICE_AFFECT[name].valence,
        "intensity": 0.5,
        "abstained": abstained,
    }


def said(name: str | None, intent: str = "complain") -> UserUttered:
    parsed: dict[str, Any] = {"text": "…", "intent": {"name": intent}, "entities": []}
    if name:
        parsed["emotion"] = emotion(name)
    return UserUttered("…", parsed["intent"], [], parsed)


def reply(action: str) -> list[Event]:
    return [ActionExecuted(action), BotUttered("…"), ActionExecuted("action_listen")]


def test_turns_come_oldest_first_with_what_the_bot_did() -> None:
    events = [
        ActionExecuted("action_listen"),
        said("anger"),
        *reply("utter_complaint"),
        said("joy", "thanks"),
    ]

    assert trajectory.recent_turns(events) == [
        Turn(emotion("anger"), "complain", ("utter_complaint", "action_listen")),
        Turn(emotion("joy"), "thanks", ()),
    ]


def test_a_turn_that_a_fallback_reverted_still_counts() -> None:
    events = [
        said("anger", "nlu_fallback"),
        ActionExecuted("action_default_fallback"),
        UserUtteranceReverted(),
        ActionExecuted("action_listen"),
        said("anger"),
    ]

    assert [turn.intent for turn in trajectory.recent_turns(events)] == ["nlu_fallback", "complain"]


@pytest.mark.parametrize(
    "boundary", [SlotSet("handoff_state", "bot"), Restarted(), SessionStarted()]
)
def test_nothing_before_a_handback_a_restart_or_a_new_session_is_read(boundary: Event) -> None:
    events = [said("anger"), said("anger"), boundary, said("neutral")]

    assert trajectory.earlier_emotions(events) == [emotion("neutral")]


def test_other_slots_and_other_states_are_no_boundary() -> None:
    events = [
        said("anger"),
        SlotSet("handoff_state", "queued"),
        SlotSet("handoff_state", "agent"),
        SlotSet("language", "bot"),
        said("neutral"),
    ]

    assert trajectory.earlier_emotions(events) == [emotion("anger"), emotion("neutral")]


def test_a_message_without_an_emotion_is_a_turn_but_not_an_emotion() -> None:
    events = [said("anger"), said(None, "affirm")]

    assert trajectory.earlier_emotions(events) == [emotion("anger")]
    assert trajectory.recent_turns(events)[-1] == Turn(None, "affirm", ())


@pytest.mark.parametrize("foreign", ["angry", {"label": "anger"}, {"name": "rage"}, ["anger"], 1])
def test_a_property_of_the_same_name_that_is_not_ours_is_no_emotion(foreign: Any) -> None:
    message = said("anger")
    message.parse_data["emotion"] = foreign

    assert trajectory.recent_turns([message]) == [Turn(None, "complain", ())]


class CountingDeque(deque[Any]):
    """Counts how many events are taken from its end."""

    taken = 0

    def __reversed__(self) -> Any:
        for event in super().__reversed__():
            self.taken += 1
            yield event


@pytest.mark.parametrize("turns", [100, 1000, 2000])
def test_the_events_looked_at_do_not_grow_with_the_conversation(turns: int) -> None:
    one_turn = [said("neutral"), *reply("utter_complaint")]
    events = CountingDeque(one_turn * turns)

    found = trajectory.recent_turns(events)

    assert len(found) == trajectory.LOOK_BACK_TURNS
    assert events.taken == trajectory.LOOK_BACK_TURNS * len(one_turn)


def test_a_turn_with_hundreds_of_events_is_not_walked_whole() -> None:
    events = CountingDeque([said("anger"), *[BotUttered("…")] * 10_000])

    assert trajectory.recent_turns(events) == []
    assert events.taken == trajectory.LOOK_BACK_EVENTS + 1


def conversation(names: list[str | None]) -> tuple[list[Event], Course]:
    """Events as the component leaves them, and the course after the last of them."""
    events: list[Event] = []
    for name in names:
        message = said(name)
        if name:
            course = trajectory.so_far(events).after(message.parse_data["emotion"], message.text)
            message.parse_data["emotion"]["trajectory"] = course.to_dict()
        events += [message, *reply("utter_complaint")]
    return events, trajectory.so_far(events)


def test_a_course_is_handed_on_from_turn_to_turn() -> None:
    names = ["anger", "neutral", "frustration", "worry"]
    _, handed_on = conversation(list(names))
    bare = Course()
    for name in names:
        bare = bare.after(emotion(name), "…")

    assert handed_on == bare
    assert (handed_on.turns, handed_on.negative, handed_on.streak) == (4, 3, 2)


def test_turns_that_carry_no_course_are_gone_through() -> None:
    events, before = conversation(["anger", "anger"])
    events += [said(None, "affirm"), said("frustration"), said(None, "affirm"), said("worry")]

    after = before.after(emotion("frustration"), "…").after(emotion("worry"), "…")

    assert trajectory.so_far(events) == after


def test_a_reverted_turn_hands_its_course_on() -> None:
    events, course = conversation(["anger", "anger"])
    events += [ActionExecuted("action_default_fallback"), UserUtteranceReverted()]

    assert trajectory.so_far(events) == course
    assert course.streak == 2


@pytest.mark.parametrize(
    "boundary", [SlotSet("handoff_state", "bot"), Restarted(), SessionStarted()]
)
def test_a_course_starts_anew_after_a_handback_a_restart_or_a_new_session(boundary: Event) -> None:
    events, _ = conversation(["anger", "anger"])

    assert trajectory.so_far([*events, boundary]) == Course()
    assert trajectory.so_far([*events, boundary, said("joy")]).turns == 1


def test_a_broken_course_is_worked_out_anew_from_the_emotions() -> None:
    events, _ = conversation(["anger"])
    events[0].parse_data["emotion"]["trajectory"] = {"turns": "many"}

    assert trajectory.so_far(events) == Course().after(emotion("anger"), "…")


@pytest.mark.parametrize("turns", [2, 100, 2000])
def test_a_course_costs_the_events_of_one_turn_whatever_the_length(turns: int) -> None:
    events, course = conversation(["neutral", "anger"])
    counted = CountingDeque(events * (turns // 2))

    assert trajectory.so_far(counted) == course
    assert counted.taken == 1 + len(reply("utter_complaint"))


def test_a_customer_who_only_presses_buttons_is_not_walked_through_whole() -> None:
    pressed = CountingDeque([said("anger"), *[said(None), *reply("utter_menu")] * 1000])

    assert trajectory.so_far(pressed) == Course()
    assert pressed.taken == trajectory.LOOK_BACK_EVENTS + 1


@pytest.mark.parametrize(
    ("names", "streak"),
    [
        ([], 0),
        (["anger"], 1),
        (["anger", "frustration", "worry"], 3),
        (["anger", "neutral"], 0),
        (["anger", "neutral", "sadness"], 1),
        (["anger", "confusion"], 0),
    ],
)
def test_a_streak_counts_the_negative_turns_up_to_now(names: list[str], streak: int) -> None:
    assert trajectory.follow([emotion(name) for name in names]).streak == streak


def test_an_abstention_neither_prolongs_nor_ends_a_streak() -> None:
    emotions = [emotion("anger"), emotion("neutral", abstained=True), emotion("anger")]

    assert trajectory.follow(emotions) == Trajectory(trend=0.0, streak=2)


def test_the_trend_is_the_change_of_the_smoothed_valence() -> None:
    calm, angry = emotion("neutral"), emotion("anger")

    assert trajectory.follow([angry]).trend == 0.0
    assert trajectory.follow([calm, angry]).trend == -0.4  # half of anger's -0.8
    assert trajectory.follow([calm, angry, angry]).trend == -0.6
    assert trajectory.follow([angry, calm, calm]).trend == 0.6
    assert trajectory.follow([angry] * 8).trend == 0.0


def test_the_trend_stays_within_its_range() -> None:
    up = [{"name": "anger", "valence": -1.0}] + [{"name": "joy", "valence": 1.0}] * 6

    assert trajectory.follow(up[:4]).trend == 1.0
    assert trajectory.follow(list(reversed(up))[-2:]).trend == -1.0
