"""Builds a tokenizer and a network to train, by the name or place of its encoder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from emotion_component.network import pretrained, wordpiece
from emotion_component.network.bodies import Convolutions, Recurrent, Runs, Size, Transformer
from emotion_component.network.encoder import Encoder, EncoderSize
from emotion_component.network.model import EmotionNetwork, TextTokenizer
from emotion_component.network.tokenizer import MAX_PIECES, Tokenizer, train_vocabulary

# Encoders that are trained from nothing; anything else says where published weights lie.
FROM_NOTHING: Final = ("cnn", "gru", "transformer", "runs")
SENTENCE_PIECES: Final = 16_000
WORD_PIECES: Final = 12_000
# While training, longer texts are cut; the few there are cost as much as all others.
TRAINING_PIECES: Final = 64
_HEAD_WIDTH: Final = 32


@dataclass(frozen=True)
class Shape:
    """Which network to build.

    Attributes:
        encoder: One of `FROM_NOTHING`, or a folder or hub name of a BERT (`pretrained.read`).
        layers: Which layers of a BERT to keep, counted from 0; `None` for all.
        feed_forward: Neurons to keep in each feed-forward layer of a BERT; `None` for all.
        vocabulary_size: Pieces wanted at most; `None` for what suits the encoder.
        size: Of a body that is trained from nothing.
    """

    encoder: str = "cnn"
    layers: tuple[int, ...] | None = None
    feed_forward: int | None = None
    vocabulary_size: int | None = None
    size: Size = field(default_factory=Size)

    @property
    def is_pretrained(self) -> bool:
        """Whether it starts from published weights."""
        return self.encoder not in FROM_NOTHING


@dataclass(frozen=True)
class Built:
    """A network with its ways from text to ids.

    Attributes:
        vocabulary: The pieces, as `build` takes them to make the same tokenizers once more.
        network: Untrained heads on a body.
        tokenizer: For serving and tuning.
        training_tokenizer: For training: samples segmentations, or cuts earlier.
    """

    vocabulary: bytes
    network: EmotionNetwork
    tokenizer: TextTokenizer
    training_tokenizer: TextTokenizer


def build(shape: Shape, texts: Sequence[str], vocabulary: bytes | None = None) -> Built:
    """Build tokenizers and network.

    Args:
        shape: What to build.
        texts: Training texts, from which the vocabulary is made or cut.
        vocabulary: That of an earlier build of this shape, to be used instead.

    Raises:
        EncoderError: If a published encoder cannot be read.
    """
    make = _from_published if shape.is_pretrained else _from_nothing
    return make(shape, texts, vocabulary)


def _from_nothing(shape: Shape, texts: Sequence[str], vocabulary: bytes | None) -> Built:
    characters = shape.encoder == "runs"
    if vocabulary is None:
        size = shape.vocabulary_size or SENTENCE_PIECES
        vocabulary = train_vocabulary(texts, size, characters)
    tokenizer = Tokenizer(vocabulary)
    body = _BODIES[shape.encoder](tokenizer.size, shape.size)
    # Characters can be cut in one way only.
    training_tokenizer = tokenizer if characters else Tokenizer(vocabulary, sampling=True)
    return Built(vocabulary, EmotionNetwork(body), tokenizer, training_tokenizer)


def _transformer(vocabulary_size: int, size: Size) -> Transformer:
    encoder_size = EncoderSize(
        vocabulary=vocabulary_size,
        hidden=size.hidden,
        layers=size.blocks,
        heads=max(1, size.hidden // _HEAD_WIDTH),
        intermediate=4 * size.hidden,
        positions=MAX_PIECES,
    )
    return Transformer(Encoder(encoder_size), size.dropout)


_BODIES: Final[dict[str, Callable[[int, Size], Convolutions | Runs | Recurrent | Transformer]]] = {
    "cnn": Convolutions,
    "runs": Runs,
    "gru": Recurrent,
    "transformer": _transformer,
}


def _from_published(shape: Shape, texts: Sequence[str], vocabulary: bytes | None) -> Built:
    published = pretrained.read(shape.encoder)
    if vocabulary is None:
        size = shape.vocabulary_size or WORD_PIECES
        pieces = wordpiece.cut(published.vocabulary, texts, size)
    else:
        pieces = vocabulary.decode().split("\n")
    rows = wordpiece.rows(published.vocabulary, pieces)
    body = Transformer(pretrained.encoder(published, rows, shape.layers, shape.feed_forward))
    return Built(
        "\n".join(pieces).encode(),
        EmotionNetwork(body),
        wordpiece.WordPieceTokenizer(pieces),
        wordpiece.WordPieceTokenizer(pieces, TRAINING_PIECES),
    )
