"""The deletion test, on a really trained model."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.faithfulness import COUNTS, messages, table
from emotion_component.datasets import SERVICE_MESSAGES
from emotion_component.datasets.corpus import fold

ROOT = Path(__file__).parents[2]


def test_messages_are_by_unseen_voices_and_always_the_same() -> None:
    drawn = messages("zh", 20)
    assert drawn == messages("zh", 20)
    assert len(set(drawn)) == 20
    voices: dict[str, set[str]] = {}
    for path in SERVICE_MESSAGES.glob("*_zh*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            voices.setdefault(row["text"], set()).add(fold(row["voice"]))
    assert all("test" in voices[text] for text in drawn)


def test_the_named_words_count_more_than_random_ones() -> None:
    words = [sys.executable, "-m", "benchmarks.faithfulness", "--json", "--messages", "40"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    for language in ("en", "zh"):
        row = result[language]
        assert row["messages"] >= 10
        for count in COUNTS:
            gap = row[f"difference_{count}"]
            assert gap["low"] <= gap["mean"] <= gap["high"]
            assert gap["low"] > 0.1
            assert row[f"kept_top_{count}"] > row[f"kept_random_{count}"]
    assert table(result).count("\n") == 2 + 2 * (len(COUNTS) + 1)
