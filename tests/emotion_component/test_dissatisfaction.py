from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from emotion_component import dissatisfaction
from emotion_component.course import Course
from emotion_component.dissatisfaction import SIGNALS, Chance, Model, Reason
from emotion_component.errors import ConfigurationError
from tests.emotion_component.test_course import felt, told

MODEL = Model(-2.0, {"burden": 4.0, "heat": 1.0, "agitation": 0.0, "asking": 2.0})


def test_a_chance_is_the_sum_of_its_reasons() -> None:
    course = Course(turns=2, now=0.2, heat=0.2, peak=0.9, worst="anger", burden=0.5, asking=0.1)

    assert MODEL(course) == Chance(
        0.5987,  # 1 / (1 + exp(-0.4)): -2 + 2 + .2 + .2
        (
            Reason("burden", 0.5, 2.0, "strong anger earlier (90%)"),
            Reason("heat", 0.2, 0.2, "anger or frustration in this message (20%)"),
            Reason("asking", 0.1, 0.2, "questions in the latest messages"),
        ),
    )


def test_the_two_weightiest_reasons_are_said_in_one_line() -> None:
    course = Course(turns=2, now=0.2, heat=0.2, peak=0.9, worst="anger", burden=0.5, asking=0.09)

    assert MODEL(course).says == (
        "strong anger earlier (90%), anger or frustration in this message (20%)"
    )
    assert MODEL(Course()).says == ""


def test_a_customer_who_said_nothing_yet_gives_no_reason() -> None:
    assert dissatisfaction.chance(Course()).reasons == ()
    assert dissatisfaction.chance(Course()).probability < 0.1


def test_no_shipped_weight_is_negative_and_each_signal_has_one() -> None:
    model = dissatisfaction.read_model(dissatisfaction.WEIGHTS_FILE)

    assert set(model.weights) == set(SIGNALS)
    assert all(weight >= 0 for weight in model.weights.values())


@pytest.mark.parametrize("seed", range(30))
def test_whatever_turn_is_angrier_the_chance_never_falls(seed: int) -> None:
    chosen = random.Random(seed)
    turns = [
        (chosen.random(), chosen.random(), "why is it so? " * chosen.randint(1, 9))
        for _ in range(chosen.randint(1, 12))
    ]
    at = chosen.randrange(len(turns))
    displeasure, intensity, text = turns[at]
    more = [*turns]
    more[at] = ((1 + displeasure) / 2, (1 + intensity) / 2, text + "???")

    calmer, angrier = (
        told(*[(felt("anger", share, intensity=strong), text) for share, strong, text in each])
        for each in (turns, more)
    )

    assert dissatisfaction.chance(angrier).probability >= dissatisfaction.chance(calmer).probability


@pytest.mark.parametrize("signal", SIGNALS)
def test_the_chance_never_falls_where_one_signal_grows(signal: str) -> None:
    values: list[dict[str, Any]] = [{"turns": 3, signal: step / 20} for step in range(21)]
    steps = [dissatisfaction.chance(Course(**each)).probability for each in values]

    assert steps == sorted(steps)


def test_an_angry_customer_is_likelier_dissatisfied_than_a_calm_one() -> None:
    text = "I have been waiting for three weeks, what are you doing? Nobody answers my calls!"
    angry = told(*[(felt("anger", 0.95, intensity=0.9), text)] * 3)
    calm = told(*[(felt("neutral", 1.0, intensity=0.0), text.replace("?", "."))] * 3)

    assert dissatisfaction.chance(angry).probability > 0.8
    assert dissatisfaction.chance(calm).probability < 0.1


@pytest.mark.parametrize("weights", [{"burden": -0.1}, {"mood": 1.0}, {"heat": "high"}])
def test_weights_that_are_negative_or_unknown_are_refused(
    weights: dict[str, object], tmp_path: Path
) -> None:
    path = tmp_path / "weights.json"
    path.write_text(json.dumps({"intercept": 0, "weights": weights}), encoding="utf-8")

    with pytest.raises(ConfigurationError, match="at least 0"):
        dissatisfaction.read_model(path)
