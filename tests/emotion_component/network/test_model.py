"""The network and what is exported of it."""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from emotion_component.classifier import EmotionModel
from emotion_component.network.bodies import Convolutions, Size
from emotion_component.network.model import ANSWERS, HEADS, EmotionNetwork
from emotion_component.network.tokenizer import PAD_ID, STYLE_FIGURES

SMALL = Size(embedding=4, filters=6, widths=(1, 3), hidden=5, dropout=0.5)


def test_every_head_gives_one_logit_for_each_of_its_labels() -> None:
    network = EmotionNetwork(Convolutions(20, SMALL))
    logits = network((tf.constant([[3, 4, PAD_ID]]), tf.zeros([1, len(STYLE_FIGURES)])))
    assert {head: tuple(values.shape) for head, values in logits.items()} == {
        head: (1, width) for head, width in HEADS.items()
    }


def test_the_exported_graph_gives_probabilities(toy_model: EmotionModel) -> None:
    scores = toy_model.probabilities(["thank you", "", "我要退货"])
    assert {head: values.shape for head, values in scores.items()} == {
        head: (3, HEADS[head]) for head in ANSWERS
    }
    assert all(0 <= values.min() <= values.max() <= 1 for values in scores.values())
    np.testing.assert_allclose(scores["service"].sum(axis=1), 1, rtol=1e-5)
