"""From data to a model folder."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from emotion_component.classifier import Emotion, EmotionModel, load
from emotion_component.datasets.corpus import Corpus
from emotion_component.datasets.sources import Example
from emotion_component.errors import ConfigurationError, TrainingError
from emotion_component.network.bodies import Size
from emotion_component.network.building import Shape
from emotion_component.network.model import HEADS
from emotion_component.network.tokenizer import Tokenizer, train_vocabulary
from emotion_component.training import batches
from emotion_component.training.plan import Plan
from emotion_component.training.trainer import train
from tests.emotion_component.published import published
from tests.emotion_component.toy import TOY_PLAN, hears

__all__ = ["published"]  # a fixture, found by name


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
    texts = [example.text for example in examples]
    epoch = list(batches.stream(examples, texts, Tokenizer(vocabulary), 32, seed=1))
    assert sum(int(inputs[0].shape[0]) for inputs, *_ in epoch) == 700
    assert len(epoch) <= batches.steps(examples, 32)


def test_a_second_training_replaces_the_first_and_judges_otherwise(
    toy_corpus: Corpus, tmp_path: Path, toy_folder: Path
) -> None:
    out = tmp_path / "weights"
    shutil.copytree(toy_folder, out)
    (out / "README.md").write_text("a model card")
    card = train(toy_corpus, out, replace(TOY_PLAN, seed=8))
    assert card["seed"] == 8
    written = json.loads((out / "model.json").read_text())
    assert {key: written[key] for key in card} == json.loads(json.dumps(card))
    assert (out / "README.md").read_text() == "a model card"
    assert list(tmp_path.iterdir()) == [out]
    assert load(out).fingerprint != load(toy_folder).fingerprint


def test_the_same_seed_gives_the_same_judgements(
    toy_corpus: Corpus, tmp_path: Path, toy_model: EmotionModel, other_toy_folder: Path
) -> None:
    texts = ["thank you", "气死我了"]
    train(toy_corpus, tmp_path / "same", TOY_PLAN)
    first = toy_model.predict(texts)
    again = load(tmp_path / "same", "cpu").predict(texts)
    other = load(other_toy_folder, "cpu").predict(texts)
    # Threads add up in another order each time, which rounds otherwise; another seed is far away.
    assert apart(first, again) < apart(first, other) / 3


def apart(one: list[Emotion], other: list[Emotion]) -> float:
    """Return the greatest difference between two judgements of the same texts."""
    return max(
        abs(left.scores[name] - right.scores[name])
        for left, right in zip(one, other, strict=True)
        for name in left.scores
    )


@pytest.fixture(scope="module")
def ended_run(toy_corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run folder of a training of two epochs."""
    folder = tmp_path_factory.mktemp("ended")
    plan = replace(TOY_PLAN, epochs=2, patience=9)
    train(toy_corpus, folder / "weights", plan, run=folder / "run")
    return folder / "run"


def test_a_training_goes_on_where_it_was_ended(
    toy_corpus: Corpus, tmp_path: Path, ended_run: Path
) -> None:
    run = tmp_path / "run"
    shutil.copytree(ended_run, run)
    assert np.load(run / "best.npz").files
    assert list((run / "logs").iterdir())
    card = train(toy_corpus, tmp_path / "out", replace(TOY_PLAN, epochs=3, patience=9), run=run)
    checkpoint = tf.train.load_checkpoint(str(run / "checkpoints"))
    assert checkpoint.get_tensor("epoch/.ATTRIBUTES/VARIABLE_VALUE") == 3
    assert card["dev_score"] == round(
        float(checkpoint.get_tensor("best/.ATTRIBUTES/VARIABLE_VALUE")), 4
    )


