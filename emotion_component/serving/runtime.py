"""Which device the graph runs on, and why it is not a GPU where it could have been one.

TensorFlow is imported inside the functions: importing this module costs nothing.
"""

from __future__ import annotations

import ctypes
import logging
import os
import re
import sysconfig
from pathlib import Path
from typing import Any, Final

from emotion_component.errors import ConfigurationError, DeviceError

logger = logging.getLogger(__name__)

# What TensorFlow 2.12 opens by name when it looks for a GPU: CUDA 11.8 and cuDNN 8.6.
CUDA_LIBRARIES: Final = (
    "libcudart.so.11.0",
    "libcublas.so.11",
    "libcublasLt.so.11",
    "libcufft.so.10",
    "libcurand.so.10",
    "libcusolver.so.11",
    "libcusparse.so.11",
    "libcudnn.so.8",
)
_DRIVER: Final = "libcuda.so.1"


def choose_device(wanted: str) -> str:
    """Resolve a device setting to `cpu` or `gpu:N`, and let a GPU's memory grow as needed.

    Args:
        wanted: `auto`, `cpu` or `gpu:N`.

    Raises:
        ConfigurationError: If `wanted` is none of these.
        DeviceError: If there is no such GPU; the message says why.
    """
    if not re.fullmatch(r"auto|cpu|gpu:\d+", wanted):
        raise ConfigurationError(
            f"`device` must be auto, cpu or gpu:N. Received: device={wanted}. "
            "Set it in config.yml under EmotionClassifier."
        )
    if wanted == "cpu":
        return wanted
    found = _gpus()
    if wanted == "auto":
        wanted = "gpu:0" if found else "cpu"
    elif int(wanted[4:]) >= len(found):
        reason = why_no_gpu()
        raise DeviceError(
            f"No device {wanted}: TensorFlow sees {len(found)} GPU(s) on this machine"
            f"{f' ({reason})' if reason else ''}. "
            "Set device to auto or cpu in config.yml under EmotionClassifier."
        )
    for gpu in found if wanted != "cpu" else ():
        _let_memory_grow(gpu)
    return wanted


def why_no_gpu() -> str | None:
    """Say in words why TensorFlow sees no GPU; `None` where it sees one."""
    import tensorflow as tf

    if _gpus():
        return None
    if not tf.test.is_built_with_cuda():
        return "this TensorFlow was built without CUDA"
    if not _opens(_DRIVER):
        return f"this machine has no NVIDIA driver: {_DRIVER} is not found"
    hidden = os.environ.get("CUDA_VISIBLE_DEVICES")
    if hidden is not None and not re.match(r"\d|GPU-|MIG-", hidden.strip()):
        return f"CUDA_VISIBLE_DEVICES={hidden!r} hides every GPU"
    missing = [name for name in CUDA_LIBRARIES if not _opens(name)]
    if missing:
        return f"CUDA libraries are not found: {', '.join(missing)}; {_library_remedy()}"
    return "the NVIDIA driver offers none that TensorFlow can use; `nvidia-smi` lists what it has"


def cuda_folders() -> str:
    """Give the folders of pip's CUDA wheels (`attune[gpu]`) in the form of LD_LIBRARY_PATH.

    TensorFlow 2.12 opens these libraries by name while it is being imported, so the variable
    must be set before the process starts. Empty where no such wheel is installed.
    """
    wheels = Path(sysconfig.get_path("purelib")) / "nvidia"
    return os.pathsep.join(str(folder) for folder in sorted(wheels.glob("*/lib")))


def _library_remedy() -> str:
    folders = cuda_folders()
    if folders:
        return f"start with LD_LIBRARY_PATH={folders}"
    return "install CUDA 11.8 and cuDNN 8.6, or `pip install 'attune[gpu]'`"


def _gpus() -> list[Any]:
    import tensorflow as tf

    return list(tf.config.list_physical_devices("GPU"))


def _opens(library: str) -> bool:
    """Tell whether the dynamic linker finds a library, as it would for TensorFlow."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _let_memory_grow(gpu: Any) -> None:
    """Stop TensorFlow from taking all of a GPU's memory at once, where that is still possible."""
    import tensorflow as tf

    try:
        tf.config.experimental.set_memory_growth(gpu, True)
    except (RuntimeError, ValueError) as error:  # another component has already started the GPU
        logger.debug("Memory growth of %s stays as it is: %s", gpu.name, error)
