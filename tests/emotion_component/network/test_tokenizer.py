"""From text to ids and style figures."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from emotion_component.network import tokenizer
from emotion_component.network.tokenizer import MAX_PIECES, PAD_ID, STYLE_FIGURES, Tokenizer

TEXTS = ["where is my order", "我的订单到哪了", "thank you so much", "太感谢了"] * 20


@pytest.fixture(scope="module")
def vocabulary() -> bytes:
    return tokenizer.train_vocabulary(TEXTS, 60)


def cleaned(text: bytes | str) -> str:
    return str(tokenizer.clean(tf.constant([text])).numpy()[0].decode())


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("ＡＢＣ！", "ABC!"),
        ("a\x00b\u202ec", "a b c"),
        (b"a\xffb", "a\ufffdb"),
        ("see https://example.org/x?y=1 now", "see  url  now"),
        ("看https://example.org/x这里", "看 url 这里"),
        ("x" * 5_000, "x" * tokenizer.MAX_CHARACTERS),
        ("", ""),
    ],
)
def test_cleaning_composes_cuts_and_drops(raw: bytes | str, expected: str) -> None:
    assert cleaned(raw) == expected


def test_case_and_digits_are_folded() -> None:
    folded = tokenizer.normalize(tf.constant(["Order 1042 WHERE"])).numpy()[0].decode()
    assert folded == "order 0000 where"


def test_style_figures_measure_shouting() -> None:
    figures = tokenizer.style(tf.constant(["STOP it!!", "ok...?"])).numpy()
    assert figures.shape == (2, len(STYLE_FIGURES))
    shouting, asking = (dict(zip(STYLE_FIGURES, row, strict=True)) for row in figures)
    assert shouting["exclamations"] == pytest.approx(np.log(3))
    assert shouting["capitals"] == pytest.approx(4 / 6)
    assert asking["questions"] == pytest.approx(np.log(2))
    assert asking["ellipses"] == pytest.approx(np.log(2))
    assert asking["capitals"] == 0


def test_ids_are_padded_bounded_and_never_without_a_column(vocabulary: bytes) -> None:
    tokenize = Tokenizer(vocabulary)
    ids, style = tokenize(tf.constant(["", "where is my order", "订 " * 1_000]))
    assert ids.shape == (3, MAX_PIECES)
    assert set(ids.numpy()[0]) == {PAD_ID}
    empty, _ = tokenize(tf.constant(["", "  "]))
    assert (empty.shape, style.shape) == ((2, 1), (3, len(STYLE_FIGURES)))


def test_sampling_gives_other_pieces_of_the_same_text(vocabulary: bytes) -> None:
    sampling = Tokenizer(vocabulary, sampling=True).pieces
    drawn = {tuple(sampling.tokenize(["where is my order"])[0].numpy()) for _ in range(30)}
    assert len(drawn) > 1
    assert {sampling.detokenize([list(ids)]).numpy()[0].decode() for ids in drawn} == {
        "where is my order"
    }
