"""Weights of 8 bits on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import tensorflow as tf

from emotion_component.network.packing import PackedFunction, pack


def test_a_value_is_off_by_half_a_step_of_its_column_at_most() -> None:
    values = np.random.default_rng(3).normal(size=(50, 7)).astype("f") * np.arange(7, dtype="f")
    codes, scales = pack(values)
    assert codes.dtype == np.int8
    assert (np.abs(codes * scales - values) <= scales / 2 + 1e-7).all()
    np.testing.assert_array_equal((codes * scales)[:, 0], 0)


class Exported(tf.Module):
    """A matrix product and a bias behind a signature."""

    def __init__(self, matrix: tf.Variable, bias: tf.Variable) -> None:
        super().__init__()
        self.packed = PackedFunction(
            lambda rows: {"out": rows @ matrix + bias}, [tf.TensorSpec([None, 64], tf.float32)]
        )

    @tf.function(input_signature=[tf.TensorSpec([None, 64], tf.float32)], autograph=False)
    def serve(self, rows: tf.Tensor) -> dict[str, tf.Tensor]:
        return self.packed(rows)


def test_a_packed_function_computes_the_same_before_and_after_a_save(tmp_path: Path) -> None:
    draw = np.random.default_rng(4)
    matrix = tf.Variable(draw.normal(size=(64, 256)).astype("f"))
    bias = tf.Variable(draw.normal(size=256).astype("f"))
    rows = tf.constant(draw.normal(size=(5, 64)).astype("f"))
    exported = Exported(matrix, bias)
    here = exported.serve(rows)["out"].numpy()
    np.testing.assert_allclose(here, (rows @ matrix + bias).numpy(), atol=0.3)
    tf.saved_model.save(exported, str(tmp_path / "saved"), signatures=exported.serve)
    loaded = tf.saved_model.load(str(tmp_path / "saved"))
    np.testing.assert_array_equal(loaded.signatures["serving_default"](rows=rows)["out"], here)
    written = sum(path.stat().st_size for path in (tmp_path / "saved").rglob("*.data*"))
    assert written < 64 * 256 * 1.3 + 8_000
