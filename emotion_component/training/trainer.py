"""Training from examples to a sealed model folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import tensorflow as tf

from emotion_component.datasets.corpus import Corpus
from emotion_component.errors import TrainingError
from emotion_component.network import building
from emotion_component.training import calibration, phrases, saving, service_head
from emotion_component.training.fit import Fit
from emotion_component.training.keeping import keep
from emotion_component.training.plan import Plan
from emotion_component.training.predicting import predictor
from emotion_component.training.teaching import Teacher, judged_by

# Beside the checkpoints of a run.
_VOCABULARY: Final = "vocabulary"


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
        run: Folder for checkpoints, teachers' judgements and TensorBoard logs. A training that was
            ended there goes on after its last whole epoch, with the vocabulary that it began with,
            also where the data have grown; `None` keeps nothing.

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
        built = building.build(plan.shape, unique, _kept_vocabulary(run))
        _keep_vocabulary(run, built)
        taught = judged_by(teachers, corpus.train, run)
        fit = Fit(built, corpus, plan, strategy, taught, run)
        score = fit.run()
    service_head.refit(built, corpus)
    phrases.add(built, corpus)
    tuned = calibration.tune(predictor(built.network, built.tokenizer), corpus.dev)
    card = saving.card(plan, corpus, len(unique), score, taught)
    return saving.write(out, built.tokenizer, built.network, tuned, card)


def _kept_vocabulary(run: Path | None) -> bytes | None:
    """Read the vocabulary of the training in `run`, none where it is to begin."""
    kept = run / _VOCABULARY if run else None
    return kept.read_bytes() if kept and kept.is_file() else None


def _keep_vocabulary(run: Path | None, built: building.Built) -> None:
    """Keep it before the first weights: without it they would mean other pieces."""
    if run is None or (run / _VOCABULARY).is_file():
        return
    if (run / "checkpoints").is_dir():
        raise TrainingError(
            f"{run} holds checkpoints and no vocabulary to go with them. "
            "Name another folder with --run, or remove it."
        )
    keep(run / _VOCABULARY, lambda fresh: fresh.write_bytes(built.vocabulary))


def _strategy() -> tf.distribute.Strategy:
    """Train on every GPU there is; on the CPU without one."""
    gpus = tf.config.list_logical_devices("GPU")
    return tf.distribute.MirroredStrategy() if len(gpus) > 1 else tf.distribute.get_strategy()
