"""AdamW whose step is one pass over each variable."""

from __future__ import annotations

from typing import Any

import tensorflow as tf


class FusedAdamW(tf.keras.optimizers.AdamW):
    """AdamW (Loshchilov and Hutter 2019, https://arxiv.org/abs/1711.05101), for a CPU's memory.

    Keras writes the step as a dozen operations, each of which reads and writes the whole variable:
    on a CPU they take as long as a small network's arithmetic. TensorFlow has the same step as one
    operation. Keras alone decides what is decayed, clipped and averaged.
    """

    def update_step(self, gradient: Any, variable: tf.Variable) -> None:
        """Move `variable` against `gradient`, dense or of some of its rows."""
        at = self._index_dict[self._var_key(variable)]
        step = tf.cast(self.iterations + 1, variable.dtype)
        rates = {
            name: tf.cast(value, variable.dtype)
            for name, value in (("beta1", self.beta_1), ("beta2", self.beta_2))
        }
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=self._momentums[at].handle,
            v=self._velocities[at].handle,
            beta1_power=rates["beta1"] ** step,
            beta2_power=rates["beta2"] ** step,
            lr=tf.cast(self.learning_rate, variable.dtype),
            epsilon=tf.cast(self.epsilon, variable.dtype),
            grad=tf.convert_to_tensor(gradient),
            **rates,
        )
