"""A trained network as a model folder: exported, described, sealed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import tensorflow as tf

from emotion_component import artifact, labels
from emotion_component.datasets.corpus import Corpus
from emotion_component.network.model import (
    ANSWERS,
    EmotionNetwork,
    ServingModel,
    TextTokenizer,
    export,
)
from emotion_component.training import calibration
from emotion_component.training.plan import Plan


def card(
    plan: Plan, corpus: Corpus, rows: int, score: float, taught: Iterable[str] = ()
) -> dict[str, Any]:
    """Give what `model.json` says of a training.

    Args:
        plan: How it went.
        corpus: On what.
        rows: How many different texts there were.
        score: Of the best network on dev.
        taught: The heads that a teacher taught.
    """
    known = {*taught, *(head for example in corpus.train for head in example.targets)}
    return {
        "name": plan.name,
        "languages": list(corpus.languages),
        "labels": {
            "service": labels.SERVICE_LABELS,
            "goemotions": labels.GOEMOTIONS_LABELS,
            "brighter": labels.BRIGHTER_LABELS,
        },
        # What the other heads say means nothing.
        "heads": [head for head in ANSWERS if head in known],
        "seed": plan.seed,
        "rows": {"train": rows, "dev": sum(map(len, corpus.dev.values()))},
        "dev_score": round(score, 4),
        **corpus.card(),
    }


def write(
    out: Path,
    tokenizer: TextTokenizer,
    network: EmotionNetwork,
    tuned: calibration.Tuned,
    entries: Mapping[str, Any],
) -> dict[str, Any]:
    """Export and seal a model; see `train`.

    Args:
        out: The model folder.
        tokenizer: Without sampling.
        network: Trained.
        tuned: Thresholds and temperatures.
        entries: From `card`.
    """
    # One network has one softmax: with both languages the first of them, English, sets it.
    temperature = tuned.temperature[entries["languages"][0]]
    whole = {**entries, **tuned.card()}
    replace(out, ServingModel(tokenizer, network, temperature), whole)
    return whole


def replace(out: Path, model: tf.Module, entries: Mapping[str, Any]) -> None:
    """Export beside the old model first, so that a failure leaves that one whole."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".emotion-") as made:
        export(model, Path(made) / artifact.SAVED_MODEL)
        artifact.replace_saved_model(Path(made) / artifact.SAVED_MODEL, out)
    artifact.seal(out, entries)
