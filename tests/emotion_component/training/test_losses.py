"""What training minimizes."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from emotion_component import labels
from emotion_component.network.model import HEADS, negative_logit
from emotion_component.training.batches import WIDTHS
from emotion_component.training.losses import WEIGHTS, loss


def logits(value: float) -> dict[str, tf.Tensor]:
    return {head: tf.fill([2, width], value) for head, width in HEADS.items()}


def targets(value: float) -> dict[str, tf.Tensor]:
    return {name: tf.fill([2, width], value) for name, width in WIDTHS.items()}


def test_a_head_that_no_row_teaches_adds_nothing_to_the_loss() -> None:
    untaught = {name: tf.zeros([2]) for name in WIDTHS}
    assert float(loss(logits(3.0), targets(1.0), untaught)) == 0
    taught = untaught | {"intensity": tf.constant([1.0, 0.0])}
    expected = WEIGHTS["intensity"] * np.log1p(np.exp(3.0)) / 2
    assert float(loss(logits(3.0), targets(0.0), taught)) == pytest.approx(expected)


def test_votes_are_learned_through_the_negative_service_labels() -> None:
    weights = {name: tf.zeros([2]) for name in WIDTHS} | {"negative": tf.ones([2])}
    angry = logits(0.0)
    anger = tf.one_hot(labels.SERVICE_LABELS.index("anger"), HEADS["service"]) * 5.0
    angry["service"] = tf.stack([anger, anger])
    assert float(loss(angry, targets(1.0), weights)) < float(
        loss(logits(0.0), targets(1.0), weights)
    )
    assert float(loss(angry, targets(0.0), weights)) > float(
        loss(logits(0.0), targets(0.0), weights)
    )


def test_the_negative_log_odds_are_those_of_the_summed_probabilities() -> None:
    service = tf.random.stateless_normal([4, HEADS["service"]], seed=[1, 2])
    scores = tf.nn.softmax(service).numpy()
    negative = sum(scores[:, labels.SERVICE_LABELS.index(name)] for name in labels.NEGATIVE)
    np.testing.assert_allclose(tf.sigmoid(negative_logit(service)), negative, rtol=1e-5)


def test_a_teacher_counts_by_its_share() -> None:
    weights = {name: tf.ones([2]) for name in WIDTHS} | {"negative": tf.zeros([2])}
    taught = {"service": tf.fill([2, 10], 0.1)} | {
        name: tf.fill([2, HEADS[name]], 0.9) for name in ("goemotions", "brighter", "intensity")
    }
    of_labels = float(loss(logits(1.0), targets(0.0), weights))
    of_both = float(loss(logits(1.0), targets(0.0), weights, taught, 0.25))
    of_teacher = float(loss(logits(1.0), targets(0.0), weights, taught, 1.0))
    assert of_both == pytest.approx(0.75 * of_labels + 0.25 * of_teacher, rel=1e-5)
