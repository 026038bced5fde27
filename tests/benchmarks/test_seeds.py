"""The spread of a training over seeds."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.seeds import spreads, table

ROOT = Path(__file__).parents[2]


def test_mean_and_spread_are_those_of_the_figures() -> None:
    each = [{"GoEmotions, test": {"macro_f1": value}} for value in (0.52, 0.53, 0.57)]
    found = spreads(each)["GoEmotions, test"]["macro_f1"]
    assert found == {"each": [0.52, 0.53, 0.57], "mean": 0.54, "spread": 0.0265}
    assert spreads(each[:1])["GoEmotions, test"]["macro_f1"]["spread"] == 0


def test_the_table_names_every_figure_of_every_set() -> None:
    told = {"models": ["a@1", "a@2"], "sets": spreads([{"A": {"macro_f1": v}} for v in (0.5, 0.7)])}
    assert table(told).splitlines() == [
        "a@1, a@2",
        "A",
        "  macro_f1             0.600 ± 0.141   0.500  0.700",
    ]


@pytest.mark.slow
def test_models_are_scored_side_by_side() -> None:
    weights = str(ROOT / "emotion_component" / "weights")
    command = [
        sys.executable,
        "-m",
        "benchmarks.seeds",
        "--json",
        "--limit",
        "30",
        weights,
        weights,
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert len(found["models"]) == 2
    first = found["sets"]["GoEmotions, test"]
    assert set(first) == {"macro_f1", "ekman_macro_f1", "sentiment_macro_f1"}
    for figures in found["sets"].values():
        for figure in figures.values():
            assert figure["each"][0] == figure["each"][1] == pytest.approx(figure["mean"])
            assert figure["spread"] == 0
