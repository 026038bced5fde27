from __future__ import annotations

from typing import Any

import pytest

from emotion_component import labels
from rasa_project.desk.corrections import corrections, verdicts
from rasa_project.desk.errors import RequestError
from rasa_project.desk.store.database import Store
from rasa_project.desk.tickets.changes import Changes
from tests.rasa_project.desk.rows import add_agent, add_message, add_ticket, feeling


def act(store: Store, change: Any, *values: Any) -> Any:
    with store.write() as session:
        return change(session, *values)


def refusal(store: Store, change: Any, *values: Any) -> str:
    with pytest.raises(RequestError) as refused:
        act(store, change, *values)
    return refused.value.code


def known(store: Store) -> dict[str, Any]:
    with store.read() as session:
        return corrections.of_conversation(session, "c")


def test_the_desk_knows_the_labels_of_the_emotion_model() -> None:
    assert verdicts.EMOTIONS == labels.SERVICE_LABELS


def test_an_emotion_is_corrected_changed_and_taken_back(store: Store) -> None:
    li, ana, ticket = add_agent(store, "li"), add_agent(store, "ana"), add_ticket(store)
    message = add_message(store, "great, late again", 1.0, emotion=feeling("joy", 0.6, 0.7))
    changed = Changes(casework={ticket})
    assert act(store, corrections.correct, message, li, "anger") == changed
    assert act(store, corrections.correct, message, ana, "anger") == Changes()
    assert known(store) == {str(message): {"emotion": "anger", "agent": "Li"}}
    assert act(store, corrections.correct, message, ana, "frustration") == changed
    assert known(store) == {str(message): {"emotion": "frustration", "agent": "Ana"}}
    assert act(store, corrections.correct, message, ana, None) == changed
    assert act(store, corrections.correct, message, ana, None) == Changes()
    assert known(store) == {}


def test_only_what_customers_said_at_this_desk_is_corrected(store: Store) -> None:
    li, _ = add_agent(store, "li"), add_ticket(store)
    spoken = add_message(store, "hello", 1.0, sender="bot")
    mine = add_message(store, "hi", 2.0)
    assert [
        refusal(store, corrections.correct, spoken, li, "joy"),
        refusal(store, corrections.correct, 99, li, "joy"),
        refusal(store, corrections.correct, mine, li, "rage"),
    ] == ["no_message", "no_message", "emotion"]


def test_a_handoff_is_judged_judged_otherwise_and_left_unjudged(store: Store) -> None:
    li, ticket = add_agent(store, "li"), add_ticket(store)
    for verdict in ("not_needed", "earlier"):
        assert act(store, corrections.judge, ticket, li, verdict) == Changes(casework={ticket})
        with store.read() as session:
            stored = corrections.verdict_of(session, ticket)
        assert stored == {"verdict": verdict, "agent": "Li"}
    assert act(store, corrections.judge, ticket, li, "earlier") == Changes()
    assert refusal(store, corrections.judge, ticket, li, "maybe") == "verdict"
    act(store, corrections.judge, ticket, li, None)
    with store.read() as session:
        assert corrections.verdict_of(session, ticket) is None
