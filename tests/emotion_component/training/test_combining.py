"""Two models behind one signature."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from emotion_component import language
from emotion_component.classifier import EmotionModel, load
from emotion_component.datasets.corpus import Corpus
from emotion_component.training import combining
from tests.emotion_component.test_language import CASES

MIXED = ["thank you", "气死我了", "", "我的iPhone 15 Pro坏了", "love it 谢谢", "😡😡"]


@pytest.fixture(scope="module")
def combined(
    toy_folder: Path,
    other_toy_folder: Path,
    toy_corpus: Corpus,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    out = tmp_path_factory.mktemp("combined") / "weights"
    combining.combine(toy_folder, other_toy_folder, toy_corpus.dev, out, "both")
    return out


def test_each_language_is_judged_by_its_own_model(
    combined: Path, toy_model: EmotionModel, other_toy_folder: Path
) -> None:
    other, both = load(other_toy_folder, "cpu"), load(combined, "cpu")
    for texts in (MIXED, MIXED[:1], MIXED[1:2]):
        scores = both.probabilities(texts)
        for row, text in enumerate(texts):
            of = other if language.detect(text) == "zh" else toy_model
            for head, values in of.probabilities([text]).items():
                np.testing.assert_allclose(scores[head][row], values[0], rtol=1e-3, atol=1e-5)


def test_it_loads_without_the_two_it_was_made_of(combined: Path, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    combined_copy = subprocess.run(["cp", "-r", str(combined), str(moved)], check=True)
    assert combined_copy.returncode == 0
    code = (
        "import sys; from pathlib import Path; from emotion_component.classifier import load;"
        "print(load(Path(sys.argv[1]), 'cpu').predict(['thank you'])[0].scores['joy'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(moved)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    here = load(combined, "cpu").predict(["thank you"])[0].scores["joy"]
    assert float(done.stdout) == pytest.approx(here, abs=1e-4)


def test_the_graph_tells_languages_apart_as_python_does() -> None:
    texts = [text for text, _ in CASES] + MIXED
    found = combining.is_chinese(tf.constant(texts)).numpy().tolist()
    supported = [
        (text, said) for text, said in zip(texts, found, strict=True) if language.detect(text)
    ]
    assert [(text, language.detect(text) == "zh") for text, _ in supported] == supported
