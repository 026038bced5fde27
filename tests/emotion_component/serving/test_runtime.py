"""Which device is chosen, and why it is no GPU."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
import tensorflow as tf

from emotion_component.classifier import load
from emotion_component.errors import DeviceError
from emotion_component.serving import runtime

ROOT = Path(__file__).parents[3]
without_gpu = pytest.mark.skipif(
    bool(tf.config.list_physical_devices("GPU")), reason="this machine has a GPU"
)
# A driver's library that finds no GPU (CUDA_ERROR_NO_DEVICE).
DRIVER = "int cuInit(unsigned flags) { return 100; }"
ASK = """
import os
from emotion_component.serving import runtime
print(runtime.why_no_gpu())
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
print(runtime.why_no_gpu())
"""


def why(folder: Path, *libraries: str) -> list[str]:
    """Ask a fresh process on whose linker path these libraries are."""
    source = folder / "driver.c"
    source.write_text(DRIVER)
    for name in libraries:
        subprocess.run(["cc", "-shared", "-fPIC", "-o", folder / name, source], check=True)
    environment = {**os.environ, "LD_LIBRARY_PATH": str(folder)}
    environment.pop("CUDA_VISIBLE_DEVICES", None)
    command = [sys.executable, "-c", ASK]
    done = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=240, check=True
    )
    return done.stdout.splitlines()


@without_gpu
def test_auto_takes_the_cpu_and_the_log_says_why(caplog: pytest.LogCaptureFixture) -> None:
    assert runtime.choose_device("auto") == "cpu"

    with caplog.at_level(logging.INFO, "emotion_component"):
        model = load()

    (line,) = [record.getMessage() for record in caplog.records]
    assert line == f"Emotion model {model.name} runs on cpu: {runtime.why_no_gpu()}."


@without_gpu
def test_a_gpu_asked_for_by_name_is_refused_with_the_reason() -> None:
    reason = runtime.why_no_gpu()
    assert reason

    with pytest.raises(DeviceError) as caught:
        runtime.choose_device("gpu:0")

    assert f"No device gpu:0: TensorFlow sees 0 GPU(s) on this machine ({reason})." in str(
        caught.value
    )


@without_gpu
def test_a_driver_without_cuda_is_told_from_a_hidden_gpu(tmp_path: Path) -> None:
    missing, hidden = why(tmp_path, "libcuda.so.1", "libcudart.so.11.0")

    absent = ", ".join(name for name in runtime.CUDA_LIBRARIES if name != "libcudart.so.11.0")
    assert missing.startswith(f"CUDA libraries are not found: {absent}; ")
    assert hidden == "CUDA_VISIBLE_DEVICES='-1' hides every GPU"


@without_gpu
def test_a_driver_that_offers_no_gpu_is_named(tmp_path: Path) -> None:
    shown, _ = why(tmp_path, "libcuda.so.1", *runtime.CUDA_LIBRARIES)

    assert shown.startswith("the NVIDIA driver offers none that TensorFlow can use")


@pytest.mark.gpu
def test_a_gpu_that_is_there_is_taken() -> None:
    if not tf.config.list_physical_devices("GPU"):
        pytest.skip(f"no GPU: {runtime.why_no_gpu()}")
    assert runtime.choose_device("auto") == "gpu:0"
    assert runtime.why_no_gpu() is None
    assert load(device="gpu:0").device == "gpu:0"
