"""The benchmark of devices, run short."""

from __future__ import annotations

from benchmarks import gpu
from emotion_component.serving import runtime


def test_every_device_has_a_speed_for_every_size_and_a_missing_gpu_is_explained() -> None:
    result = gpu.measure(None, count=8)

    assert set(result["texts_per_second"]["cpu"]) == {str(size) for size in gpu.SIZES}
    assert all(speed > 0 for speed in result["texts_per_second"]["cpu"].values())
    assert result["no_gpu"] == runtime.why_no_gpu()
    assert len(result["texts_per_second"]) == 1 + len(result["gpus"])
    shown = gpu.table(result)
    assert (f"no GPU: {result['no_gpu']}" in shown) == (not result["gpus"])
