"""The comparison of networks, run for real with a few messages."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.variants import table

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_a_short_run_gives_accuracy_size_and_time_of_every_variant() -> None:
    options = ["--json", "--variants", "cnn", "runs", "--epochs", "1", "--limit", "60"]
    command = [sys.executable, "-m", "benchmarks.variants", *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["variants"]
    assert list(found) == ["cnn", "runs"]
    for row in found.values():
        assert 0 <= row["macro_f1"] <= 1 and 0 <= row["negative_auroc"] <= 1
        assert row["median_ms"] > 0 and row["megabytes"] > 0
    assert found["cnn"]["messages"] == found["runs"]["messages"] > 0


def test_the_table_has_a_line_for_each_variant() -> None:
    row = {"macro_f1": 0.5, "negative_auroc": 0.84, "median_ms": 1.25, "megabytes": 3.0}
    told = {"variants": {"cnn": row}, "machine": "here", "languages": "zh", "epochs": 6}
    assert table(told) == (
        "machine: here; zh, 6 passes\n"
        "                      macro-F1  negative AUROC    p50 ms      MB\n"
        "cnn                      0.500           0.840      1.25     3.0"
    )
