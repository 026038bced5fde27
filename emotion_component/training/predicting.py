"""What a network in training says of dev texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, cast

import numpy as np
import tensorflow as tf

from emotion_component.datasets.sources import Example
from emotion_component.evaluation.metrics import Floats
from emotion_component.network.model import EmotionNetwork, TextTokenizer
from emotion_component.training import calibration

# Texts that are read at once.
PREDICT_BATCH: Final = 128


def predictor(network: EmotionNetwork, tokenizer: TextTokenizer) -> calibration.Predictor:
    """Give a function from examples to every head's logits, for tuning on dev."""
    run = tf.function(lambda texts: network(tokenizer(texts)), reduce_retracing=True)
    return lambda examples: _in_batches(run, examples)


def features(network: EmotionNetwork, tokenizer: TextTokenizer, examples: list[Example]) -> Floats:
    """Give what the heads read of each example, `[examples, width]`."""
    run = tf.function(
        lambda texts: {"features": network.features(tokenizer(texts))}, reduce_retracing=True
    )
    return cast(Floats, _in_batches(run, examples)["features"])


def _in_batches(run: Callable[[tf.Tensor], Any], examples: list[Example]) -> dict[str, Any]:
    texts = [example.text for example in examples]
    order = sorted(range(len(texts)), key=lambda row: len(texts[row]))  # little padding
    parts: dict[str, list[Any]] = {}
    for start in range(0, len(order), PREDICT_BATCH):
        rows = [texts[row] for row in order[start : start + PREDICT_BATCH]]
        for name, values in run(tf.constant(rows)).items():
            parts.setdefault(name, []).append(values.numpy())
    back = np.argsort(order)
    return {name: np.concatenate(values)[back] for name, values in parts.items()}
