"""One small network in every precision, for real."""

from __future__ import annotations

import functools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.precision import FORMS, HEADS, restored, table
from emotion_component.datasets.corpus import Corpus
from emotion_component.network.bodies import Size
from emotion_component.network.building import Shape
from emotion_component.training.trainer import train
from tests.emotion_component.toy import TOY_PLAN

SHAPE = Shape(encoder="transformer", size=Size(hidden=64, blocks=1))
MOST_APART = {"packed": 0.01, "xla": 0.001, "int8": 0.05, "bfloat16": 0.05}


@pytest.mark.slow
def test_every_form_says_what_the_network_says(toy_corpus: Corpus, tmp_path: Path) -> None:
    run = tmp_path / "run"
    train(toy_corpus, tmp_path / "out", replace(TOY_PLAN, shape=SHAPE), run=run)
    restore = functools.partial(restored, SHAPE, run)
    tokens = restore().tokenizer(["third time I am asking"])
    expected = FORMS["float32"](restore)(*tokens)
    assert list(expected) == list(HEADS)
    assert expected["service"].sum() == pytest.approx(1, abs=1e-5)
    for name, most in MOST_APART.items():
        found = FORMS[name](restore)(*tokens)
        apart = {head: float(np.abs(found[head] - expected[head]).max()) for head in HEADS}
        assert max(apart.values()) < most, (name, apart)


def test_a_folder_without_a_training_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="holds no training of such a network"):
        restored(SHAPE, tmp_path)


def test_the_table_has_a_line_for_each_form() -> None:
    row = {"median_ms": 7.5, "goemotions_macro_f1": 0.53, "service_en_macro_f1": 0.77}
    assert table({"machine": "here", "forms": {"xla": row}}) == (
        "machine: here; one text at a time on one core, the network alone\n"
        "              p50 ms   GoEmotions F1   service F1\n"
        "xla             7.50           0.530        0.770"
    )
