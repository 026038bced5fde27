"""What teachers say of training texts."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from emotion_component.classifier import EmotionModel
from emotion_component.datasets.corpus import Corpus
from emotion_component.errors import TrainingError
from emotion_component.labels import SERVICE_LABELS
from emotion_component.network.model import ANSWERS, HEADS
from emotion_component.training.teaching import Teacher, judged_by, teacher
from tests.emotion_component.toy import hears


def test_several_teachers_are_heard_as_their_mean(toy_corpus: Corpus) -> None:
    examples = toy_corpus.train[:3]
    taught = judged_by([hears("joy"), hears("surprise")], examples)
    assert {head: rows.shape for head, rows in taught.items()} == {
        head: (3, HEADS[head]) for head in ANSWERS
    }
    expected = np.full(len(SERVICE_LABELS), 0.01)
    expected[[SERVICE_LABELS.index(label) for label in ("joy", "surprise")]] = 0.46
    np.testing.assert_allclose(taught["service"], [expected] * 3, rtol=1e-5)


def test_a_teacher_is_asked_for_what_it_has_learned_alone(
    toy_corpus: Corpus, toy_model: EmotionModel
) -> None:
    examples = toy_corpus.train[:3]
    service = teacher(_with_heads(toy_model, ["service"]))
    assert list(judged_by([service], examples)) == ["service"]
    both = judged_by([service, teacher(_with_heads(toy_model, ["intensity"]))], examples)
    own = toy_model.probabilities([example.text for example in examples])
    assert list(both) == ["service", "intensity"]
    for head, rows in both.items():
        np.testing.assert_allclose(rows, own[head], atol=1e-5)


def _with_heads(model: EmotionModel, heads: list[str]) -> EmotionModel:
    limited = copy.copy(model)
    limited.card = {**model.card, "heads": heads}
    return limited


class _Counting:
    """The lengths of the texts as judgements, and which texts were asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str]) -> dict[str, Any]:
        self.asked += texts
        return {"intensity": np.array([[len(text)] for text in texts], np.float32)}


def test_a_training_that_goes_on_asks_for_new_texts_alone(
    toy_corpus: Corpus, tmp_path: Path
) -> None:
    counting = _Counting()
    first = [replace(toy_corpus.train[0], text=text) for text in ("late again", "谢谢", "谢谢")]
    judged_by([Teacher("0" * 16, counting)], first, tmp_path)
    assert sorted(counting.asked) == ["late again", "谢谢"]
    grown = [first[1], replace(first[0], text="a lone \ud800"), *first]
    taught = judged_by([Teacher("0" * 16, counting)], grown, tmp_path)
    assert counting.asked[2:] == ["a lone \ud800"]
    assert taught["intensity"][:, 0].tolist() == [2, 8, 10, 2, 2]
    judged_by([Teacher("1" * 16, counting)], first, tmp_path)
    assert len(counting.asked) == 5


def test_judgements_that_cannot_be_read_are_named(toy_corpus: Corpus, tmp_path: Path) -> None:
    asked = [hears("joy")], toy_corpus.train[:3], tmp_path
    judged_by(*asked)
    (kept,) = (tmp_path / "judgements").iterdir()
    for damaged in (kept.read_bytes()[:100], b""):
        kept.write_bytes(damaged)
        with pytest.raises(TrainingError, match=f"{kept.name} cannot be read"):
            judged_by(*asked)
