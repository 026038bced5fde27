from __future__ import annotations

from itertools import product

import pytest

from rasa_project.desk.tickets import states

ALLOWED = {
    ("bot", "queued"),
    ("queued", "agent"),
    ("queued", "abandoned"),
    ("queued", "bot"),
    ("agent", "bot"),
    ("agent", "agent"),
    ("agent", "queued"),
    ("agent", "resolved"),
    ("agent", "agent"),
    ("agent", "queued"),
}


def is_allowed(current: str, wanted: str) -> bool:
    try:
        states.check(current, wanted)
    except states.TransitionError:
        return False
    return True


def test_the_machine_has_these_transitions_and_no_others() -> None:
    pairs = product((*states.STATES, "nonsense"), repeat=2)
    assert {pair for pair in pairs if is_allowed(*pair)} == ALLOWED


def test_a_refusal_says_what_was_asked() -> None:
    with pytest.raises(states.TransitionError) as refused:
        states.check("resolved", "agent")
    assert (refused.value.current, refused.value.wanted) == ("resolved", "agent")
    assert str(refused.value) == "A ticket cannot go from 'resolved' to 'agent'."
