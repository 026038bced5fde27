"""A transformer encoder: piece ids to one vector a piece.

The post-norm encoder of BERT (Devlin et al. 2019, https://aclanthology.org/N19-1423), so that the
public encoders of that family can be loaded into it (`pretrained`). Queries, keys and values come
from one matrix product: a short message costs little arithmetic, so it is operations that count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import tensorflow as tf

NORM_EPSILON = 1e-12  # BERT's


@dataclass(frozen=True)
class EncoderSize:
    """How large an encoder is.

    Attributes:
        vocabulary: Number of pieces.
        hidden: Width of a vector.
        layers: Number of blocks.
        heads: Attention heads a block; divides `hidden`.
        intermediate: Width of a block's feed-forward layer.
        positions: The longest text, in pieces.
        dropout: Share dropped of embeddings, attention and block outputs while training.
    """

    vocabulary: int
    hidden: int = 384
    layers: int = 3
    heads: int = 12
    intermediate: int = 1_536
    positions: int = 192
    dropout: float = 0.1


class Norm(tf.keras.layers.Layer):
    """Layer normalization (Ba et al. 2016) over the last axis, in few operations."""

    def build(self, shape: Any) -> None:
        """Make gain and shift."""
        self.gain = self.add_weight(name="gain", shape=shape[-1:], initializer="ones")
        self.shift = self.add_weight(name="shift", shape=shape[-1:], initializer="zeros")

    def call(self, values: tf.Tensor) -> tf.Tensor:
        """Normalize `[..., width]`."""
        centred = values - tf.reduce_mean(values, -1, keepdims=True)
        variance = tf.reduce_mean(tf.square(centred), -1, keepdims=True)
        return centred * (tf.math.rsqrt(variance + NORM_EPSILON) * self.gain) + self.shift


class Block(tf.keras.layers.Layer):
    """Self-attention and a feed-forward layer, each added to its input and normalized."""

    def __init__(self, size: EncoderSize, name: str) -> None:
        super().__init__(name=name)
        dense = tf.keras.layers.Dense
        initial = tf.keras.initializers.TruncatedNormal(stddev=0.02)
        self.heads, self.width = size.heads, size.hidden // size.heads
        self.attend = dense(3 * size.hidden, kernel_initializer=initial, name="attend")
        self.project = dense(size.hidden, kernel_initializer=initial, name="project")
        self.widen = dense(size.intermediate, kernel_initializer=initial, name="widen")
        self.narrow = dense(size.hidden, kernel_initializer=initial, name="narrow")
        self.attention_norm, self.output_norm = (
            Norm(name="attention_norm"),
            Norm(name="output_norm"),
        )
        self.dropout = tf.keras.layers.Dropout(size.dropout)

    def call(self, values: tf.Tensor, bias: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Transform `[batch, length, hidden]`; `bias` `[batch, 1, 1, length]` hides the padding."""
        attended = self.project(self._attention(values, bias, training))
        values = self.attention_norm(values + self.dropout(attended, training=training))
        fed = self.narrow(tf.nn.gelu(self.widen(values)))
        return self.output_norm(values + self.dropout(fed, training=training))

    def _attention(self, values: tf.Tensor, bias: tf.Tensor, training: bool) -> tf.Tensor:
        """Mix the values of all positions, `[batch, length, hidden]` in and out."""
        shape = tf.shape(values)
        split = tf.reshape(self.attend(values), [shape[0], shape[1], 3, self.heads, self.width])
        query, key, value = tf.unstack(tf.transpose(split, [2, 0, 3, 1, 4]))
        scores = tf.matmul(query * self.width**-0.5, key, transpose_b=True) + bias
        weights = self.dropout(tf.nn.softmax(scores), training=training)
        mixed = tf.transpose(tf.matmul(weights, value), [0, 2, 1, 3])
        return tf.reshape(mixed, shape)


class Encoder(tf.keras.layers.Layer):
    """Embeddings and blocks.

    Args:
        size: Widths and depth.
    """

    def __init__(self, size: EncoderSize) -> None:
        super().__init__(name="encoder")
        self.size = size
        self.norm = Norm(name="norm")
        self.dropout = tf.keras.layers.Dropout(size.dropout)
        self.blocks = [Block(size, f"block_{number}") for number in range(size.layers)]

    def build(self, shape: Any) -> None:
        """Make the tables of pieces and positions."""
        initial = tf.keras.initializers.TruncatedNormal(stddev=0.02)
        size = self.size
        self.pieces = self.add_weight("pieces", [size.vocabulary, size.hidden], initializer=initial)
        self.places = self.add_weight("places", [size.positions, size.hidden], initializer=initial)

    def call(self, ids: tf.Tensor, mask: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Encode.

        Args:
            ids: Piece ids `[batch, length]`, at most `positions` long.
            mask: 1 for a piece and 0 for padding, `[batch, length]`.
            training: Whether dropout is on.

        Returns:
            Vectors `[batch, length, hidden]`; those of padded positions mean nothing.
        """
        values = tf.gather(self.pieces, ids) + self.places[: tf.shape(ids)[1]]
        values = self.dropout(self.norm(values), training=training)
        bias = tf.cast((mask[:, tf.newaxis, tf.newaxis, :] - 1.0) * 1e9, values.dtype)
        for block in self.blocks:
            values = block(values, bias, training=training)
        return values
