"""Scores of a model on a file, and the F1 under them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from emotion_component import labels
from emotion_component.classifier import EmotionModel
from emotion_component.datasets import sources
from emotion_component.datasets.corpus import fold
from emotion_component.errors import ConfigurationError, DataError
from emotion_component.evaluation.metrics import f1_scores, service_decisions
from emotion_component.evaluation.report import evaluate, evaluate_sets
from emotion_component.evaluation.sets import from_file, standard


def test_f1_is_counted_by_label_and_over_all_decisions() -> None:
    truth = np.array([[1, 0, 0], [1, 1, 0], [0, 1, 0]], bool)
    predicted = np.array([[1, 0, 1], [0, 1, 0], [0, 1, 0]], bool)
    scores = f1_scores(truth, predicted)
    np.testing.assert_allclose(scores.precision, [1, 1, 0])
    np.testing.assert_allclose(scores.recall, [0.5, 1, 0])
    np.testing.assert_allclose(scores.f1, [2 / 3, 1, 0])
    assert scores.support.tolist() == [2, 2, 0]
    assert scores.macro == pytest.approx((2 / 3 + 1) / 2)  # the label nobody has is left out
    assert scores.micro == pytest.approx(2 * 3 / (4 + 4))


def test_decisions_mark_one_label_a_row() -> None:
    scores = np.zeros((1, 10), np.float32)
    scores[0, [0, 8, 9]] = 0.4, 0.25, 0.35
    decided = service_decisions(scores)
    assert [labels.SERVICE_LABELS[at] for at in np.flatnonzero(decided[0])] == ["anger"]


@pytest.mark.parametrize(
    ("path", "taxonomy", "names"),
    [
        ("goemotions/test.jsonl", "goemotions", labels.GOEMOTIONS_LABELS),
        ("brighter/zh_test.jsonl", "brighter", labels.BRIGHTER_LABELS),
        ("voices/en_sample.jsonl", "voices", labels.SERVICE_LABELS),
        ("smp2020/test.jsonl", "smp2020", labels.SMP2020_LABELS),
    ],
)
def test_a_file_is_scored_in_the_taxonomy_it_is_labelled_in(
    toy_model: EmotionModel, path: str, taxonomy: str, names: tuple[str, ...]
) -> None:
    report = evaluate(toy_model, sources.folder() / path, limit=60)
    assert (report["taxonomy"], report["rows"], report["model"]) == (taxonomy, 60, toy_model.name)
    assert list(report["per_label"]) == list(names)
    assert 0 <= report["macro_f1"] <= 1
    assert 0 <= report["micro_f1"] <= 1


def test_an_empty_file_and_an_unknown_taxonomy_are_refused(
    toy_model: EmotionModel, tmp_path: Path
) -> None:
    path = tmp_path / "rows.jsonl"
    path.touch()
    with pytest.raises(DataError, match="holds no rows to score"):
        evaluate(toy_model, path, "voices")
    with pytest.raises(ConfigurationError, match="Received: moods"):
        evaluate(toy_model, path, "moods")


def test_only_voices_kept_for_testing_are_scored_when_asked(
    toy_model: EmotionModel, tmp_path: Path
) -> None:
    voices = [f"voice{number}" for number in range(40)]
    kept = [voice for voice in voices if fold(voice) == "test"]
    path = tmp_path / "rows.jsonl"
    path.write_text(
        "".join(json.dumps(message(voice, label)) + "\n" for voice in voices for label in LABELS)
    )
    report = evaluate(toy_model, path, unseen_voices=True)
    assert 0 < len(kept) < len(voices)
    assert report["rows"] == len(kept) * len(LABELS)
    assert 0 <= report["negative_auroc"] <= 1


def test_without_negative_messages_there_is_no_auroc(
    toy_model: EmotionModel, tmp_path: Path
) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(message("somebody", "joy")))
    assert evaluate(toy_model, path)["negative_auroc"] is None


def test_groups_of_goemotions_are_scored_where_the_model_has_thresholds_for_them(
    toy_model: EmotionModel, tmp_path: Path
) -> None:
    report = evaluate(toy_model, sources.folder() / "goemotions/test.jsonl", limit=60)
    assert 0 <= report["ekman_macro_f1"] <= 1
    assert report["sentiment_macro_f1"] >= report["macro_f1"]


def test_a_report_on_service_messages_adds_up(toy_model: EmotionModel) -> None:
    report = evaluate(toy_model, sources.folder() / "voices/zh_sample.jsonl", limit=80)
    counts = report["confusion"]["rows"]
    assert [sum(row) for row in counts] == [row["support"] for row in report["per_label"].values()]
    diagonal = sum(counts[at][at] for at in range(len(counts)))
    assert report["accuracy"] == pytest.approx(diagonal / 80, abs=1e-4)
    assert sum(part["rows"] for part in report["reliability"]) == 80
    assert report["abstain"]["confidence"] == toy_model.card["abstain_below"]
    assert 0 <= report["calibration_error"] <= 1
    assert report["slices"]["language"]["zh"]["rows"] > 70
    assert 0 <= report["fairness"]["largest_mean_gap"] <= 1
    assert json.loads(json.dumps(report)) == report


def test_dialogues_are_ranked_beside_the_length_of_their_text(toy_model: EmotionModel) -> None:
    report = evaluate(toy_model, sources.folder() / "stc3/en.jsonl", limit=150)
    assert report["taxonomy"] == "stc3"
    assert 0 < report["rows"] < 60
    assert report["length_auroc"] > 0.5
    assert 0 <= report["largest_turn_auroc"] <= 1


def test_several_sets_stand_in_one_report_and_a_model_is_even_with_itself(
    toy_model: EmotionModel,
) -> None:
    paths = ("goemotions/test.jsonl", "voices/en_sample.jsonl", "stc3/zh.jsonl")
    sets = [from_file(sources.folder() / path, limit=100) for path in paths]
    report = evaluate_sets(toy_model, sets, toy_model)
    assert [one["name"] for one in report["sets"]] == [Path(path).name for path in paths]
    goemotions, voices, stc3 = (one["against"] for one in report["sets"])
    even = {"difference": 0, "interval": [0, 0], "winner": "even"}
    for row in (
        goemotions["macro_f1"],
        goemotions["ekman_macro_f1"],
        voices["negative_auroc"],
        stc3["last_turn_auroc"],
    ):
        assert {key: row[key] for key in even} == even
    assert set(report["fairness"]) == {"largest_mean_gap", "dimensions"}


def test_the_standard_set_holds_every_benchmark_once() -> None:
    sets = standard(limit=40)
    assert [one.source for one in sets] == [
        "goemotions",
        "brighter",
        "brighter",
        "voices",
        "voices",
        "stc3",
        "stc3",
        "smp2020",
    ]
    assert len({one.name for one in sets}) == len(sets)


LABELS = ("neutral", "joy", "anger")


def message(voice: str, label: str) -> dict[str, object]:
    intensity = 0 if label == "neutral" else 2
    return {"text": f"{label} from {voice}", "label": label, "intensity": intensity, "voice": voice}
