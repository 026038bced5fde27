"""The benchmark of one text, run for real with a few texts."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.latency import Run, summary, take_turns
from benchmarks.peers import process
from benchmarks.texts import Text, sample

ROOT = Path(__file__).parents[2]


def run(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.latency", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240)


def with_vader() -> str:
    """Name a Python that has VADER: the peers' environment, or this one."""
    for python in (str(process.PYTHON), sys.executable):
        found = Path(python).exists() and subprocess.run([python, "-c", "import vaderSentiment"])
        if found and found.returncode == 0:
            return python
    pytest.skip("neither the peers' environment nor this one has vaderSentiment")


@pytest.mark.slow
def test_a_short_run_prints_one_object_with_our_times_and_vaders(toy_folder: Path) -> None:
    options = ["--json", "--texts", "3", "--passes", "1", "--model", str(toy_folder)]
    done = run(*options, "--peers", "vader", "--python", with_vader())
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    times = {name: result[f"{name}_ms"] for name in ("attune", "vader", "call_overhead", "floor")}
    assert all(0 < value < 10_000 for value in times.values()), times
    assert result["ratio_vader"] == pytest.approx(
        result["vader_ms"] / result["attune_ms"], rel=0.01
    )
    assert result["ratio_floor"] == pytest.approx(
        result["attune_ms"] / result["floor_ms"], rel=0.01
    )
    assert result["attune_en_ms"] > 0
    assert result["attune_zh_ms"] > 0
    assert {"machine", "load_before", "model"} <= set(result)
    assert {"python", "tensorflow", "vaderSentiment"} <= set(result["versions"])


def test_without_the_peers_environment_the_command_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(process.PeerError, match="Run benchmarks/peers/setup"):
        process.Peer("vader", tmp_path / "corpus", python=tmp_path / "python")


def test_a_peer_that_cannot_start_is_named_with_its_last_words(tmp_path: Path) -> None:
    with pytest.raises(process.PeerError, match=r"(?s)roberta stopped .*Error"):
        process.Peer("roberta", tmp_path / "none.jsonl", python=Path(sys.executable))


def test_the_same_seed_draws_the_same_texts_in_both_languages() -> None:
    drawn = sample(9, seed=1)
    assert drawn == sample(9, seed=1)
    assert drawn != sample(9, seed=2)
    assert sorted(text.language for text in drawn) == ["en"] * 6 + ["zh"] * 3


def test_contenders_take_turns_over_the_same_texts() -> None:
    drawn = [Text(str(number), "en") for number in range(20)]
    heard: list[tuple[str, str]] = []

    def timer(name: str, span: float):  # type: ignore[no-untyped-def]
        def time(some: list[str]) -> list[float]:
            heard.extend((name, text) for text in some)
            return [span] * len(some)

        return time

    done = take_turns({"a": timer("a", 1.0), "b": timer("b", 2.0)}, drawn, 2, lambda: 5.0)
    assert done.times == {"a": [1.0] * 40, "b": [2.0] * 40}
    timed = heard[-80:]
    assert [name for name, _ in timed[:32]] == (["a"] * 8 + ["b"] * 8) * 2
    assert [t for name, t in timed if name == "a"] == [t for name, t in timed if name == "b"]


def test_the_summary_holds_medians_by_language_and_ratios() -> None:
    texts = [Text("one", "en"), Text("二", "zh"), Text("three", "en")]
    times = {"attune": [1.0, 4.0, 3.0, 2.0, 4.0, 2.0], "roberta": [40.0] * 6}
    result = summary(Run(times, texts, rate=1e9), multiply_adds=250_000)
    assert result == {
        "attune_ms": 2.5,
        "attune_p95_ms": 4.0,
        "attune_en_ms": 2.0,
        "attune_zh_ms": 4.0,
        "roberta_ms": 40.0,
        "roberta_p95_ms": 40.0,
        "roberta_en_ms": 40.0,
        "roberta_zh_ms": 40.0,
        "ratio_roberta": 16.0,
        "multiply_adds": 250_000,
        "matrix_gflops": 1.0,
        "floor_ms": 0.5,
        "ratio_floor": 5.0,
    }
