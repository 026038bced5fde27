"""The network: piece ids and style figures to the logits of every taxonomy.

A convolutional sentence classifier (Kim 2014, https://aclanthology.org/D14-1181) with one head
for each taxonomy that the training data come in: every row teaches the shared body, and its own
head alone. Small on purpose: it runs inside the event loop of a chat server.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import tensorflow as tf

from emotion_component.labels import (
    BRIGHTER_LABELS,
    GOEMOTIONS_LABELS,
    PLUTCHIK_LABELS,
    SERVICE_LABELS,
)
from emotion_component.tokenizer import PAD_ID, Tokenizer

# Head name -> number of outputs. `service` is a softmax; all others are sigmoids.
HEADS: Final = {
    "service": len(SERVICE_LABELS),
    "goemotions": len(GOEMOTIONS_LABELS),
    "brighter": len(BRIGHTER_LABELS),
    "plutchik": len(PLUTCHIK_LABELS),
    "negative": 1,
    "intensity": 1,
}


@dataclass(frozen=True)
class Size:
    """How large the network is.

    Attributes:
        embedding: Width of a piece's vector.
        filters: Filters per convolution width.
        widths: Convolution widths, in pieces.
        hidden: Width of the shared layer under the heads.
        dropout: Share dropped of embeddings (half of it) and of the pooled features.
    """

    embedding: int = 96
    filters: int = 128
    widths: tuple[int, ...] = (1, 2, 3, 5)
    hidden: int = 256
    dropout: float = 0.5


class EmotionNetwork(tf.keras.Model):
    """Embeddings, parallel convolutions, masked pooling, a shared layer, one head per taxonomy.

    Padding never changes a result: padded positions are zero before the convolutions, as their
    own padding is, and are left out of the pooling.

    Args:
        vocabulary_size: Number of pieces.
        size: Widths and dropout.
    """

    def __init__(self, vocabulary_size: int, size: Size | None = None) -> None:
        super().__init__()
        size = size or Size()
        layers = tf.keras.layers
        self.embedding = layers.Embedding(vocabulary_size, size.embedding)
        self.embedding_dropout = layers.SpatialDropout1D(size.dropout / 2)
        self.convolutions = [
            layers.Conv1D(size.filters, width, padding="same", activation="relu")
            for width in size.widths
        ]
        self.dropout = layers.Dropout(size.dropout)
        self.shared = layers.Dense(size.hidden, activation="gelu")
        self.heads = {name: layers.Dense(width, name=name) for name, width in HEADS.items()}

    def call(
        self, inputs: tuple[tf.Tensor, tf.Tensor], training: bool = False
    ) -> dict[str, tf.Tensor]:
        """Compute the logits of every head.

        Args:
            inputs: Piece ids `[batch, length]` and style figures `[batch, 6]`.
            training: Whether dropout is on.

        Returns:
            Head name to logits `[batch, outputs]`.
        """
        ids, style = inputs
        mask = tf.cast(tf.not_equal(ids, PAD_ID), tf.float32)[:, :, tf.newaxis]
        embedded = self.embedding_dropout(self.embedding(ids), training=training) * mask
        mean = tf.reduce_sum(embedded, 1) / tf.maximum(tf.reduce_sum(mask, 1), 1.0)
        # A rectified value is never below 0, so zeroed padding cannot win the maximum.
        peaks = [tf.reduce_max(conv(embedded) * mask, axis=1) for conv in self.convolutions]
        pooled = self.dropout(tf.concat([mean, *peaks], axis=1), training=training)
        shared = self.shared(tf.concat([pooled, style], axis=1))
        shared = self.dropout(shared, training=training)
        return {name: head(shared) for name, head in self.heads.items()}


class ServingModel(tf.Module):
    """What is exported: strings in, probabilities out.

    Args:
        tokenizer: Without sampling.
        network: Trained.
        temperature: Divides the service logits before their softmax (Guo et al. 2017,
            https://arxiv.org/abs/1706.04599).
    """

    def __init__(self, tokenizer: Tokenizer, network: EmotionNetwork, temperature: float) -> None:
        super().__init__()
        self.tokenizer = tokenizer.pieces  # tracked, so that the vocabulary travels along
        self._tokenize = tokenizer
        self.network = network
        self.temperature = temperature

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="text")])
    def serve(self, text: tf.Tensor) -> dict[str, tf.Tensor]:
        """Give the probabilities of every head, each `[batch, outputs]`, for `text` `[batch]`."""
        logits = self.network(self._tokenize(text))
        probabilities = {name: tf.sigmoid(values) for name, values in logits.items()}
        probabilities["service"] = tf.nn.softmax(logits["service"] / self.temperature)
        return probabilities


def export(model: ServingModel, directory: Path) -> None:
    """Write a SavedModel with the one signature `serving_default`: `text` to every head."""
    tf.saved_model.save(model, str(directory), signatures={"serving_default": model.serve})
