"""The optimizer's one operation does what Keras' many do."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from emotion_component.training.optimizer import FusedAdamW


def test_its_steps_are_those_of_keras_for_all_rows_and_for_some() -> None:
    drawn = np.random.default_rng(3)
    table, bias = drawn.normal(size=(50, 4)), drawn.normal(size=4)

    def descend(kind: type[tf.keras.optimizers.AdamW]) -> list[npt.NDArray[np.float32]]:
        variables = [
            tf.Variable(table, dtype=tf.float32, name="table"),
            tf.Variable(bias, dtype=tf.float32, name="bias"),
        ]
        rate = tf.keras.optimizers.schedules.PolynomialDecay(0.1, 30)
        optimizer = kind(rate, weight_decay=0.01, global_clipnorm=1.0)
        optimizer.exclude_from_weight_decay(var_names=["bias"])
        optimizer.build(variables)
        for at in range(20):
            with tf.GradientTape() as tape:
                rows = tf.gather(variables[0], [at, at + 1, 3, 3])
                loss = tf.reduce_sum(tf.square(rows + variables[1]))
            optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
        return [variable.numpy() for variable in variables]

    ours, theirs = descend(FusedAdamW), descend(tf.keras.optimizers.AdamW)
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-4)
    assert np.abs(ours[0] - table).max() > 0.3
