"""A model that computes nothing: what is left of a call is what the call itself costs."""

from __future__ import annotations

from pathlib import Path

import tensorflow as tf

from emotion_component import artifact
from emotion_component.classifier import EmotionModel, load


def hollow(model: EmotionModel, folder: Path) -> EmotionModel:
    """Make and load a model with the heads and the card of another, and constants for scores.

    Args:
        model: The real one.
        folder: An empty folder to make it in.
    """
    widths = {head: scores.shape[1] for head, scores in model.probabilities(["hollow"]).items()}

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="text")])  # type: ignore[untyped-decorator]
    def serve(text: tf.Tensor) -> dict[str, tf.Tensor]:
        return {head: tf.fill([tf.size(text), n], 1.0 / n) for head, n in widths.items()}

    module = tf.Module()
    module.serve = serve
    saved = folder / artifact.SAVED_MODEL
    tf.saved_model.save(module, str(saved), signatures={"serving_default": serve})
    artifact.seal(folder, {key: model.card[key] for key in model.card if key != "files"})
    return load(folder, "cpu")
