"""Runs of neighbouring pieces, each under a number of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import tensorflow as tf

LONGEST: Final = 4
# Odd numbers that spread runs over the integers; the multiplication wraps around.
_MIX: Final = 31_337
_SPREAD: Final = 7_919
_APART: Final = 104_729


def piece_runs(ids: tf.Tensor, mask: tf.Tensor) -> Iterator[tuple[tf.Tensor, tf.Tensor]]:
    """Yield the runs of one piece, of two, and so on up to `LONGEST`.

    Args:
        ids: Piece ids `[batch, length]`.
        mask: `[batch, length]`, 1 where there is a piece.

    Yields:
        The number `[batch, length]` of the run that ends at each piece, from 0 to the largest
        32-bit integer, and 1 where that run lies within the text. Few runs share a number.
    """
    number = tf.zeros_like(ids)
    for length in range(1, LONGEST + 1):
        mixed = _later(number, 1) * _MIX + ids * _SPREAD + length * _APART
        number = tf.bitwise.bitwise_and(mixed, tf.int32.max)
        # A run that begins before the text is none, and one that ends in padding neither.
        yield number, mask * _later(mask, length - 1) if length > 1 else mask


def _later(values: tf.Tensor, steps: int) -> tf.Tensor:
    """Move `[batch, length]` right along the text; zeros come in."""
    return tf.pad(values, [[0, 0], [steps, 0]])[:, : tf.shape(values)[1]]
