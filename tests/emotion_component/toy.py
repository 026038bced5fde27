"""A toy model, really trained on a slice of the real data, once a session, and toy teachers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from emotion_component.classifier import EmotionModel, load
from emotion_component.datasets import corpus, sources
from emotion_component.datasets.corpus import Corpus
from emotion_component.labels import SERVICE_LABELS
from emotion_component.network.bodies import Size
from emotion_component.network.building import Shape
from emotion_component.network.model import ANSWERS, HEADS
from emotion_component.training.plan import Plan
from emotion_component.training.teaching import Teacher
from emotion_component.training.trainer import train

TOY_PLAN = Plan(
    epochs=1,
    seed=7,
    shape=Shape(
        vocabulary_size=2_500,
        size=Size(embedding=8, filters=8, widths=(1, 2), hidden=8, dropout=0.1),
    ),
    name="toy",
)


@pytest.fixture(scope="session")
def toy_corpus() -> Corpus:
    """The first rows of every data file, split."""
    return corpus.assemble(sources.folder(), limit=40)


@pytest.fixture(scope="session")
def toy_folder(toy_corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder written by a training of seconds."""
    out = tmp_path_factory.mktemp("toy") / "weights"
    train(toy_corpus, out, TOY_PLAN)
    return out


@pytest.fixture(scope="session")
def other_toy_folder(toy_corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder of the same network from another seed."""
    out = tmp_path_factory.mktemp("other") / "weights"
    train(toy_corpus, out, replace(TOY_PLAN, seed=8))
    return out


@pytest.fixture(scope="session")
def toy_model(toy_folder: Path) -> EmotionModel:
    """The toy model, loaded."""
    return load(toy_folder, "cpu")


@pytest.fixture(scope="session")
def shipped_model() -> EmotionModel:
    """The weights that ship with the package."""
    return load(device="cpu")


def hears(label: str) -> Teacher:
    """A teacher that hears one emotion in everything."""

    def ask(texts: Sequence[str]) -> dict[str, Any]:
        scores = {head: np.full((len(texts), HEADS[head]), 0.01, np.float32) for head in ANSWERS}
        scores["service"][:, SERVICE_LABELS.index(label)] = 0.91
        return scores

    return Teacher(f"{label:0>16}", ask)
