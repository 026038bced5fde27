"""The bodies: shapes, and that padding changes nothing."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from emotion_component.network.bodies import (
    Body,
    Convolutions,
    Recurrent,
    Runs,
    Size,
    Transformer,
    masked_mean,
)
from emotion_component.network.encoder import Encoder, EncoderSize
from emotion_component.network.model import HEADS, EmotionNetwork
from emotion_component.network.tokenizer import PAD_ID, STYLE_FIGURES

SMALL = Size(embedding=4, filters=6, widths=(1, 3), hidden=8, dropout=0.5)


def transformer() -> Transformer:
    size = EncoderSize(vocabulary=20, hidden=8, layers=2, heads=2, intermediate=12, positions=9)
    return Transformer(Encoder(size))


@pytest.fixture(params=["cnn", "gru", "runs", "transformer"])
def body(request: pytest.FixtureRequest) -> Body:
    if request.param == "transformer":
        return transformer()
    return {"cnn": Convolutions, "gru": Recurrent, "runs": Runs}[request.param](20, SMALL)


def test_padding_never_changes_a_result(body: Body) -> None:
    network = EmotionNetwork(body)
    style = tf.ones([1, len(STYLE_FIGURES)])
    short = network((tf.constant([[3, 4]]), style))
    padded = network((tf.constant([[3, 4, PAD_ID, PAD_ID, PAD_ID]]), style))
    for head, width in HEADS.items():
        assert tuple(short[head].shape) == (1, width)
        np.testing.assert_allclose(short[head], padded[head], rtol=1e-4, atol=1e-5)


def test_the_order_of_words_matters(body: Body) -> None:
    network = EmotionNetwork(body)
    style = tf.zeros([1, len(STYLE_FIGURES)])
    there = network((tf.constant([[3, 4, 5, 6]]), style))["service"]
    back = network((tf.constant([[6, 5, 4, 3]]), style))["service"]
    assert np.abs(there - back).max() > 1e-6


def test_the_mean_of_nothing_is_zero() -> None:
    mean = masked_mean(tf.ones([2, 3, 4]) * 5, tf.constant([[1.0, 1.0, 0.0], [0.0, 0.0, 0.0]]))
    np.testing.assert_allclose(mean, [[5.0] * 4, [0.0] * 4])
