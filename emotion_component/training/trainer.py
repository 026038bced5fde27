"""Training from examples to a sealed model folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
from tqdm import tqdm

from emotion_component.datasets.corpus import Corpus
from emotion_component.datasets.sources import Example
from emotion_component.network import building
from emotion_component.network.model import ANSWERS
from emotion_component.training import calibration, saving, service_head
from emotion_component.training.fit import Fit
from emotion_component.training.plan import Plan
from emotion_component.training.predicting import PREDICT_BATCH, predictor

# Judges texts: head name to probabilities `[texts, outputs]`.
Teacher = Callable[[Sequence[str]], Mapping[str, Any]]


def train(
    corpus: Corpus,
    out: Path,
    plan: Plan,
    teachers: Sequence[Teacher] = (),
    run: Path | None = None,
) -> dict[str, Any]:
    """Train, tune on dev, export and seal a model.

    Args:
        corpus: What to train and tune on.
        out: Folder to write; made where it is missing, its model replaced where it has one.
        plan: How.
        teachers: The mean of their judgements is learned beside the labels (Hinton et al. 2015,
            https://arxiv.org/abs/1503.02531).
        run: Folder for checkpoints and TensorBoard logs. A training that was ended there goes on
            after its last whole epoch; `None` keeps neither.

    Returns:
        The card that was written to `model.json`.

    Raises:
        EncoderError: If a published encoder cannot be read.
        TrainingError: If the loss stops being a number, or `run` holds another training.
    """
    tf.keras.utils.set_random_seed(plan.seed)
    unique = list(dict.fromkeys(example.text for example in corpus.train))
    strategy = _strategy()
    with strategy.scope():
        built = building.build(plan.shape, unique)
        fit = Fit(built, corpus, plan, strategy, judged_by(teachers, corpus.train), run)
        score = fit.run()
    service_head.refit(built, corpus)
    tuned = calibration.tune(predictor(built.network, built.tokenizer), corpus.dev)
    card = saving.card(plan, corpus, len(unique), score)
    return saving.write(out, built.tokenizer, built.network, tuned, card)


def _strategy() -> tf.distribute.Strategy:
    """Train on every GPU there is; on the CPU without one."""
    gpus = tf.config.list_logical_devices("GPU")
    return tf.distribute.MirroredStrategy() if len(gpus) > 1 else tf.distribute.get_strategy()


def judged_by(teachers: Sequence[Teacher], examples: Sequence[Example]) -> dict[str, Any]:
    """Ask each teacher once for each text; give their mean probabilities for every row."""
    if not teachers:
        return {}
    # Texts of like length share a batch: little padding.
    unique = sorted({example.text for example in examples}, key=lambda text: (len(text), text))
    at = {text: row for row, text in enumerate(unique)}
    parts: dict[str, list[Any]] = {head: [] for head in ANSWERS}
    for start in tqdm(range(0, len(unique), PREDICT_BATCH), desc="teacher", unit="batch"):
        said = [teacher(unique[start : start + PREDICT_BATCH]) for teacher in teachers]
        for head, found in parts.items():
            found.append(np.mean([each[head] for each in said], axis=0))
    rows = [at[example.text] for example in examples]
    return {head: np.concatenate(found)[rows] for head, found in parts.items()}
