"""What a GPU brings: `python -m benchmarks.gpu --json`.

Texts a second, tokenizing included, on the CPU and on every GPU that TensorFlow sees, by how many
texts are read at once. Without a GPU the report says so, and why.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from emotion_component.datasets import SERVICE_MESSAGES

SIZES: Final = (1, 32, 256, 1024)
# Each figure is the median of this many runs; every run reads about as many texts.
ROUNDS: Final = 5
TEXTS_A_RUN: Final = 1024


def main(words: Sequence[str] | None = None) -> None:
    """Time the devices, and print the table or one JSON object."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gpu", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object, nothing else")
    parser.add_argument("--model", type=Path, metavar="FOLDER", help="else the shipped weights")
    parser.add_argument("--texts", type=int, default=TEXTS_A_RUN, help="texts a run")
    given = parser.parse_args(words)
    result = measure(given.model, given.texts)
    print(json.dumps(result) if given.json else table(result))


def measure(model: Path | None, count: int) -> dict[str, Any]:
    """Time a model on every device.

    Args:
        model: A model folder; `None` for the shipped weights.
        count: Texts a run.

    Returns:
        Device to batch size to texts a second; `no_gpu` says why there is none, or is `None`.
    """
    import tensorflow as tf

    from emotion_component import artifact
    from emotion_component.classifier import SHIPPED_WEIGHTS
    from emotion_component.serving import runtime
    from emotion_component.serving.graph import Graph

    bundle = artifact.open_bundle(model or SHIPPED_WEIGHTS)
    gpus = [f"gpu:{number}" for number in range(len(tf.config.list_physical_devices("GPU")))]
    texts = _texts(count)
    speeds: dict[str, dict[str, float]] = {}
    for device in ("cpu", *map(runtime.choose_device, gpus)):
        graph = Graph(bundle.saved_model, device)
        speeds[device] = {str(size): _speed(graph, texts, size) for size in SIZES}
    return {
        "model": f"{bundle.card['name']}@{bundle.fingerprint[:6]}",
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "gpus": [_name(gpu) for gpu in tf.config.list_physical_devices("GPU")],
        "no_gpu": runtime.why_no_gpu(),
        "texts_per_second": speeds,
    }


def _texts(count: int) -> list[str]:
    """Take service messages of both languages in turn, as often over as it needs."""
    files = [
        path.read_text(encoding="utf-8") for path in sorted(SERVICE_MESSAGES.glob("voices_*.jsonl"))
    ]
    columns = [[json.loads(line)["text"] for line in file.splitlines()] for file in files]
    return [columns[at % len(columns)][at % len(columns[at % len(columns)])] for at in range(count)]


def _speed(graph: Any, texts: list[str], size: int) -> float:
    """Give the median texts a second; one text at a time is slow enough to read fewer."""
    read = texts[: max(len(texts) // 8, 1)] if size == 1 else texts
    graph.run(read, size)  # a GPU's kernels are compiled for a new shape at its first use
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        graph.run(read, size)
        times.append(time.perf_counter() - began)
    return round(len(read) / statistics.median(times), 1)


def _name(gpu: Any) -> str:
    import tensorflow as tf

    return str(tf.config.experimental.get_device_details(gpu).get("device_name", gpu.name))


def table(result: dict[str, Any]) -> str:
    """Lay the result out for a reader."""
    lines = [
        f"{result['model']} on {result['machine']}; {', '.join(result['gpus']) or 'no GPU'}",
        "texts a second by how many are read at once",
        f"{'device':8}" + "".join(f"{size:>10}" for size in SIZES),
    ]
    for device, speeds in result["texts_per_second"].items():
        lines.append(f"{device:8}" + "".join(f"{speeds[str(size)]:>10.0f}" for size in SIZES))
    if result["no_gpu"]:
        lines.append(f"no GPU: {result['no_gpu']}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
