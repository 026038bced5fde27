"""What a network in training says of dev texts."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import tensorflow as tf

from emotion_component.datasets.sources import Example
from emotion_component.network.model import EmotionNetwork, TextTokenizer
from emotion_component.training import calibration

# Texts that are read at once.
PREDICT_BATCH: Final = 128


def predictor(network: EmotionNetwork, tokenizer: TextTokenizer) -> calibration.Predictor:
    """Give a function from examples to every head's logits, for tuning on dev."""
    run = tf.function(lambda texts: network(tokenizer(texts)), reduce_retracing=True)

    def predict(examples: list[Example]) -> dict[str, Any]:
        texts = [example.text for example in examples]
        order = sorted(range(len(texts)), key=lambda row: len(texts[row]))  # little padding
        parts: dict[str, list[Any]] = {}
        for start in range(0, len(order), PREDICT_BATCH):
            rows = [texts[row] for row in order[start : start + PREDICT_BATCH]]
            for head, values in run(tf.constant(rows)).items():
                parts.setdefault(head, []).append(values.numpy())
        back = np.argsort(order)
        return {head: np.concatenate(values)[back] for head, values in parts.items()}

    return predict
