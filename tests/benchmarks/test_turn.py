"""What a turn costs with and without Attune."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import turn
from benchmarks.turn import MESSAGES, configuration, measured, summary


def test_the_plain_model_lacks_the_parts_of_attune_alone() -> None:
    ours, plain = configuration("attune"), configuration("plain")
    for part, gone in (("pipeline", "EmotionClassifier"), ("policies", "EscalationPolicy")):
        left_out = [entry["name"] for entry in ours[part] if entry not in plain[part]]
        assert [name.rpartition(".")[2] for name in left_out] == [gone]
    assert {**ours, "pipeline": 0, "policies": 0} == {**plain, "pipeline": 0, "policies": 0}


@pytest.mark.slow
async def test_turns_are_timed_early_and_late_in_a_conversation(
    trained_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turn, "TURNS", (1, 20))
    monkeypatch.setattr(turn, "MESSAGES", MESSAGES[:2])
    (model,) = (trained_project / "models").glob("*.tar.gz")
    times = await measured({"plain": model, "attune": model}, conversations=1)
    assert {name: {at: len(spans) for at, spans in by.items()} for name, by in times.items()} == {
        name: {1: 2, 20: 2} for name in ("plain", "attune")
    }
    found = summary(times)
    for at in (1, 20):
        row = found[f"turn_{at}"]
        assert row["ratio"] == round(row["attune_ms"]["p50"] / row["plain_ms"]["p50"], 3)
