"""The network: piece ids and style figures to the logits of every taxonomy.

One body makes a vector of a text, and each taxonomy that training data come in has a head on it:
every row teaches the shared body, and its own heads alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, Protocol

import tensorflow as tf

from emotion_component.labels import (
    BRIGHTER_LABELS,
    GOEMOTIONS_LABELS,
    NEGATIVE,
    PLUTCHIK_LABELS,
    SERVICE_LABELS,
)
from emotion_component.network import packing
from emotion_component.network.bodies import Body
from emotion_component.network.phrases import Phrases
from emotion_component.network.tokenizer import PAD_ID

# Head name -> number of outputs. `service` is a softmax; all others are sigmoids.
HEADS: Final = {
    "service": len(SERVICE_LABELS),
    "goemotions": len(GOEMOTIONS_LABELS),
    "brighter": len(BRIGHTER_LABELS),
    "plutchik": len(PLUTCHIK_LABELS),
    "intensity": 1,
}
# What a model answers with. Plutchik's labels come from subtitles and teach the body alone.
ANSWERS: Final = ("service", "goemotions", "brighter", "intensity")

_NEGATIVE: Final = [at for at, name in enumerate(SERVICE_LABELS) if name in NEGATIVE]
_OTHERS: Final = [at for at, name in enumerate(SERVICE_LABELS) if name not in NEGATIVE]


class TextTokenizer(Protocol):
    """What turns strings into a network's inputs: `Tokenizer` or `WordPieceTokenizer`."""

    pieces: Any

    @property
    def size(self) -> int:
        """Number of pieces."""

    def __call__(self, texts: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Give piece ids `[batch, length]` and style figures `[batch, 6]`."""


class EmotionNetwork(tf.keras.Model):
    """A body, the style figures beside its vector, and the heads.

    Args:
        body: One of `bodies`.

    Attributes:
        phrases: Adds its logits to the service head's; none while the network is trained.
    """

    def __init__(self, body: Body) -> None:
        super().__init__()
        self.body = body
        self.phrases: Phrases | None = None
        self.heads = {
            name: tf.keras.layers.Dense(width, name=name) for name, width in HEADS.items()
        }

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
        features = self.features(inputs, training=training)
        logits = {name: head(features) for name, head in self.heads.items()}
        if self.phrases is not None:
            logits["service"] += self.phrases(inputs[0], mask_of(inputs[0]))
        return logits

    def features(self, inputs: tuple[tf.Tensor, tf.Tensor], training: bool = False) -> tf.Tensor:
        """Compute what every head reads, `[batch, width]`, from the inputs of `call`."""
        ids, style = inputs
        return tf.concat([self.body(ids, mask_of(ids), training=training), style], axis=1)


def mask_of(ids: tf.Tensor) -> tf.Tensor:
    """Give 1 where there is a piece and 0 where there is padding, `[batch, length]`."""
    return tf.cast(tf.not_equal(ids, PAD_ID), tf.float32)


def negative_logit(service: tf.Tensor) -> tf.Tensor:
    """Give the log-odds `[batch]` that a message is negative, from service logits `[batch, 10]`."""
    negative = tf.reduce_logsumexp(tf.gather(service, _NEGATIVE, axis=1), axis=1)
    return negative - tf.reduce_logsumexp(tf.gather(service, _OTHERS, axis=1), axis=1)


class ServingModel(tf.Module):
    """What is exported: strings in, probabilities out.

    Args:
        tokenizer: Without sampling.
        network: Trained.
        temperature: Divides the service logits before their softmax (Guo et al. 2017,
            https://arxiv.org/abs/1706.04599).
    """

    def __init__(
        self, tokenizer: TextTokenizer, network: EmotionNetwork, temperature: float
    ) -> None:
        super().__init__()
        self.tokenizer = tokenizer.pieces  # tracked, so that the vocabulary travels along
        self._tokenize = tokenizer
        self.network = packing.PackedFunction(
            lambda ids, style: self._probabilities(network, ids, style, temperature),
            [tf.TensorSpec([None, None], tf.int32), tf.TensorSpec([None, 6], tf.float32)],
        )

    @staticmethod
    def _probabilities(
        network: EmotionNetwork, ids: tf.Tensor, style: tf.Tensor, temperature: float
    ) -> dict[str, tf.Tensor]:
        logits = network((ids, style))
        probabilities = {name: tf.sigmoid(logits[name]) for name in ANSWERS if name != "service"}
        return probabilities | {"service": tf.nn.softmax(logits["service"] / temperature)}

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="text")], autograph=False)
    def serve(self, text: tf.Tensor) -> dict[str, tf.Tensor]:
        """Give the probabilities of every answer, each `[batch, outputs]`, for `text` `[batch]`."""
        return self.network(*self._tokenize(text))


def export(model: tf.Module, directory: Path) -> None:
    """Write a SavedModel with the one signature `serving_default`: `text` to every answer."""
    tf.saved_model.save(model, str(directory), signatures={"serving_default": model.serve})
