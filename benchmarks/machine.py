"""The machine a benchmark runs on: keeping it to one core, and naming it in the report."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Final

# Read by OpenMP, MKL, OpenBLAS and the Rust tokenizers when they start.
ONE_THREAD: Final = {
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
}
# Instruction sets that change what an fp32 or int8 matrix product costs.
_TELLING: Final = ("avx2", "avx512f", "avx512_vnni", "avx_vnni", "amx_int8", "amx_bf16", "asimddp")
_BUSY: Final = 0.5


def use_one_core(core: int | None = None) -> None:
    """Keep this process, TensorFlow in it, and the processes it starts to one core.

    To be called before TensorFlow has computed anything. Where the system cannot tie a process to
    a core (macOS), every library is still held to one thread.

    Args:
        core: Number of the core; `None` for the last one this process may use.

    Raises:
        ValueError: If this process may not use that core.
    """
    import tensorflow as tf

    os.environ.update(ONE_THREAD)
    if hasattr(os, "sched_setaffinity"):
        allowed = os.sched_getaffinity(0)
        if core is not None and core not in allowed:
            raise ValueError(
                f"`--core` must be one of {', '.join(map(str, sorted(allowed)))}. Received: {core}."
            )
        os.sched_setaffinity(0, {max(allowed) if core is None else core})
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)


def describe() -> str:
    """Name processor, telling instruction sets, and how many cores there are."""
    named = _processor() or platform.processor() or "unnamed processor"
    return f"{named}, {platform.machine()}, {os.cpu_count()} cores"


def warn_if_busy() -> float | None:
    """Say on standard error when other work would slow the figures; give the load average."""
    if not hasattr(os, "getloadavg"):
        return None
    load = os.getloadavg()[0]
    if load > _BUSY:
        print(
            f"The machine is busy (load {load:.1f}): these figures do not count. Long calls are "
            "interrupted more than short ones, so ratios come out wrong too.",
            file=sys.stderr,
        )
    return round(load, 2)


def versions(packages: Iterable[str]) -> dict[str, str]:
    """Give Python's version and those of the packages that are installed."""
    found = {"python": platform.python_version()}
    for package in packages:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def _processor() -> str:
    """Read the processor's name and instruction sets where Linux tells them; else nothing."""
    path = Path("/proc/cpuinfo")
    if not path.is_file():
        return ""
    fields: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition(":")
        fields.setdefault(key.strip(), value.strip())
    sets = fields.get("flags", fields.get("Features", "")).split()
    telling = " ".join(name for name in _TELLING if name in sets)
    return f"{fields.get('model name', 'unnamed processor')} ({telling})"
