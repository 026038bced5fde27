from __future__ import annotations

import pytest

from actions.handoff import Handoff
from tests.actions.dialogue import run, slot


@pytest.fixture
def working_hours(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> bool:
    """Puts the clock within or outside the working hours."""
    within = bool(request.param)
    monkeypatch.setattr("actions.handoff.is_open", lambda moment: within)
    return within


@pytest.mark.parametrize("working_hours", [True], indirect=True)
def test_the_customer_is_told_with_the_order(working_hours: bool) -> None:
    replies, events = run(Handoff(), order_number="a1042", offer="human")
    assert replies == [{"response": "utter_handoff_order", "number": "A1042"}]
    assert events == [
        slot("handoff_state", "queued"),
        slot("escalation_reason", "accepted the offer of a human"),
        slot("offer", "nothing"),
    ]


@pytest.mark.parametrize("working_hours", [False], indirect=True)
def test_out_of_hours_the_customer_learns_when_people_are_there(working_hours: bool) -> None:
    replies, _ = run(Handoff())
    assert replies == [
        {"response": "utter_handoff"},
        {"response": "utter_handoff_after_hours", "opens": "9:00", "closes": "18:00"},
    ]


@pytest.mark.parametrize("working_hours", [True], indirect=True)
def test_the_reason_of_the_policy_stays(working_hours: bool) -> None:
    _, events = run(Handoff(), escalation_reason="negative 3 turns in a row")
    assert slot("escalation_reason", "negative 3 turns in a row") in events
