from __future__ import annotations

from typing import Any

import pytest

from rasa_project.desk.corrections import corrections
from rasa_project.desk.errors import RequestError
from rasa_project.desk.insight import words
from rasa_project.desk.store.database import Store
from tests.rasa_project.desk.rows import add_agent, add_message, add_ticket, feeling

GOOD = {"text": "late", "start": 3, "end": 7, "weight": 0.4}


def test_the_label_that_is_shown_is_the_one_explained(store: Store) -> None:
    li, _ = add_agent(store, "li"), add_ticket(store)
    message = add_message(store, "so late", 1.0, emotion=feeling("joy", 0.5))
    unclear = add_message(store, "hm", 2.0)
    with store.read() as session:
        asked = [words.question(session, message), words.question(session, unclear)]
    assert asked == [("so late", "joy"), ("hm", None)]
    with store.write() as session:
        corrections.correct(session, message, li, "anger")
        assert words.question(session, message) == ("so late", "anger")


@pytest.mark.parametrize("asked", [99, 1])
def test_only_a_customers_message_is_explained(store: Store, asked: int) -> None:
    add_ticket(store)
    add_message(store, "hello", 1.0, sender="bot")
    with pytest.raises(RequestError) as refused, store.read() as session:
        words.question(session, asked)
    assert refused.value.code == "no_message"


@pytest.mark.parametrize(
    "answer", [None, [], {}, {"tokens": "x"}, {"tokens": []}, {"tokens": [], "label": 3}]
)
def test_an_answer_of_another_shape_explains_nothing(answer: Any) -> None:
    assert words.read(answer, "so late") is None


def test_a_token_that_is_none_is_left_out() -> None:
    broken: list[Any] = [
        None, {}, {**GOOD, "end": 8}, {**GOOD, "start": 7}, {**GOOD, "weight": float("nan")},
        {**GOOD, "weight": True}, {**GOOD, "start": "3"},
    ]  # fmt: skip
    answer = {"label": "anger", "tokens": [*broken, {**GOOD, "text": "<b>", "more": 1}]}
    assert words.read(answer, "so late") == {"label": "anger", "tokens": [GOOD]}