def test_a_training_keeps_its_vocabulary_where_the_data_have_grown(
    toy_corpus: Corpus, tmp_path: Path, ended_run: Path
) -> None:
    run = tmp_path / "run"
    shutil.copytree(ended_run, run)
    before = (run / "vocabulary").read_bytes()
    new = [replace(example, text=f"entirely new wording {at}") for at, example in
           enumerate(toy_corpus.train)]  # fmt: skip
    grown = replace(toy_corpus, train=[*toy_corpus.train, *new])
    train(grown, tmp_path / "out", replace(TOY_PLAN, epochs=3, patience=9), run=run)
    assert (run / "vocabulary").read_bytes() == before
    (run / "vocabulary").unlink()
    with pytest.raises(TrainingError, match="no vocabulary to go with them"):
        train(toy_corpus, tmp_path / "other", replace(TOY_PLAN, epochs=3, patience=9), run=run)


def test_a_run_of_another_network_is_refused(
    toy_corpus: Corpus, tmp_path: Path, ended_run: Path
) -> None:
    wider = replace(TOY_PLAN, shape=replace(TOY_PLAN.shape, size=Size(embedding=12)))
    with pytest.raises(TrainingError, match="holds another training"):
        train(toy_corpus, tmp_path / "out", wider, run=ended_run)


def test_a_student_comes_nearer_to_its_teacher(
    toy_corpus: Corpus, tmp_path: Path, toy_model: EmotionModel
) -> None:
    plan = replace(TOY_PLAN, teacher_share=1.0, epochs=2)
    train(toy_corpus, tmp_path / "student", plan, [hears("joy")])
    texts = ["I want my money back", "我要投诉"]
    (before, after) = (
        [emotion.scores["joy"] for emotion in model.predict(texts)]
        for model in (toy_model, load(tmp_path / "student", "cpu"))
    )
    assert min(after) > max(before)


def test_the_options_reach_the_training(
    toy_corpus: Corpus, tmp_path: Path, toy_model: EmotionModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = batches.stream
    read: list[str] = []

    def spy(examples: Sequence[Example], texts: Sequence[str], *rest: Any) -> tf.data.Dataset:
        read.extend(texts)
        return stream(examples, texts, *rest)

    monkeypatch.setattr(batches, "stream", spy)
    # A step this long outweighs the rounding by which two trainings differ.
    train(toy_corpus, tmp_path / "other", replace(TOY_PLAN, augment=True, adversarial=50.0))
    written = [example.text for example in toy_corpus.train]
    assert len(read) == len(written)
    assert read != written
    texts = ["thank you", "气死我了"]
    assert apart(toy_model.predict(texts), load(tmp_path / "other", "cpu").predict(texts)) > 5e-3


@pytest.mark.parametrize("encoder", ["gru", "runs", "transformer"])
def test_other_networks_train_too(toy_corpus: Corpus, tmp_path: Path, encoder: str) -> None:
    size = Size(embedding=8, filters=4, hidden=32, blocks=1)
    shape = replace(TOY_PLAN.shape, encoder=encoder, size=size)
    train(toy_corpus, tmp_path / "other", replace(TOY_PLAN, shape=shape))
    (emotion,) = load(tmp_path / "other", "cpu").predict(["thank you so much"])
    assert sum(emotion.scores.values()) == pytest.approx(1, abs=1e-3)


def test_a_published_encoder_is_fine_tuned(
    toy_corpus: Corpus, tmp_path: Path, published: Path
) -> None:
    plan = replace(TOY_PLAN, shape=Shape(str(published), layers=(1,)), batch_size=16)
    english = replace(toy_corpus, train=toy_corpus.train[:200])
    train(english, tmp_path / "bert", plan)
    (emotion,) = load(tmp_path / "bert", "cpu").predict(["thank you so much 😊"])
    assert not emotion.abstained or emotion.scores


def test_a_loss_that_is_no_number_ends_the_training(toy_corpus: Corpus, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="no longer a number"):
        train(toy_corpus, tmp_path / "out", replace(TOY_PLAN, learning_rate=float("inf")))
    assert not (tmp_path / "out").exists()


def test_no_epochs_are_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"must be at least 1\. Received: 0"):
        Plan(epochs=0)
