"""Training from the data folder to a sealed model folder."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import tensorflow as tf
from tqdm import tqdm

from emotion_component import artifact, batches, calibration, labels
from emotion_component.corpus import Corpus
from emotion_component.datasets import Example
from emotion_component.errors import ConfigurationError, TrainingError
from emotion_component.model import HEADS, EmotionNetwork, ServingModel, Size, export
from emotion_component.tokenizer import VOCABULARY_SIZE, Tokenizer, train_vocabulary

logger = logging.getLogger(__name__)

# How much each taxonomy counts beside the others. The service labels are what the product shows;
# XED is subtitles with noisy labels and mostly there for its Chinese and its breadth.
HEAD_WEIGHTS: Final = {
    "service": 1.0,
    "goemotions": 10.0,  # a mean over 28 mostly negative outputs is small
    "brighter": 1.0,
    "plutchik": 0.5,
    "negative": 1.0,
    "intensity": 1.0,
}
# A few hundred service messages are soon known by heart: their targets leave some doubt (label
# smoothing, Szegedy et al. 2016).
SMOOTHING: Final = 0.1


@dataclass(frozen=True)
class Plan:
    """How to train.

    Attributes:
        epochs: At most this many passes over the data.
        patience: Stop after this many passes without a better dev score.
        learning_rate: Peak of the one-cycle schedule of Adam.
        seed: Fixes initialization, order and dropout. Same machine, same result, but for
            the rounding of sums that threads add up in another order.
        vocabulary_size: Pieces wanted.
        size: Of the network.
        name: What the model calls itself.
    """

    epochs: int = 8
    patience: int = 2
    learning_rate: float = 2e-3
    seed: int = 20_240_607
    vocabulary_size: int = VOCABULARY_SIZE
    size: Size = field(default_factory=Size)
    name: str = "small-en-zh"

    def __post_init__(self) -> None:
        if self.epochs < 1:
            raise ConfigurationError(f"`--epochs` must be at least 1. Received: {self.epochs}.")


def train(corpus: Corpus, out: Path, plan: Plan) -> dict[str, Any]:
    """Train, tune on dev, export and seal a model.

    Args:
        corpus: What to train and tune on.
        out: Folder to write; made where it is missing, its model replaced where it has one.
        plan: How.

    Returns:
        The card that was written to `model.json`.

    Raises:
        TrainingError: If the loss stops being a number.
    """
    tf.keras.utils.set_random_seed(plan.seed)
    unique = dict.fromkeys(example.text for example in corpus.train)
    vocabulary = train_vocabulary(unique, plan.vocabulary_size)
    tokenizer = Tokenizer(vocabulary)
    network = EmotionNetwork(tokenizer.size, plan.size)
    score = _fit(network, corpus, vocabulary, plan)
    tuned = calibration.tune(_predictor(network, tokenizer), corpus.dev)
    card = {
        "name": plan.name,
        "languages": ["en", "zh"],
        "labels": {
            "service": labels.SERVICE_LABELS,
            "goemotions": labels.GOEMOTIONS_LABELS,
            "brighter": labels.BRIGHTER_LABELS,
            "plutchik": labels.PLUTCHIK_LABELS,
        },
        "seed": plan.seed,
        "rows": {"train": len(unique), "dev": sum(map(len, corpus.dev.values()))},
        "dev_score": round(score, 4),
        **tuned.card(),
    }
    _write(out, ServingModel(tokenizer, network, tuned.temperature["en"]), card)
    return card


def _write(out: Path, model: ServingModel, card: dict[str, Any]) -> None:
    """Export beside the old model first, so that a failure leaves that one whole."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".emotion-") as made:
        export(model, Path(made) / artifact.SAVED_MODEL)
        artifact.replace_saved_model(Path(made) / artifact.SAVED_MODEL, out)
    artifact.seal(out, card)


