"""The count of multiply-adds is that of the network, worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
import tensorflow as tf

from benchmarks import floor


def test_products_are_counted_for_the_length_that_each_text_has(tmp_path: Path) -> None:
    letters, hidden, labels = 26, 8, 3

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="text")])
    def serve(text: tf.Tensor) -> dict[str, tf.Tensor]:
        codes = tf.strings.unicode_decode(text, "UTF-8").to_tensor() - ord("a")
        values = tf.one_hot(codes, letters) @ tf.ones([letters, hidden])
        kernel = tf.ones([3, hidden, hidden])
        convolved = tf.nn.relu(tf.nn.conv1d(values, kernel, stride=1, padding="SAME"))
        attended = tf.matmul(convolved, convolved, transpose_a=True)
        return {"head": tf.reduce_sum(attended, axis=1) @ tf.ones([hidden, labels])}

    module = tf.Module()
    module.serve = serve
    tf.saved_model.save(module, str(tmp_path), signatures={"serving_default": serve})

    def by_hand(length: int) -> int:
        return (
            length * letters * hidden  # embedding
            + length * 3 * hidden * hidden  # convolution
            + hidden * length * hidden  # attention
            + hidden * labels
        )

    assert floor.multiply_adds(tmp_path, ["ab", "where"]) == [by_hand(2), by_hand(5)]


def test_the_matrix_rate_is_that_of_a_processor() -> None:
    assert 1e8 < floor.matrix_rate() < 1e14


def test_a_product_that_cannot_be_counted_is_named(tmp_path: Path) -> None:
    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="text")])
    def serve(text: tf.Tensor) -> dict[str, tf.Tensor]:
        values = tf.one_hot(tf.strings.length(text), 8)
        return {"head": tf.einsum("bi,ij->bj", values, tf.ones([8, 2]))}

    module = tf.Module()
    module.serve = serve
    tf.saved_model.save(module, str(tmp_path), signatures={"serving_default": serve})
    with pytest.raises(NotImplementedError, match="Einsum"):
        floor.multiply_adds(tmp_path, ["ab"])
