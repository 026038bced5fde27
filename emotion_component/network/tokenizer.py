"""Text to piece ids and style figures, as TensorFlow operations inside the model's graph.

One SentencePiece vocabulary (Kudo and Richardson 2018, https://aclanthology.org/D18-2012) serves
both languages. Everything from raw bytes to ids happens in the graph, so an exported model takes
strings wherever it runs, and training and serving cannot drift apart.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any, Final

import sentencepiece
import tensorflow as tf
import tensorflow_text as tf_text

PAD_ID: Final = 0
UNKNOWN_ID: Final = 1
# Bounds what one message may cost: a rant fits, a pasted book is cut.
MAX_CHARACTERS: Final = 1_200
MAX_PIECES: Final = 192
# Rare characters become the unknown piece; Chinese and emoji need a high share.
CHARACTER_COVERAGE: Final = 0.9997
# Sampling of alternative segmentations while training (Kudo 2018, subword regularization).
SAMPLING_ALPHA: Final = 0.2

STYLE_FIGURES: Final = ("exclamations", "questions", "ellipses", "capitals", "digits", "length")

_CONTROL: Final = r"[\p{Cc}\p{Cf}]+"
_URL: Final = r"(?i)(https?://|www\.)[^\s\p{Han}]+"


def clean(texts: tf.Tensor) -> tf.Tensor:
    """Cut, repair and compose raw text.

    Args:
        texts: UTF-8 strings, shape `[batch]`; invalid bytes become U+FFFD.

    Returns:
        Strings, shape `[batch]`: at most `MAX_CHARACTERS` characters of the input, NFKC, control
        and format characters replaced by a space, addresses of web pages by `url`.
    """
    texts = tf.strings.unicode_transcode(texts, "UTF-8", "UTF-8", errors="replace")
    texts = tf.strings.substr(texts, 0, MAX_CHARACTERS, unit="UTF8_CHAR")
    texts = tf_text.normalize_utf8(texts, "NFKC")
    texts = tf.strings.regex_replace(texts, _CONTROL, " ")
    return tf.strings.regex_replace(texts, _URL, " url ")


def normalize(cleaned: tf.Tensor) -> tf.Tensor:
    """Fold what the vocabulary should not tell apart: case, and which digits a number has.

    Args:
        cleaned: What `clean` gave, shape `[batch]`.
    """
    return tf.strings.regex_replace(tf_text.case_fold_utf8(cleaned), r"\p{Nd}", "0")


def style(cleaned: tf.Tensor) -> tf.Tensor:
    """Measure how a message is written: what shouting looks like once case is folded away.

    Args:
        cleaned: What `clean` gave, shape `[batch]`.

    Returns:
        Floats of shape `[batch, 6]` in the order of `STYLE_FIGURES`: counts and length as
        log(1 + n), capitals and digits as their share of the letters and of all characters.
    """
    length = _count(cleaned, r"\p{Z}")
    letters = _count(cleaned, r"[^\p{L}]")
    figures = [
        tf.math.log1p(_count(cleaned, r"[^!]")),
        tf.math.log1p(_count(cleaned, r"[^?]")),
        tf.math.log1p(_count(tf.strings.regex_replace(cleaned, r"\.{2,}|…+", "\x01"), "[^\x01]")),
        _count(cleaned, r"[^\p{Lu}]") / tf.maximum(letters, 1.0),
        _count(cleaned, r"[^\p{Nd}]") / tf.maximum(length, 1.0),
        tf.math.log1p(length) / 4.0,  # brings 1 to 1,200 characters into 0.2 to 1.8
    ]
    return tf.stack(figures, axis=1)


def _count(texts: tf.Tensor, drop: str) -> tf.Tensor:
    """Count the characters that the pattern `drop` leaves over, as floats."""
    kept = tf.strings.regex_replace(texts, drop, "")
    return tf.cast(tf.strings.length(kept, unit="UTF8_CHAR"), tf.float32)


def train_vocabulary(texts: Iterable[str], size: int, characters: bool = False) -> bytes:
    """Train a SentencePiece unigram vocabulary.

    Args:
        texts: Raw training texts of all languages.
        size: Pieces wanted; fewer come out where the texts hold no more.
        characters: Make every piece one character.

    Returns:
        The serialized SentencePiece model.
    """
    normalized = normalize(clean(tf.constant(list(texts))))
    lines = iter([line for line in (raw.decode().strip() for raw in normalized.numpy()) if line])
    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=lines,
        model_writer=written,
        vocab_size=size,
        hard_vocab_limit=False,
        model_type="char" if characters else "unigram",
        character_coverage=CHARACTER_COVERAGE,
        normalization_rule_name="identity",  # `normalize` has done it, in training and serving
        pad_id=PAD_ID,
        unk_id=UNKNOWN_ID,
        bos_id=-1,
        eos_id=-1,
        num_threads=1,  # more threads change the result from run to run
        minloglevel=2,
    )
    return written.getvalue()


class Tokenizer:
    """Turns raw strings into the two inputs of the network.

    Args:
        vocabulary: What `train_vocabulary` gave.
        sampling: Draw among alternative segmentations instead of taking the best; for training.
    """

    def __init__(self, vocabulary: bytes, sampling: bool = False) -> None:
        options: dict[str, Any] = (
            {"nbest_size": -1, "alpha": SAMPLING_ALPHA} if sampling else {"nbest_size": 0}
        )
        self.pieces = tf_text.SentencepieceTokenizer(vocabulary, **options)

    @property
    def size(self) -> int:
        """Number of pieces, padding and unknown included."""
        return int(self.pieces.vocab_size())

    def __call__(self, texts: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Tokenize and measure.

        Args:
            texts: Strings, shape `[batch]`.

        Returns:
            Piece ids `[batch, length]`, int32, padded with `PAD_ID` to the longest of the batch
            (at least 1, at most `MAX_PIECES`); style figures `[batch, 6]`.
        """
        cleaned = clean(texts)
        ids = self.pieces.tokenize(normalize(cleaned))[:, :MAX_PIECES].to_tensor(PAD_ID)
        # A batch of empty messages still needs one column to convolve over.
        short = tf.cast(tf.shape(ids)[1] == 0, tf.int32)
        return tf.pad(ids, [[0, 0], [0, short]], constant_values=PAD_ID), style(cleaned)
