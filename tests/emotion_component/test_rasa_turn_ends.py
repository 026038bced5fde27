from __future__ import annotations

from pathlib import Path

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from emotion_component import rasa_turn_ends

LISTEN = ActionExecuted("action_listen")
SAID = UserUttered("hello", {"name": "greet"})
OPEN, CLOSED = ActiveLoop("order_form"), ActiveLoop(None)
FORM = ActionExecuted("order_form")


def story(*events: Event) -> DialogueStateTracker:
    return DialogueStateTracker.from_events("story", [LISTEN, *events])


def replies(*names: str) -> list[Event]:
    return [SAID, *map(ActionExecuted, names), LISTEN]


def test_an_action_ends_a_turn_if_listening_always_follows_it() -> None:
    first = story(*replies("utter_wait", "utter_answer"), *replies("utter_hello"))
    second = story(*replies("utter_answer", "utter_more"))

    assert rasa_turn_ends.learn([first]) == {"utter_answer", "utter_hello"}
    assert rasa_turn_ends.learn([first, second]) == {"utter_hello", "utter_more"}


def test_what_a_form_does_after_an_answer_says_nothing_about_the_answer_elsewhere() -> None:
    inside = story(OPEN, SAID, ActionExecuted("utter_hello"), FORM, LISTEN)
    outside = story(*replies("utter_hello"))
    submitted = story(OPEN, SAID, FORM, CLOSED, ActionExecuted("utter_done"), LISTEN)
    in_a_rule = story(
        OPEN, FORM, ActiveLoop("should_not_be_set"), ActionExecuted("utter_x"), LISTEN
    )

    learned = rasa_turn_ends.learn([inside, outside, submitted, in_a_rule])

    assert learned == {"utter_hello", "utter_done", "utter_x"}


def test_the_beginning_of_a_rule_and_an_open_end_are_passed_over() -> None:
    rule = story(ActionExecuted("..."), SAID, ActionExecuted("utter_hello"))

    assert rasa_turn_ends.learn([rule]) == set()


@pytest.mark.parametrize(
    ("events", "actions", "ended"),
    [
        ([SAID], [], False),
        ([SAID], ["utter_hello"], True),
        ([SAID], ["utter_wait"], False),
        ([OPEN, SAID], ["order_form"], True),
        ([OPEN, SAID], ["utter_hello"], False),
        ([OPEN, CLOSED, SAID], ["order_form"], False),
    ],
)
def test_a_turn_has_ended_after_such_an_action_or_after_an_open_form(
    events: list[Event], actions: list[str], ended: bool
) -> None:
    assert rasa_turn_ends.has_ended(story(*events), actions, {"utter_hello"}) is ended


def test_what_was_learned_is_kept_in_the_model(tmp_path: Path) -> None:
    storage, resource = LocalModelStorage.create(tmp_path), Resource("escalation")

    rasa_turn_ends.save({"utter_b", "utter_a"}, storage, resource)

    assert rasa_turn_ends.load(storage, resource) == {"utter_a", "utter_b"}
