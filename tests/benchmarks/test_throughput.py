"""The benchmark of batches, run for real on two models with a few texts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.throughput import table

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_a_short_run_gives_speed_and_accuracy_of_every_model(toy_folder: Path) -> None:
    options = ["--json", "--texts", "12", "--passes", "1", "--batches", "1", "8", "--limit", "60"]
    folders = ["--model", str(toy_folder), "--model", "emotion_component/weights"]
    command = [sys.executable, "-m", "benchmarks.throughput", *options, *folders]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    toy, shipped = json.loads(done.stdout)["models"]
    for row in (toy, shipped):
        assert set(row["texts_per_second"]) == {"1", "8"}
        assert all(speed > 0 for speed in row["texts_per_second"].values())
    assert toy["megabytes"] < shipped["megabytes"]
    keys = ("goemotions_macro_f1", "service_en_macro_f1", "service_zh_macro_f1")
    assert all(toy[key] < shipped[key] <= 1 for key in keys)


def test_the_table_compares_speeds_with_the_first_model() -> None:
    rows = [
        {"model": "large", "megabytes": 9.0, "texts_per_second": {"1": 100.0}, "x_macro_f1": 0.5},
        {"model": "small", "megabytes": 3.5, "texts_per_second": {"1": 250.0}, "x_macro_f1": 0.44},
    ]
    assert table({"models": rows, "machine": "here", "passes": 3}) == (
        "machine: here; texts a second, median of 3 passes\n"
        "model  MB   batch 1     x F1\n"
        "large  9.0  100         0.500\n"
        "small  3.5  250 (2.50)  0.440"
    )
