from __future__ import annotations

from typing import Any

import pytest

from rasa_project.desk.tickets import priority

MINUTE = 60.0


@pytest.mark.parametrize(
    ("emotion", "heat"),
    [
        (None, 0.0),
        ({"valence": 0.8, "intensity": 0.9}, 0.0),
        ({"valence": -0.8, "intensity": 1.0}, 0.8),
        ({"valence": -0.8, "intensity": 0.0}, 0.4),
        ({"valence": -9.0, "intensity": 9.0}, 1.0),
        ({"valence": "low", "intensity": None}, 0.0),
        ({"valence": -0.8, "intensity": 1.0, "abstained": True}, 0.0),
    ],
)
def test_heat_is_displeasure_by_strength(emotion: dict[str, Any] | None, heat: float) -> None:
    assert priority.heat(emotion) == pytest.approx(heat)


@pytest.mark.parametrize(
    ("decision", "evidence"), [(None, 0.5), ({}, 0.5), ({"score": 0.9}, 0.9), ({"score": 7}, 1.0)]
)
def test_evidence_is_the_score_of_the_decision(
    decision: dict[str, Any] | None, evidence: float
) -> None:
    assert priority.evidence(decision) == evidence


def test_a_furious_customer_goes_before_a_calm_one_who_came_24_minutes_earlier() -> None:
    calm, furious = priority.sort_key(0, 1, 0), priority.sort_key(1, 1, 24 * MINUTE)
    assert furious > calm


def test_nobody_waits_for_ever() -> None:
    calm, furious = priority.sort_key(0, 0, 0), priority.sort_key(1, 1, 36 * MINUTE)
    assert calm > furious


def test_the_order_of_two_does_not_change_while_they_wait() -> None:
    first, second = priority.sort_key(0.4, 0.7, 100.0), priority.sort_key(0.5, 0.5, 130.0)
    gaps = {
        round(priority.urgency(first, now) - priority.urgency(second, now), 6)
        for now in (200.0, 5_000.0, 900_000.0)
    }
    assert len(gaps) == 1


def test_urgency_counts_feeling_evidence_and_minutes() -> None:
    key = priority.sort_key(heat=0.5, evidence=0.5, opened_at=0.0)
    assert priority.urgency(key, now=3 * MINUTE) == 25 + 10 + 6
