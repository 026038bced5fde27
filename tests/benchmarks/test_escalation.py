"""The measure of dissatisfaction, on real dialogues and a really trained model."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.escalation import __main__ as escalation
from benchmarks.escalation import fitting, stc3
from benchmarks.escalation.figures import calibration_error, cheapest, cost
from benchmarks.escalation.stc3 import Dialogue
from emotion_component import artifact
from emotion_component.classifier import SHIPPED_WEIGHTS, load
from emotion_component.course import Course
from emotion_component.datasets.corpus import fold
from emotion_component.datasets.sources import folder
from emotion_component.dissatisfaction import WEIGHTS_FILE, read_model
from emotion_component.language import LANGUAGES


def dialogue(name: str, burdens: list[float], share: float, language: str = "en") -> Dialogue:
    courses = tuple(Course(turns=at + 1, burden=each) for at, each in enumerate(burdens))
    return Dialogue(name, language, ("…",) * len(burdens), courses, share)


def made(count: int) -> list[Dialogue]:
    """Dialogues that end badly the likelier the heavier their burden is."""
    chosen = np.random.default_rng(7)
    found = []
    for at in range(count):
        heavy = float(chosen.random())
        ended = 1.0 if chosen.random() < heavy else 0.0
        found.append(dialogue(str(at), [heavy / 2, heavy], ended, ("en", "zh")[at % 2]))
    return found


def test_fitted_weights_are_never_negative_and_find_the_signal() -> None:
    model = fitting.fit(made(300))

    assert model.weights["burden"] > 1
    assert all(weight >= 0 for weight in model.weights.values())
    turned = [replace(each, share=1.0 - each.share) for each in made(300)]
    assert fitting.fit(turned).weights["burden"] == 0.0


def test_both_languages_of_a_dialogue_are_in_one_fold_and_no_fold_is_empty() -> None:
    assert {fitting.part(str(number)) for number in range(100)} == set(range(fitting.FOLDS))
    told = made(60)
    chances = fitting.cross_validated(told)
    # A dialogue's own end, turned round, changes nothing about its own chances, in no language.
    own = [each for each in told if fitting.part(each.id) == fitting.part(told[0].id)]
    turned = [replace(each, share=1.0 - each.share) if each in own else each for each in told]
    assert fitting.cross_validated(turned)[0] == chances[0]


def test_an_alarms_cost_is_counted_on_its_first_turn() -> None:
    told = [dialogue("a", [0, 0, 0], 1.0), dialogue("b", [0, 0], 1.0), dialogue("c", [0], 0.0)]
    chances = [[0.1, 0.6, 0.9], [0.2, 0.3], [0.7]]

    assert cost(told, chances, 0.5) == {
        "alarm_at": 0.5,
        "missed": 0.5,
        "needless": 1.0,
        "turns_left": 1.0,
        "before_last_turn": 1.0,
    }


def test_the_dearer_a_miss_the_earlier_the_cheapest_alarm() -> None:
    curve = [
        {"alarm_at": 0.2, "missed": 0.0, "needless": 0.6},
        {"alarm_at": 0.5, "missed": 0.5, "needless": 0.1},
    ]

    assert cheapest(curve, rate=0.2) == {
        "a miss costs 1": 0.5,
        "a miss costs 2": 0.5,
        "a miss costs 5": 0.2,
        "a miss costs 10": 0.2,
    }


def test_a_calibrated_chance_has_no_calibration_error() -> None:
    ended = np.array([True, False, False, False])

    assert calibration_error(ended, np.full(4, 0.25)) == 0.0
    assert calibration_error(ended, np.full(4, 0.75)) == 0.5


def test_the_shipped_weights_were_fitted_on_what_the_shipped_emotion_model_says() -> None:
    told = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))

    assert set(told) == {
        *("about", "fitted_by", "emotion_model", "dialogues", "intercept", "weights"),
    }
    assert read_model(WEIGHTS_FILE).weights == told["weights"]
    bundle = artifact.open_bundle(SHIPPED_WEIGHTS)
    assert told["emotion_model"] == f"{bundle.card['name']}@{bundle.fingerprint[:6]}", (
        "fit them again: python -m benchmarks.escalation --fit"
    )


@pytest.mark.slow
def test_it_measures_and_fits_real_dialogues_with_a_model_of_ones_own(
    toy_folder: Path, tmp_path: Path
) -> None:
    model = load(toy_folder, "cpu")
    told = [
        each
        for name in LANGUAGES
        for each in stc3.read(folder() / "stc3" / f"{name}.jsonl", model, name, 400)
    ]
    assert stc3.learned_from(model)
    assert {fold(each.id) for each in stc3.unseen(told, model)} == {"dev"}

    result = escalation.measure(told, model)
    for name in LANGUAGES:
        row = result[name]
        low, high = row["interval"]
        assert low <= row["auroc"] == result[f"auroc_{name}"] <= high
        assert set(row["baselines"]) >= {"text_length", "single_turn"}
        assert row["by_turn"][0]["dialogues"] == row["dialogues"]
        misses = [each["missed"] for each in row["costs"]]
        assert misses == sorted(misses)
    assert escalation.table(result).count("against") >= 6

    path = tmp_path / "weights.json"
    path.write_text(json.dumps(escalation.fitted(told, model)), encoding="utf-8")
    assert read_model(path).intercept < 0
