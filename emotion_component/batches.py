"""Examples as the tensors that a training step reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import tensorflow as tf

from emotion_component.datasets import Example, Vector
from emotion_component.model import HEADS
from emotion_component.tokenizer import Tokenizer

BATCH_SIZE: Final = 128
# Texts of like length share a batch, in bytes, so that a one-word message is not padded to a page.
LENGTH_BOUNDARIES: Final = [50, 100, 200, 400]

# Piece ids and style figures; head name to targets; head name to row weights.
Batch = tuple[tuple[tf.Tensor, tf.Tensor], dict[str, tf.Tensor], dict[str, tf.Tensor]]


def targets(examples: Sequence[Example]) -> tuple[dict[str, Vector], dict[str, Vector]]:
    """Lay out targets and weights of every head.

    Args:
        examples: At least one.

    Returns:
        Head name to targets `[rows, outputs]`, and head name to weights `[rows]`, which are 0
        where an example does not teach that head.
    """
    values = {head: np.zeros((len(examples), n), np.float32) for head, n in HEADS.items()}
    weights = {head: np.zeros(len(examples), np.float32) for head in HEADS}
    for row, example in enumerate(examples):
        for head, target in example.targets.items():
            values[head][row] = target
            weights[head][row] = example.service_weight if head == "service" else 1.0
    return values, weights


def stream(examples: Sequence[Example], tokenizer: Tokenizer, seed: int) -> tf.data.Dataset:
    """Give batches of one epoch, drawn in a new order each time it is iterated.

    Args:
        examples: Training examples.
        tokenizer: With sampling.
        seed: Fixes the order.
    """
    texts = [example.text for example in examples]
    rows = tf.data.Dataset.from_tensor_slices((texts, *targets(examples)))
    rows = rows.shuffle(len(texts), seed=seed, reshuffle_each_iteration=True)
    batches = rows.bucket_by_sequence_length(
        lambda text, target, weight: tf.strings.length(text),
        bucket_boundaries=LENGTH_BOUNDARIES,
        bucket_batch_sizes=[BATCH_SIZE] * (len(LENGTH_BOUNDARIES) + 1),
    )
    tokenized = batches.map(lambda text, target, weight: (tokenizer(text), target, weight))
    return tokenized.prefetch(2)


def steps(examples: Sequence[Example]) -> int:
    """Count the batches of an epoch, partly filled ones included at most once a bucket."""
    return len(examples) // BATCH_SIZE + len(LENGTH_BOUNDARIES) + 1
