"""A SavedModel made ready to be called with one text at a time, and called.

A chat server asks for one text at a time, so the cost of a call counts as much as the arithmetic.
Two things keep it low: the graph is called through a session, whose calls cost less than a
function's; and the session runs in the caller's thread, for a hand-over to a pool waits for a core
to be free.
TensorFlow is imported inside the functions: importing this module costs nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from emotion_component.errors import DeviceError, WeightsDamagedError

if TYPE_CHECKING:
    from numpy.typing import NDArray

logger = logging.getLogger(__name__)

# One call of the graph reads at most this many texts, so memory stays bounded.
BATCH_SIZE: Final = 128
# The graph reads 1,200 characters; more than that need not be copied into it.
SLICE: Final = 4_000
# Negative, as `ConfigProto` has it: run in the thread that calls.
_CALLERS_THREAD: Final = -1
# How lines of a session's error begin that name nodes of the graph.
_WHERE: Final = ("Graph execution error", "Detected at node", "Node:")


def parts(texts: Sequence[str], size: int = BATCH_SIZE) -> list[list[bytes]]:
    """Cut texts into batches of UTF-8; no texts make one empty batch."""
    # A lone surrogate is a legal Python character and no legal UTF-8.
    raw = [text[:SLICE].encode("utf-8", "replace") for text in texts]
    return [raw[start : start + size] for start in range(0, max(len(raw), 1), size)]


def join(answers: Sequence[dict[str, NDArray[Any]]]) -> dict[str, NDArray[Any]]:
    """Put the answers to batches together, head by head."""
    import numpy as np

    if len(answers) == 1:
        return answers[0]
    return {head: np.concatenate([part[head] for part in answers]) for head in answers[0]}


class Graph:
    """A SavedModel, ready to be called.

    Attributes:
        device: `cpu` or `gpu:N`; a GPU that fails at run time is given up for `cpu`.

    Args:
        directory: Folder of the SavedModel.
        device: `cpu` or `gpu:N`.

    Raises:
        WeightsDamagedError: If TensorFlow cannot load it.
        DeviceError: If the GPU has no room for it, or fails.
    """

    def __init__(self, directory: Path, device: str) -> None:
        self._directory = directory
        self.device = device
        self._function = _prepare(directory, device)

    def run(self, texts: Sequence[str], size: int = BATCH_SIZE) -> dict[str, NDArray[Any]]:
        """Give every head's probabilities, float arrays `[len(texts), outputs]`.

        Args:
            texts: Any strings.
            size: Texts that are read at once.
        """
        return join([self._call(batch) for batch in parts(texts, size)])

    def _call(self, batch: list[bytes]) -> dict[str, NDArray[Any]]:
        try:
            return self._function(batch)
        except Exception as error:
            if self.device == "cpu" or not isinstance(error, _device_failures()):
                raise
            logger.warning(
                "%s failed (%s); the emotion model goes on running on cpu.",
                self.device,
                _first_line(error),
            )
        self.device = "cpu"
        self._function = _prepare(self._directory, "cpu")
        return self._function(batch)


def _prepare(directory: Path, device: str) -> Callable[[list[bytes]], dict[str, NDArray[Any]]]:
    """Load a SavedModel onto a device and call it once, so that no customer waits for that."""
    import tensorflow as tf

    try:
        function = _compile(directory, device)
    except (OSError, KeyError, ValueError, RuntimeError, tf.errors.OpError) as error:
        raise WeightsDamagedError(f"Cannot load {directory}: {error}") from error
    try:
        function([b"warm up"])
    except tf.errors.OpError as error:
        if device != "cpu" and isinstance(error, _device_failures()):
            raise DeviceError(
                f"The emotion model does not run on {device}: {_first_line(error)}. Free memory "
                "there, or set device to cpu in config.yml under EmotionClassifier."
            ) from error
        raise WeightsDamagedError(f"Cannot run {directory}: {error}") from error
    return function


def _compile(directory: Path, device: str) -> Callable[[list[bytes]], dict[str, NDArray[Any]]]:
    """Load a SavedModel into a session."""
    import numpy as np
    import tensorflow as tf
    import tensorflow_text  # noqa: F401  # registers the operations that the graph needs

    with tf.Graph().as_default() as graph, tf.device(_tensorflow_name(device)):
        session = tf.compat.v1.Session(config=_settings())
        loaded = tf.compat.v1.saved_model.load(session, ["serve"], str(directory))
        signature = loaded.signature_def["serving_default"]
        heads = sorted(signature.outputs)
        outputs = [graph.get_tensor_by_name(signature.outputs[head].name) for head in heads]
        text = graph.get_tensor_by_name(signature.inputs["text"].name)
        call = session.make_callable(outputs, feed_list=[text])

    def function(batch: list[bytes]) -> dict[str, NDArray[Any]]:
        return dict(zip(heads, call(np.array(batch, dtype=object)), strict=True))

    return function


def _settings() -> Any:
    """Give the session's settings; threads for large batches as TensorFlow is configured."""
    import tensorflow as tf

    settings = tf.compat.v1.ConfigProto(
        inter_op_parallelism_threads=_CALLERS_THREAD,
        intra_op_parallelism_threads=tf.config.threading.get_intra_op_parallelism_threads(),
        allow_soft_placement=True,  # strings are read on the CPU, whatever the device
    )
    settings.gpu_options.allow_growth = True
    return settings


def _tensorflow_name(device: str) -> str:
    return "/CPU:0" if device == "cpu" else f"/{device.upper()}"


def _device_failures() -> tuple[type[Exception], ...]:
    """The errors by which TensorFlow says that a GPU has no memory left or has failed."""
    import tensorflow as tf

    # A copy onto a full GPU ends as an internal error, and cuDNN's own failures as unknown ones.
    return (tf.errors.ResourceExhaustedError, tf.errors.InternalError, tf.errors.UnknownError)


def _first_line(error: Exception) -> str:
    """Give the line of TensorFlow's message that says what happened, not where."""
    lines = [line.strip() for line in str(getattr(error, "message", error)).splitlines()]
    told = [line for line in lines if line and not line.startswith(_WHERE)]
    return (told or [type(error).__name__])[0].rstrip(".")
