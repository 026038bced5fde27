"""From data to a model folder."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from emotion_component import batches
from emotion_component.classifier import Emotion, EmotionModel, load
from emotion_component.corpus import Corpus
from emotion_component.datasets import Example
from emotion_component.errors import ConfigurationError
from emotion_component.model import HEADS
from emotion_component.tokenizer import Tokenizer, train_vocabulary
from emotion_component.training import HEAD_WEIGHTS, Plan, loss, train
from tests.emotion_component.toy import TOY_PLAN


def heads(values: float) -> dict[str, tf.Tensor]:
    return {head: tf.fill([2, width], values) for head, width in HEADS.items()}


def test_a_head_that_no_row_teaches_adds_nothing_to_the_loss() -> None:
    untaught = {head: tf.zeros([2]) for head in HEADS}
    assert float(loss(heads(3.0), heads(1.0), untaught)) == 0
    taught = untaught | {"intensity": tf.constant([1.0, 0.0])}
    expected = HEAD_WEIGHTS["intensity"] * np.log1p(np.exp(3.0)) / 2
    assert float(loss(heads(3.0), heads(0.0), taught)) == pytest.approx(expected)


def test_targets_weigh_mapped_labels_less_than_judged_ones() -> None:
    hot = np.eye(HEADS["service"], dtype=np.float32)[3]
    rows = [Example("a", {"service": hot}), Example("b", {"service": hot}, service_weight=0.15)]
    values, weights = batches.targets([*rows, Example("c", {})])
    np.testing.assert_array_equal(values["service"], [hot, hot, 0 * hot])
    np.testing.assert_allclose(weights["service"], [1, 0.15, 0])
    assert not any(weights[head].any() for head in HEADS if head != "service")


def test_an_epoch_shows_every_text_once_in_no_more_batches_than_counted() -> None:
    examples = [Example("word " * (n % 120 + 1), {}) for n in range(700)]
    vocabulary = train_vocabulary([example.text for example in examples], 12)
    epoch = list(batches.stream(examples, Tokenizer(vocabulary), seed=1))
    assert sum(int(inputs[0].shape[0]) for inputs, _, _ in epoch) == 700
    assert len(epoch) <= batches.steps(examples)


def test_a_second_training_replaces_the_first_and_judges_otherwise(
    toy_corpus: Corpus, tmp_path: Path, toy_model: EmotionModel
) -> None:
    out = tmp_path / "weights"
    out.mkdir()
    (out / "README.md").write_text("a model card")
    for seed in (7, 8):
        card = train(toy_corpus, out, replace(TOY_PLAN, seed=seed))
        assert card["seed"] == seed
    model = load(out)
    written = json.loads((out / "model.json").read_text())
    assert {key: written[key] for key in card} == json.loads(json.dumps(card))
    assert (out / "README.md").read_text() == "a model card"
    assert list(tmp_path.iterdir()) == [out]
    assert model.fingerprint != toy_model.fingerprint


def test_the_same_seed_gives_the_same_judgements(
    toy_corpus: Corpus, tmp_path: Path, toy_model: EmotionModel
) -> None:
    texts = ["thank you", "气死我了"]
    train(toy_corpus, tmp_path / "same", TOY_PLAN)
    train(toy_corpus, tmp_path / "other", replace(TOY_PLAN, seed=TOY_PLAN.seed + 1))
    first = toy_model.predict(texts)
    again = load(tmp_path / "same", "cpu").predict(texts)
    other = load(tmp_path / "other", "cpu").predict(texts)
    # Threads add up in another order each time, which rounds otherwise; another seed is far away.
    assert apart(first, again) < apart(first, other) / 3


def apart(one: list[Emotion], other: list[Emotion]) -> float:
    """Return the greatest difference between two judgements of the same texts."""
    return max(
        abs(left.scores[name] - right.scores[name])
        for left, right in zip(one, other, strict=True)
        for name in left.scores
    )


def test_no_epochs_are_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"must be at least 1\. Received: 0"):
        Plan(epochs=0)
