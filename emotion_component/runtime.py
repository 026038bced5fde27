"""Where the graph runs: choosing a device, loading the SavedModel there, calling it.

TensorFlow is imported inside the functions: importing this module costs nothing.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from emotion_component.errors import ConfigurationError, DeviceError, WeightsDamagedError

if TYPE_CHECKING:
    from numpy.typing import NDArray

logger = logging.getLogger(__name__)

# One call of the graph reads at most this many texts, so memory stays bounded.
BATCH_SIZE: Final = 128
# The graph reads 1,200 characters; more than that need not be copied into it.
SLICE: Final = 4_000


def choose_device(wanted: str) -> str:
    """Resolve a device setting to `cpu` or `gpu:N`, and let a GPU's memory grow as needed.

    Args:
        wanted: `auto`, `cpu` or `gpu:N`.

    Raises:
        ConfigurationError: If `wanted` is none of these.
        DeviceError: If there is no such GPU.
    """
    if not re.fullmatch(r"auto|cpu|gpu:\d+", wanted):
        raise ConfigurationError(
            f"`device` must be auto, cpu or gpu:N. Received: device={wanted}. "
            "Set it in config.yml under EmotionClassifier."
        )
    if wanted == "cpu":
        return wanted
    import tensorflow as tf

    found = tf.config.list_physical_devices("GPU")
    if wanted == "auto":
        wanted = "gpu:0" if found else "cpu"
    elif int(wanted[4:]) >= len(found):
        raise DeviceError(
            f"No device {wanted}: TensorFlow sees {len(found)} GPU(s) on this machine. "
            "Set device to auto or cpu in config.yml under EmotionClassifier."
        )
    for gpu in found if wanted != "cpu" else ():
        _let_memory_grow(gpu)
    return wanted


def _let_memory_grow(gpu: Any) -> None:
    """Stop TensorFlow from taking all of a GPU's memory at once, where that is still possible."""
    import tensorflow as tf

    try:
        tf.config.experimental.set_memory_growth(gpu, True)
    except (RuntimeError, ValueError) as error:  # another component has already started the GPU
        logger.debug("Memory growth of %s stays as it is: %s", gpu.name, error)


class Graph:
    """A SavedModel, ready to be called.

    Args:
        directory: Folder of the SavedModel.
        device: `cpu` or `gpu:N`.

    Raises:
        WeightsDamagedError: If TensorFlow cannot load it.
    """

    def __init__(self, directory: Path, device: str) -> None:
        import tensorflow as tf
        import tensorflow_text  # noqa: F401  # registers the operations that the graph needs

        self._tf = tf
        self._device = "/CPU:0" if device == "cpu" else f"/{device.upper()}"
        try:
            with tf.device(self._device):
                self._saved = tf.saved_model.load(str(directory))
            self._serve = self._saved.signatures["serving_default"]
        except (OSError, KeyError, ValueError, RuntimeError, tf.errors.OpError) as error:
            raise WeightsDamagedError(f"Cannot load {directory}: {error}") from error

    def run(self, texts: Sequence[str]) -> dict[str, NDArray[Any]]:
        """Give every head's probabilities, float arrays `[len(texts), outputs]`."""
        import numpy as np

        # A lone surrogate is a legal Python character and no legal UTF-8.
        raw = [text[:SLICE].encode("utf-8", "replace") for text in texts]
        parts = [
            self._call(raw[start : start + BATCH_SIZE])
            for start in range(0, max(len(raw), 1), BATCH_SIZE)
        ]
        return {head: np.concatenate([part[head] for part in parts]) for head in parts[0]}

    def _call(self, batch: list[bytes]) -> dict[str, NDArray[Any]]:
        with self._tf.device(self._device):
            outputs = self._serve(text=self._tf.constant(batch, self._tf.string, [len(batch)]))
        return {head: values.numpy() for head, values in outputs.items()}
