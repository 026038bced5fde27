"""In which precision a training step multiplies matrices."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import tensorflow as tf

_SWITCH: Final = "auto_mixed_precision_onednn_bfloat16"


@contextmanager
def bfloat16(wanted: bool) -> Iterator[None]:
    """Let TensorFlow multiply in bfloat16 where `wanted`, and as before afterwards.

    TensorFlow rewrites the graph: products in bfloat16; weights, sums, norms and the optimizer's
    step stay 32 bits wide. A processor without bfloat16 products (AVX-512 BF16, AMX) ignores it.
    """
    if not wanted:
        yield
        return
    before = tf.config.optimizer.get_experimental_options().get(_SWITCH, False)
    tf.config.optimizer.set_experimental_options({_SWITCH: True})
    try:
        yield
    finally:
        tf.config.optimizer.set_experimental_options({_SWITCH: before})
