"""The part of a network from piece ids to one vector a text: convolutions, a GRU, a transformer.

Padding never changes a result: each body hides padded positions from everything it sums, compares
or attends to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import tensorflow as tf

from emotion_component.network.encoder import Encoder
from emotion_component.network.piece_runs import piece_runs

_RUN_DROPOUT: Final = 0.3


@dataclass(frozen=True)
class Size:
    """How large a body that is trained from nothing is.

    Attributes:
        embedding: Width of a piece's vector.
        filters: Filters per convolution width; half the width of the GRU's states.
        widths: Convolution widths, in pieces.
        hidden: Width of the vector that comes out of convolutions and GRU.
        blocks: Depth of a transformer.
        buckets: Rows of the table of hashed runs.
        run_width: Width of a run's vector.
        dropout: Share dropped of embeddings (half of it) and of the pooled features.
    """

    embedding: int = 96
    filters: int = 128
    widths: tuple[int, ...] = (1, 2, 3, 5)
    hidden: int = 256
    blocks: int = 3
    buckets: int = 65_536
    run_width: int = 24
    dropout: float = 0.5


class _Embedded(tf.keras.layers.Layer):
    """What stands before and behind convolutions and GRU: embeddings, and a layer over the pooled.

    Args:
        name: Of the body.
        vocabulary_size: Number of pieces.
        size: Widths and dropout.
    """

    def __init__(self, name: str, vocabulary_size: int, size: Size) -> None:
        super().__init__(name=name)
        self.embedding = tf.keras.layers.Embedding(vocabulary_size, size.embedding)
        self.embedding_dropout = tf.keras.layers.SpatialDropout1D(size.dropout / 2)
        self.dropout = tf.keras.layers.Dropout(size.dropout)
        self.shared = tf.keras.layers.Dense(size.hidden, activation="gelu")

    @property
    def table(self) -> tf.Variable:
        """The embeddings."""
        return self.embedding.embeddings

    def embed(self, ids: tf.Tensor, training: bool) -> tf.Tensor:
        """Give the vectors `[batch, length, embedding]` of ids `[batch, length]`."""
        return self.embedding_dropout(self.embedding(ids), training=training)

    def share(self, pooled: tf.Tensor, training: bool) -> tf.Tensor:
        """Give `[batch, hidden]` for what was pooled, `[batch, width]`."""
        return self.shared(self.dropout(pooled, training=training))


class Convolutions(_Embedded):
    """Embeddings, parallel convolutions, masked pooling, a shared layer.

    The sentence classifier of Kim 2014 (https://aclanthology.org/D14-1181), with the mean of the
    embeddings beside the peaks of the filters.

    Args:
        vocabulary_size: Number of pieces.
        size: Widths and dropout.
    """

    def __init__(self, vocabulary_size: int, size: Size) -> None:
        super().__init__("convolutions", vocabulary_size, size)
        self.convolutions = [
            tf.keras.layers.Conv1D(size.filters, width, padding="same", activation="relu")
            for width in size.widths
        ]

    def call(self, ids: tf.Tensor, mask: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Give `[batch, hidden]` for ids and mask `[batch, length]`."""
        shown = mask[:, :, tf.newaxis]
        embedded = self.embed(ids, training) * shown
        # A rectified value is never below 0, so zeroed padding cannot win the maximum.
        peaks = [tf.reduce_max(conv(embedded) * shown, axis=1) for conv in self.convolutions]
        pooled = tf.concat([masked_mean(embedded, mask), *peaks], axis=1)
        return self.share(pooled, training)


class Runs(tf.keras.layers.Layer):
    """A vector for every run of one to four pieces, summed over a text, beside convolutions.

    Joulin et al. 2017 (https://aclanthology.org/E17-2068) show that hashed runs of words carry
    most of what a text says about its class. Over characters they know Chinese words by heart, as
    few examples as there are, where convolutions generalize.

    Args:
        vocabulary_size: Number of pieces.
        size: Widths and dropout.
    """

    def __init__(self, vocabulary_size: int, size: Size) -> None:
        super().__init__(name="runs")
        self.convolutions = Convolutions(vocabulary_size, size)
        self.size = size

    def build(self, shape: Any) -> None:
        """Make the table of runs."""
        initial = tf.keras.initializers.RandomNormal(stddev=0.05)
        shape = [self.size.buckets, self.size.run_width]
        self.runs = self.add_weight("runs", shape, initializer=initial)

    @property
    def table(self) -> tf.Variable:
        """The embeddings of the pieces."""
        return self.convolutions.table

    def call(self, ids: tf.Tensor, mask: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Give `[batch, hidden + run_width]` for ids and mask `[batch, length]`."""
        summed = 0.0
        for number, whole in piece_runs(ids, mask):
            kept = tf.nn.dropout(whole, _RUN_DROPOUT) if training else whole
            vectors = tf.gather(self.runs, tf.math.floormod(number, self.size.buckets))
            summed += tf.matmul(kept[:, tf.newaxis, :], vectors)[:, 0]
        count = tf.reduce_sum(mask, 1, keepdims=True)
        convolved = self.convolutions(ids, mask, training=training)
        return tf.concat([convolved, summed / tf.sqrt(count + 1.0)], axis=1)


class Recurrent(_Embedded):
    """Embeddings, a GRU in both directions (Cho et al. 2014), masked mean and peak, a shared layer.

    Args:
        vocabulary_size: Number of pieces.
        size: Widths and dropout.
    """

    def __init__(self, vocabulary_size: int, size: Size) -> None:
        super().__init__("recurrent", vocabulary_size, size)
        self.gru = tf.keras.layers.Bidirectional(
            tf.keras.layers.GRU(size.filters, return_sequences=True)
        )

    def call(self, ids: tf.Tensor, mask: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Give `[batch, hidden]` for ids and mask `[batch, length]`."""
        states = self.gru(self.embed(ids, training), mask=mask > 0)
        # States lie between -1 and 1: -2 never is the peak.
        peak = tf.reduce_max(tf.where(mask[:, :, tf.newaxis] > 0, states, -2.0), axis=1)
        pooled = tf.concat([masked_mean(states, mask), peak], axis=1)
        return self.share(pooled, training)


class Transformer(tf.keras.layers.Layer):
    """An encoder and the mean of its vectors.

    Args:
        encoder: From nothing, or from published weights (`pretrained.encoder`).
        dropout: Share dropped of the mean.
    """

    def __init__(self, encoder: Encoder, dropout: float = 0.1) -> None:
        super().__init__(name="transformer")
        self.encoder = encoder
        self.dropout = tf.keras.layers.Dropout(dropout)

    @property
    def table(self) -> tf.Variable:
        """The embeddings."""
        return self.encoder.pieces

    def call(self, ids: tf.Tensor, mask: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Give `[batch, hidden]` for ids and mask `[batch, length]`."""
        vectors = self.encoder(ids, mask, training=training)
        return self.dropout(masked_mean(vectors, mask), training=training)


def masked_mean(values: tf.Tensor, mask: tf.Tensor) -> tf.Tensor:
    """Average `[batch, length, width]` over positions with a mask of 1; 0 where there is none."""
    mask = tf.cast(mask, values.dtype)
    summed = tf.matmul(mask[:, tf.newaxis, :], values)[:, 0]
    return summed / tf.maximum(tf.reduce_sum(mask, 1, keepdims=True), 1.0)


Body = Any  # one of the three; Keras is untyped
