"""Text to word pieces, in the graph."""

from __future__ import annotations

import tensorflow as tf

from emotion_component.network.wordpiece import WordPieceTokenizer, cut, rows
from tests.emotion_component.published import VOCABULARY


def pieces(tokenizer: WordPieceTokenizer, text: str) -> list[str]:
    ids, _ = tokenizer(tf.constant([text]))
    return [tokenizer.vocabulary[at] for at in ids[0].numpy()]


def test_words_are_split_between_marks_and_case_is_folded() -> None:
    assert pieces(WordPieceTokenizer(VOCABULARY), "My parcels!") == [
        "[CLS]", "my", "parcel", "##s", "!", "[SEP]",
    ]  # fmt: skip


def test_a_picture_stands_alone() -> None:
    tokenizer = WordPieceTokenizer([*VOCABULARY, "😡"])
    assert pieces(tokenizer, "late😡😡thank") == ["[CLS]", "late", "😡", "😡", "thank", "[SEP]"]


def test_long_texts_are_cut_and_empty_ones_are_two_marks() -> None:
    tokenizer = WordPieceTokenizer(VOCABULARY, max_pieces=6)
    assert pieces(tokenizer, "late " * 50) == ["[CLS]", *["late"] * 4, "[SEP]"]
    assert pieces(tokenizer, "") == ["[CLS]", "[SEP]"]


def test_shorter_texts_of_a_batch_are_padded_with_zero() -> None:
    ids, style = WordPieceTokenizer(VOCABULARY)(tf.constant(["late", "my late order"]))
    assert ids[0, -2:].numpy().tolist() == [0, 0]
    assert tuple(style.shape) == (2, 6)


def test_the_cut_keeps_what_is_used_and_every_letter() -> None:
    texts = ["my parcel 😡", "my order 😡 🎁"]
    vocabulary = cut(VOCABULARY, texts, 200)
    assert {"my", "parcel", "order"} <= set(vocabulary)
    assert not {"thank", "great", "[MASK]"} & set(vocabulary)
    assert {"q", "##q"} <= set(vocabulary)
    assert vocabulary.index("[PAD]") == 0
    assert ("😡" in vocabulary, "🎁" in vocabulary) == (True, False)
    starts = rows(VOCABULARY, vocabulary)
    assert starts[vocabulary.index("😡")] == -1
    assert [VOCABULARY[row] for row in starts if row >= 0] == [p for p in vocabulary if p != "😡"]
