from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from emotion_component import survey, trajectory

ASKED = {"survey": {"step": "asked", "answers": ["1", "2", "very bad"]}}
COMMENT = {"survey": {"step": "commenting", "answers": ["*"]}}


def user(text: str, emotion: dict[str, Any] | None = None) -> SimpleNamespace:
    return SimpleNamespace(type_name="user", text=text, parse_data={"emotion": emotion})


def bot(metadata: dict[str, Any] | None = None) -> SimpleNamespace:
    return SimpleNamespace(type_name="bot", metadata=metadata)


def action(**metadata: Any) -> SimpleNamespace:
    return SimpleNamespace(type_name="action", action_name="action_listen", metadata=metadata)


@pytest.mark.parametrize(
    ("events", "answered"),
    [
        ([bot(ASKED), user("1")], True),
        ([bot(ASKED), user(" Very bad. ")], True),
        ([bot(ASKED), action(), user("２")], True),
        ([bot(ASKED), user("3")], False),
        ([bot(ASKED), bot(), user("1")], False),
        ([bot(ASKED), user("hello"), user("1")], False),
        ([user("/attune_survey_4")], True),
        ([bot(), user("/attune_survey_comment")], True),
        ([bot(COMMENT), user("it was slow")], True),
        ([bot(COMMENT), user("/restart")], False),
        ([bot(COMMENT), user("  ")], False),
        ([bot({"survey": "nonsense"}), user("1")], False),
        ([bot({"survey": {"answers": 5}}), user("1")], False),
        ([bot(ASKED)], False),
        ([], False),
    ],
)
def test_a_message_answers_the_survey_when_the_desk_expects_it(
    events: list[Any], answered: bool
) -> None:
    assert survey.is_answered(events) is answered


def test_an_answer_is_no_turn_of_the_course() -> None:
    anger = {"name": "anger", "valence": -0.8, "intensity": 0.9}
    events = [user("late again", anger), bot(ASKED), user("1", anger), action(survey=True)]
    assert [turn.emotion for turn in trajectory.recent_turns(events)] == [anger]
    assert len(trajectory.recent_turns([*events[:3], action()])) == 2
