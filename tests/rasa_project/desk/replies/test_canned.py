from __future__ import annotations

from typing import Any

import pytest

from rasa_project.desk.errors import RequestError
from rasa_project.desk.people.identity import Identity
from rasa_project.desk.replies import canned
from rasa_project.desk.store.database import Store
from tests.rasa_project.desk.rows import add_agent

ANSWER = {
    "shortcut": " /Opening-Hours ",
    "texts": {"en": " We open at nine. ", "zh": "", "de": "Um neun."},
    "emotions": ["anger", "joy"],
    "intents": ["opening_hours", " opening_hours", "greet"],
}
KEPT = {
    "shortcut": "opening-hours",
    "texts": {"en": "We open at nine."},
    "emotions": ["joy", "anger"],
    "intents": ["greet", "opening_hours"],
}


@pytest.fixture
def li(store: Store) -> Identity:
    return add_agent(store, "li")


def write(store: Store, change: Any, *values: Any) -> Any:
    with store.write() as session:
        return change(session, *values)


def refusal(store: Store, change: Any, *values: Any) -> str:
    with pytest.raises(RequestError) as refused:
        write(store, change, *values)
    return refused.value.code


def test_an_answer_is_kept_in_one_form_and_adding_it_again_changes_nothing(
    store: Store, li: Identity
) -> None:
    first = write(store, canned.add, li, ANSWER)
    assert first == {"id": first["id"], **KEPT}
    assert write(store, canned.add, li, ANSWER) == first
    changed = write(store, canned.change, first["id"], li, {**KEPT, "texts": {"zh": "九点开门"}})
    assert changed == {**first, "texts": {"zh": "九点开门"}}
    write(store, canned.remove, first["id"])
    write(store, canned.remove, first["id"])
    assert refusal(store, canned.change, first["id"], li, KEPT) == "no_answer"


def test_a_shortcut_belongs_to_one_answer(store: Store, li: Identity) -> None:
    other = write(store, canned.add, li, KEPT)
    taken = {**KEPT, "shortcut": "hello"}
    assert [
        refusal(store, canned.add, li, taken),
        refusal(store, canned.change, other["id"], li, taken),
    ] == ["shortcut_taken"] * 2


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ({"shortcut": "two words"}, "shortcut"),
        ({"shortcut": "x" * 41}, "shortcut"),
        ({"texts": {"en": " \0 "}}, "empty"),
        ({"texts": {"en": "x" * 4_001}}, "too_long"),
        ({"emotions": ["rage"]}, "emotion"),
        ({"intents": ["a, b"]}, "intents"),
        ({"intents": [str(number) for number in range(21)]}, "intents"),
    ],
)
def test_an_answer_that_makes_no_sense_is_refused(
    store: Store, li: Identity, part: dict[str, Any], code: str
) -> None:
    assert refusal(store, canned.add, li, {**KEPT, **part}) == code
