"""One model for both languages, made of a model for each.

Which of the two reads a message is decided in the graph, by the rule of `language.detect`: a
message in Chinese that names a product in English stays one message in Chinese.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import tensorflow as tf
import tensorflow_text  # noqa: F401  # registers the operations that the graphs need

from emotion_component import artifact
from emotion_component.datasets.sources import Example
from emotion_component.language import HAN_PER_LATIN_WORD
from emotion_component.network.model import ANSWERS, HEADS
from emotion_component.training import calibration
from emotion_component.training.saving import replace

_URL: Final = r"(?i)(?:https?://|www\.)\S+"
_HAN: Final = r"[\x{3400}-\x{4dbf}\x{4e00}-\x{9fff}\x{f900}-\x{faff}\x{20000}-\x{2fa1f}]"
_LATIN_WORD: Final = r"[A-Za-z\x{c0}-\x{24f}]+(?:['’][A-Za-z]+)*"
# Stands for one match, where matches are counted; no message holds it once it is replaced.
_MARK: Final = "\x01"
_LEAST: Final = 1e-7  # keeps a logarithm finite
_PREDICT_BATCH: Final = 128


class RoutedModel(tf.Module):
    """Two models behind one signature.

    Args:
        english: Reads what is not Chinese.
        chinese: Reads what is.
    """

    def __init__(self, english: Any, chinese: Any) -> None:
        super().__init__()
        self.english, self.chinese = english, chinese

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="text")], autograph=False)
    def serve(self, text: tf.Tensor) -> dict[str, tf.Tensor]:
        """Give the probabilities of every answer, each `[batch, outputs]`, for `text` `[batch]`."""
        chinese = is_chinese(text)
        count = tf.reduce_sum(tf.cast(chinese, tf.int32))
        # A batch of one language, such as a single message, needs no sorting apart.
        judged: dict[str, tf.Tensor] = tf.cond(
            tf.equal(count, 0),
            lambda: _answers(self.english, text),
            lambda: tf.cond(
                tf.equal(count, tf.size(text)),
                lambda: _answers(self.chinese, text),
                lambda: self._apart(text, chinese),
            ),
        )
        return judged

    def _apart(self, text: tf.Tensor, chinese: tf.Tensor) -> dict[str, tf.Tensor]:
        """Judge each language by its model and put the rows back in order."""
        rows = tf.range(tf.size(text))
        places = [tf.boolean_mask(rows, tf.logical_not(chinese)), tf.boolean_mask(rows, chinese)]
        judged = [
            _answers(model, tf.gather(text, at))
            for model, at in zip((self.english, self.chinese), places, strict=True)
        ]
        return {
            name: tf.dynamic_stitch(places, [each[name] for each in judged]) for name in ANSWERS
        }


def _answers(model: Any, text: tf.Tensor) -> dict[str, tf.Tensor]:
    found = model.signatures["serving_default"](text=text)
    return {name: tf.ensure_shape(found[name], [None, HEADS[name]]) for name in ANSWERS}


def is_chinese(text: tf.Tensor) -> tf.Tensor:
    """Tell for each text `[batch]` whether it is Chinese; what shows no language is not."""
    valid = tf.strings.unicode_transcode(text, "UTF-8", "UTF-8", errors="replace")
    bare = tf.strings.regex_replace(valid, f"{_URL}|{_MARK}", " ")
    han, words = _count(bare, _HAN), _count(bare, _LATIN_WORD)
    return tf.logical_and(han > 0, han >= HAN_PER_LATIN_WORD * words)


def _count(text: tf.Tensor, pattern: str) -> tf.Tensor:
    """Count the matches in each text, as floats."""
    marked = tf.strings.regex_replace(text, pattern, _MARK)
    left = tf.strings.regex_replace(marked, f"[^{_MARK}]", "")
    return tf.cast(tf.strings.length(left), tf.float32)


def combine(
    english: Path, chinese: Path, dev: Mapping[str, list[Example]], out: Path, name: str
) -> dict[str, Any]:
    """Put two models into one, tune its thresholds on dev, and seal it.

    Args:
        english: Model folder.
        chinese: Model folder.
        dev: Source name to examples of both languages (`Corpus.dev`).
        out: Folder to write.
        name: What the new model calls itself.

    Returns:
        The card that was written to `model.json`.

    Raises:
        WeightsError: If one of the two cannot be loaded.
    """
    bundles = [artifact.open_bundle(folder) for folder in (english, chinese)]
    model = RoutedModel(*(tf.saved_model.load(str(bundle.saved_model)) for bundle in bundles))
    tuned = calibration.tune(_predictor(model), dev)
    cards = [bundle.card for bundle in bundles]
    card = {
        "name": name,
        "languages": ["en", "zh"],
        "labels": cards[0]["labels"],
        "heads": [
            head for head in ANSWERS if any(head in of.get("heads", ANSWERS) for of in cards)
        ],
        "parts": {
            language: {key: of[key] for key in ("name", "seed", "rows", "dev_score", "data")}
            for language, of in zip(("en", "zh"), cards, strict=True)
        },
        **({"research_only": True} if any(of.get("research_only") for of in cards) else {}),
        **tuned.card(),
    }
    # The parts are calibrated: what remains to divide by is 1, and reported where it is not.
    replace(out, model, card)
    return card


def _predictor(model: RoutedModel) -> calibration.Predictor:
    """Give a function from examples to what `calibration` takes for logits."""

    def predict(examples: list[Example]) -> dict[str, Any]:
        texts = [example.text for example in examples]
        starts = range(0, len(texts), _PREDICT_BATCH)
        parts = [model.serve(tf.constant(texts[at : at + _PREDICT_BATCH])) for at in starts]
        found = {head: np.concatenate([part[head] for part in parts]) for head in ANSWERS}
        return {head: _log(values, head == "service") for head, values in found.items()}

    return predict


def _log(probabilities: Any, softmax: bool) -> Any:
    """Undo a softmax or a sigmoid, up to what neither can tell apart."""
    kept = np.clip(probabilities, _LEAST, 1 - _LEAST)
    return np.log(kept) if softmax else np.log(kept / (1 - kept))
