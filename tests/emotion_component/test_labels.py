"""The emotion spectrum and the mappings into it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from emotion_component import labels
from emotion_component.datasets import sources


def test_every_label_of_every_taxonomy_has_a_mapping_into_the_service_labels() -> None:
    assert set(labels.GOEMOTIONS_TO_SERVICE) == set(labels.GOEMOTIONS_LABELS)
    assert set(labels.BRIGHTER_TO_SERVICE) == set(labels.BRIGHTER_LABELS)
    assert set(labels.PLUTCHIK_TO_SERVICE) == set(labels.PLUTCHIK_LABELS)
    mapped = {
        *labels.GOEMOTIONS_TO_SERVICE.values(),
        *labels.BRIGHTER_TO_SERVICE.values(),
        *labels.PLUTCHIK_TO_SERVICE.values(),
    }
    assert mapped - {None} == set(labels.SERVICE_LABELS)


def test_every_service_label_is_in_one_group_and_its_valence_has_that_sign() -> None:
    assert {name: labels.group(name) for name in labels.SERVICE_LABELS} == {
        "neutral": "neutral",
        "joy": "positive",
        "gratitude": "positive",
        "surprise": "ambiguous",
        "confusion": "ambiguous",
        "worry": "negative",
        "disappointment": "negative",
        "sadness": "negative",
        "frustration": "negative",
        "anger": "negative",
    }
    assert set(labels.SERVICE_AFFECT) == set(labels.SERVICE_LABELS)
    for name in labels.NEGATIVE:
        assert -1 <= labels.SERVICE_AFFECT[name].valence < 0
    for name in labels.POSITIVE:
        assert 0 < labels.SERVICE_AFFECT[name].valence <= 1


def test_no_mapping_turns_an_unpleasant_goemotions_label_into_a_pleasant_one() -> None:
    groups = json.loads((sources.folder() / "goemotions/groups.json").read_text())
    published = {name: kind for kind, names in groups["sentiment"].items() for name in names}
    opposite = {"positive": "negative", "negative": "positive"}
    wrong = [
        name
        for name, service in labels.GOEMOTIONS_TO_SERVICE.items()
        if service and labels.group(service) == opposite.get(published.get(name, ""))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("grouping", "ours"), [("ekman", labels.EKMAN_GROUPS), ("sentiment", labels.SENTIMENT_GROUPS)]
)
def test_the_groups_are_those_that_the_authors_publish(
    grouping: str, ours: dict[str, tuple[str, ...]]
) -> None:
    groups = json.loads((sources.folder() / "goemotions/groups.json").read_text())
    assert {name: list(members) for name, members in ours.items()} == groups[grouping]
    reported = labels.GOEMOTIONS_GROUPINGS[grouping]
    members = [label for group in reported.values() for label in group]
    assert sorted(members) == sorted(labels.GOEMOTIONS_LABELS)


def test_every_service_label_has_its_place_among_the_labels_of_smp2020() -> None:
    assert set(labels.SERVICE_TO_SMP2020) == set(labels.SERVICE_LABELS)
    assert set(labels.SERVICE_TO_SMP2020.values()) == set(labels.SMP2020_LABELS)


def test_the_strongest_group_is_chosen_before_its_strongest_label() -> None:
    complaint = {"neutral": 0.35, "anger": 0.3, "frustration": 0.2, "joy": 0.15}
    assert labels.decide(complaint) == "anger"


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ({}, labels.Affect(0.0, 0.0)),
        ({"anger": 0.0}, labels.Affect(0.0, 0.0)),
        ({"anger": 2.0}, labels.SERVICE_AFFECT["anger"]),
        ({"neutral": 1.0, "joy": 1.0}, labels.Affect(0.425, 0.275)),
    ],
)
def test_affect_is_the_mean_weighted_by_score(
    scores: dict[str, float], expected: labels.Affect
) -> None:
    assert labels.affect(scores) == pytest.approx(expected)


def test_an_unknown_label_is_named_with_the_known_ones() -> None:
    with pytest.raises(KeyError, match=r"`rage` is not a service label\. Known: neutral, joy"):
        labels.group("rage")


def test_importing_the_labels_loads_neither_tensorflow_nor_rasa() -> None:
    code = (
        "import sys, emotion_component.labels, emotion_component.errors, "
        "emotion_component.language, emotion_component.classifier\n"
        "print(sorted({'tensorflow', 'rasa', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
