"""Text to the word pieces of a BERT vocabulary, as TensorFlow operations inside the graph.

WordPiece (Song et al. 2021, https://aclanthology.org/2021.emnlp-main.160) because public English
encoders were trained on it. Emoji, which such vocabularies lack and customers do not, stand alone
and have pieces of their own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

import tensorflow as tf
import tensorflow_text as tf_text

from emotion_component.network.tokenizer import clean, style

PAD, UNKNOWN, FIRST, LAST = "[PAD]", "[UNK]", "[CLS]", "[SEP]"
MAX_PIECES: Final = 128
# A picture is no punctuation to BERT and would swallow the word it touches.
_PICTURE: Final = r"([\p{So}\x{1F3FB}-\x{1F3FF}])"
_PICTURE_PYTHON = re.compile("[\u203c\u2049\u2190-\u2bff\u3030\U0001f000-\U0001faff]")


class WordPieceTokenizer:
    """Turns raw strings into the two inputs of the network.

    Args:
        vocabulary: Pieces by id, `[PAD]`, `[UNK]`, `[CLS]` and `[SEP]` among them.
        max_pieces: Cut longer texts, in pieces, the two marks at the ends included.
    """

    def __init__(self, vocabulary: Sequence[str], max_pieces: int = MAX_PIECES) -> None:
        self.vocabulary = list(vocabulary)
        self.pieces = tf_text.FastWordpieceTokenizer(
            self.vocabulary, token_out_type=tf.int32, unknown_token=UNKNOWN
        )
        self._fold = tf_text.FastBertNormalizer(lower_case_nfd_strip_accents=True)
        self._room = max_pieces - 2
        self._first = self.vocabulary.index(FIRST)
        self._last = self.vocabulary.index(LAST)
        self.pad_id = self.vocabulary.index(PAD)

    @property
    def size(self) -> int:
        """Number of pieces."""
        return len(self.vocabulary)

    def __call__(self, texts: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Tokenize and measure.

        Args:
            texts: Strings, shape `[batch]`.

        Returns:
            Piece ids `[batch, length]`, int32, between `[CLS]` and `[SEP]`, padded to the longest
            of the batch; style figures `[batch, 6]` (`tokenizer.style`).
        """
        cleaned = clean(texts)
        spaced = tf.strings.regex_replace(cleaned, _PICTURE, r" \1 ")
        ids = self.pieces.tokenize(self._fold.normalize(spaced))[:, : self._room]
        rows = tf.shape(texts)[0]
        first = tf.fill([rows, 1], self._first)
        last = tf.fill([rows, 1], self._last)
        framed = tf.concat([first, ids, last], axis=1)
        return framed.to_tensor(self.pad_id), style(cleaned)


def cut(vocabulary: Sequence[str], texts: Iterable[str], size: int) -> list[str]:
    """Keep the pieces that texts use, and give pictures pieces of their own.

    Args:
        vocabulary: A whole BERT vocabulary.
        texts: Training texts.
        size: Pieces wanted at most.

    Returns:
        The new vocabulary.
    """
    texts = list(texts)
    tokenizer = WordPieceTokenizer(vocabulary)
    used = Counter[int]()
    for start in range(0, len(texts), 1_024):
        ids, _ = tokenizer(tf.constant(texts[start : start + 1_024]))
        used.update(ids.numpy().ravel().tolist())
    pictures = Counter(sign for text in texts for sign in _PICTURE_PYTHON.findall(text))
    new = [sign for sign, count in pictures.most_common() if count >= 2 and sign not in vocabulary]
    marks = {vocabulary.index(mark) for mark in (PAD, UNKNOWN, FIRST, LAST)}
    letters = {at for at, piece in enumerate(vocabulary) if _is_letter(piece)}
    ranked = [at for at, _ in used.most_common() if at not in marks | letters]
    room = size - len(marks) - len(letters) - len(new)
    kept = sorted(marks | letters | set(ranked[:room]))
    return [vocabulary[at] for at in kept] + new


def rows(vocabulary: Sequence[str], pieces: Iterable[str]) -> list[int]:
    """Find the row of a whole BERT vocabulary that each piece starts from; -1 for a picture."""
    known = {piece: at for at, piece in enumerate(vocabulary)}
    return [known.get(piece, -1) for piece in pieces]


def _is_letter(piece: str) -> bool:
    """Tell whether a piece is one ASCII sign, which keeps every English word spellable."""
    bare = piece.removeprefix("##")
    return len(bare) == 1 and bare.isascii()
