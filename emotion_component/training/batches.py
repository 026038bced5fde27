"""Examples as the tensors that a training step reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import tensorflow as tf

from emotion_component.datasets.sources import Example, Vector
from emotion_component.network.model import HEADS, TextTokenizer

# Texts of like length share a batch, in bytes, so that a one-word message is not padded to a page.
LENGTH_BOUNDARIES: Final = [20, 32, 44, 56, 68, 80, 95, 112, 130, 160, 220, 400]
# Beside the heads': the share of votes that say a customer is dissatisfied.
WIDTHS: Final = {**HEADS, "negative": 1}

# Piece ids and style figures; target name to targets; target name to row weights; and the
# teacher's probabilities by head, empty without one.
Batch = tuple[
    tuple[tf.Tensor, tf.Tensor], dict[str, tf.Tensor], dict[str, tf.Tensor], dict[str, tf.Tensor]
]


def targets(examples: Sequence[Example]) -> tuple[dict[str, Vector], dict[str, Vector]]:
    """Lay out targets and weights.

    Args:
        examples: At least one.

    Returns:
        Target name to values `[rows, outputs]`, and target name to weights `[rows]`, which are 0
        where an example does not teach it. The names are those of `WIDTHS`.
    """
    values = {name: np.zeros((len(examples), n), np.float32) for name, n in WIDTHS.items()}
    weights = {name: np.zeros(len(examples), np.float32) for name in WIDTHS}
    for row, example in enumerate(examples):
        for name, target in example.targets.items():
            values[name][row] = target
            weights[name][row] = example.service_weight if name == "service" else 1.0
    return values, weights


def stream(
    examples: Sequence[Example],
    texts: Sequence[str],
    tokenizer: TextTokenizer,
    batch_size: int,
    seed: int,
    taught: Mapping[str, Any] | None = None,
) -> tf.data.Dataset:
    """Give the batches of one epoch.

    Args:
        examples: Training examples.
        texts: What to read for each of them: its text, or a variant of it.
        tokenizer: With sampling, where it has that.
        batch_size: Rows a batch, but for the last ones of each length.
        seed: Fixes the order; another epoch takes another.
        taught: A teacher's probabilities, head name to `[rows, outputs]`.
    """
    values, weights = targets(examples)
    columns = (list(texts), values, weights, dict(taught or {}))
    rows = tf.data.Dataset.from_tensor_slices(columns).shuffle(len(texts), seed=seed)
    grouped = rows.bucket_by_sequence_length(
        lambda text, *_: tf.strings.length(text),
        bucket_boundaries=LENGTH_BOUNDARIES,
        bucket_batch_sizes=[batch_size] * (len(LENGTH_BOUNDARIES) + 1),
    )
    # Batches come out by length; steps should not.
    mixed = grouped.shuffle(40, seed=seed)
    return mixed.map(lambda text, *rest: (tokenizer(text), *rest)).prefetch(4)


def steps(examples: Sequence[Example], batch_size: int) -> int:
    """Count the batches of an epoch at most, partly filled ones included."""
    return len(examples) // batch_size + len(LENGTH_BOUNDARIES) + 1
