"""What training minimizes: each head's cross-entropy with labels, votes and a teacher."""

from __future__ import annotations

from typing import Final

import tensorflow as tf

from emotion_component.network.model import HEADS, negative_logit

# How much each target counts beside the others. The service labels are what the product shows;
# XED is subtitles with noisy labels and mostly there for its Chinese and its breadth.
WEIGHTS: Final = {
    "service": 1.0,
    "goemotions": 1.0,
    "brighter": 0.3,
    "plutchik": 0.2,
    "intensity": 0.5,
    "negative": 0.3,
}
# A teacher's service scores are themselves uncertain: they count less than labels do.
TEACHER_WEIGHTS: Final = {"service": 0.6, "goemotions": 1.0, "brighter": 0.2, "intensity": 0.3}
# Readers of service messages differ on one in ten: their targets leave some doubt (label
# smoothing, Szegedy et al. 2016).
SMOOTHING: Final = 0.05

Tensors = dict[str, tf.Tensor]


def loss(
    logits: Tensors,
    targets: Tensors,
    weights: Tensors,
    taught: Tensors | None = None,
    share: float = 0.0,
) -> tf.Tensor:
    """Sum the cross-entropies, each over the rows that teach it.

    Args:
        logits: Head name to `[batch, outputs]`.
        targets: Target name to `[batch, outputs]`, values 0 to 1.
        weights: Target name to `[batch]`; 0 leaves a row out.
        taught: A teacher's probabilities, name of each head it knows to `[batch, outputs]`.
        share: How much the teacher counts against the labels, 0 to 1.

    Returns:
        A scalar. Each sum is divided by the batch size, not by the number of its rows, so that a
        target with one row in a batch does not pull with the force of a hundred.
    """
    total = 0.0
    for head in HEADS:
        row = _cross_entropy(head, _smooth(head, targets[head]), logits[head])
        total += (1 - share) * WEIGHTS[head] * tf.reduce_mean(row * weights[head])
    odds = negative_logit(logits["service"])
    row = tf.nn.sigmoid_cross_entropy_with_logits(targets["negative"][:, 0], odds)
    total += WEIGHTS["negative"] * tf.reduce_mean(row * weights["negative"])
    if taught:
        for head, judged in taught.items():
            row = _cross_entropy(head, judged, logits[head])
            total += share * TEACHER_WEIGHTS[head] * tf.reduce_mean(row)
    return total


def _cross_entropy(head: str, target: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """Give one figure a row: of the softmax for `service`, summed over the outputs elsewhere."""
    if head == "service":
        return tf.nn.softmax_cross_entropy_with_logits(target, logits)
    return tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(target, logits), axis=1)


def _smooth(head: str, target: tf.Tensor) -> tf.Tensor:
    if head != "service":
        return target
    return (1 - SMOOTHING) * target + SMOOTHING / HEADS[head]
