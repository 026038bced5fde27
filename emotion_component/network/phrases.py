"""What the phrases of a message say about its service label, beside what the network reads.

A linear layer over which runs of pieces occur knows set phrases by heart ("third time", "又来了"),
from as few as three messages, where a network generalizes: together they are right more often than
either (products of experts, Hinton 2002, https://doi.org/10.1162/089976602760128018).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from emotion_component.network.piece_runs import piece_runs

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int32]

_LEAST = 1e-6  # a message without a known run divides by this


class Phrases(tf.Module):
    """The layer: known runs weighed by rarity, scaled to length one, times the labels' weights.

    Args:
        numbers: Of the known runs, rising, `[runs]`.
        rarity: Inverse document frequency of each, `[runs]`, above 0 (Spärck Jones 1972).
        kernel: `[runs, labels]`.
        bias: `[labels]`.
    """

    def __init__(self, numbers: Integers, rarity: Floats, kernel: Floats, bias: Floats) -> None:
        super().__init__(name="phrases")
        rows = np.concatenate([kernel * rarity[:, np.newaxis], rarity[:, np.newaxis]], axis=1)
        # The last row stands for every unknown run: it says nothing and weighs nothing.
        self._table = np.concatenate([rows, np.zeros_like(rows[:1])]).astype(np.float32)
        self._numbers, self._bias = numbers, bias.astype(np.float32)

    def __call__(self, ids: tf.Tensor, mask: tf.Tensor) -> tf.Tensor:
        """Give logits `[batch, labels]` for piece ids and their mask `[batch, length]`."""
        each = list(piece_runs(ids, mask))
        numbers = tf.concat([number for number, _ in each], axis=1)
        within = tf.concat([inside for _, inside in each], axis=1) > 0
        found = tf.gather(self._table, self._places(numbers, within))
        weighed, rarity = found[:, :, :-1], found[:, :, -1]
        norm = tf.sqrt(tf.reduce_sum(rarity**2, axis=1, keepdims=True))
        return tf.reduce_sum(weighed, axis=1) / tf.maximum(norm, _LEAST) + self._bias

    def _places(self, numbers: tf.Tensor, within: tf.Tensor) -> tf.Tensor:
        """Give the row of the table of each run, `[batch, runs]`."""
        known = tf.constant(self._numbers)
        flat = tf.reshape(numbers, [-1])
        place = tf.minimum(tf.searchsorted(known, flat), len(self._numbers) - 1)
        is_known = tf.equal(tf.gather(known, place), flat)
        place = tf.where(is_known, place, len(self._numbers))
        return tf.where(within, tf.reshape(place, tf.shape(numbers)), len(self._numbers))
