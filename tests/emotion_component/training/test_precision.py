"""Matrix products in bfloat16."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from emotion_component.training.precision import bfloat16


@pytest.mark.parametrize("wanted", [True, False])
def test_products_outside_stay_exact(wanted: bool) -> None:
    product = tf.function(tf.matmul, autograph=False)
    left = tf.random.stateless_normal([64, 64], [1, 2])
    right = tf.random.stateless_normal([64, 64], [3, 4])
    exact = product(left, right).numpy()
    with bfloat16(wanted):
        inside = product(left, right).numpy()
    # Eight bits of each factor, where the processor multiplies so; the sum is a float's.
    np.testing.assert_allclose(inside, exact, atol=0.2 if wanted else 0)
    np.testing.assert_array_equal(product(left, right).numpy(), exact)