def _fit(network: EmotionNetwork, corpus: Corpus, vocabulary: bytes, plan: Plan) -> float:
    """Fit the network and leave its best weights in it; give their dev score."""
    stream = batches.stream(corpus.train, Tokenizer(vocabulary, sampling=True), plan.seed)
    optimizer = _optimizer(plan, batches.steps(corpus.train))
    step = _training_step(network, optimizer)
    predict = _predictor(network, Tokenizer(vocabulary))
    best, best_weights, waited = float("-inf"), network.get_weights(), 0
    for epoch in range(1, plan.epochs + 1):
        loss = _epoch(step, stream, batches.steps(corpus.train), f"epoch {epoch}/{plan.epochs}")
        score, parts = calibration.dev_score(predict, corpus.dev)
        tqdm.write(f"epoch {epoch}: loss {loss:.4f}, dev macro-F1 {parts}", file=_stderr())
        if score > best:
            best, best_weights, waited = score, network.get_weights(), 0
        else:
            waited += 1
        if waited >= plan.patience:
            break
    network.set_weights(best_weights)
    return best


def _stderr() -> Any:
    """Standard error as it is now: standard output belongs to results."""
    import sys

    return sys.stderr


def _optimizer(plan: Plan, steps: int) -> tf.keras.optimizers.Optimizer:
    """Adam with a rate that falls along a cosine to nothing at the last planned step."""
    schedule = tf.keras.optimizers.schedules.CosineDecay(plan.learning_rate, steps * plan.epochs)
    return tf.keras.optimizers.Adam(schedule, global_clipnorm=1.0)


def _epoch(step: Any, stream: Iterable[batches.Batch], steps: int, title: str) -> float:
    """Run one pass with a progress bar; give the mean loss."""
    mean = tf.keras.metrics.Mean()
    with tqdm(stream, total=steps, desc=title, unit="batch", leave=False) as bar:
        for batch in bar:
            mean.update_state(step(*batch))
            if bar.n % 50 == 0:
                bar.set_postfix(loss=f"{float(mean.result()):.4f}")
    if not tf.math.is_finite(mean.result()):
        raise TrainingError(
            "The loss is no longer a number. Lower the `learning_rate` of Plan in training.py."
        )
    return float(mean.result())


def _training_step(network: EmotionNetwork, optimizer: tf.keras.optimizers.Optimizer) -> Any:
    """Compile one step of gradient descent."""

    @tf.function(reduce_retracing=True, autograph=False)
    def step(inputs: Any, targets: Any, weights: Any) -> tf.Tensor:
        with tf.GradientTape() as tape:
            total = loss(network(inputs, training=True), targets, weights)
        gradients = tape.gradient(total, network.trainable_variables)
        optimizer.apply_gradients(zip(gradients, network.trainable_variables, strict=True))
        return total

    return step


def loss(
    logits: dict[str, tf.Tensor], targets: dict[str, tf.Tensor], weights: dict[str, tf.Tensor]
) -> tf.Tensor:
    """Sum the heads' cross-entropies, each over the rows that teach it.

    Args:
        logits: Head name to `[batch, outputs]`.
        targets: Head name to `[batch, outputs]`, values 0 to 1.
        weights: Head name to `[batch]`; 0 leaves a row out.

    Returns:
        A scalar. Each head's sum is divided by the batch size, not by the number of its rows, so
        that a head with one row in a batch does not pull with the force of a hundred.
    """
    total = 0.0
    for head, values in logits.items():
        if head == "service":
            smooth = (1 - SMOOTHING) * targets[head] + SMOOTHING / HEADS["service"]
            row = tf.nn.softmax_cross_entropy_with_logits(smooth, values)
        else:
            row = tf.nn.sigmoid_cross_entropy_with_logits(targets[head], values)
            row = tf.reduce_mean(row, axis=1)
        total += HEAD_WEIGHTS[head] * tf.reduce_mean(row * weights[head])
    return total


def _predictor(network: EmotionNetwork, tokenizer: Tokenizer) -> calibration.Predictor:
    """Give a function from examples to every head's logits, for tuning on dev."""
    import numpy as np

    run = tf.function(lambda texts: network(tokenizer(texts)), reduce_retracing=True)

    def predict(examples: list[Example]) -> dict[str, Any]:
        texts = [example.text for example in examples]
        starts = range(0, len(texts), batches.BATCH_SIZE)
        parts = [run(tf.constant(texts[at : at + batches.BATCH_SIZE])) for at in starts]
        return {head: np.concatenate([part[head] for part in parts]) for head in parts[0]}

    return predict
