"""Training from examples to a sealed model folder."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import tensorflow as tf
from tqdm import tqdm

from emotion_component import artifact, augmentation, batches, calibration, labels, networks
from emotion_component.corpus import Corpus
from emotion_component.datasets import Example
from emotion_component.errors import ConfigurationError, TrainingError
from emotion_component.losses import loss
from emotion_component.model import ANSWERS, EmotionNetwork, ServingModel, TextTokenizer, export
from emotion_component.networks import Built, Shape

logger = logging.getLogger(__name__)

# Published weights want small steps and a slow start; a network from nothing takes larger ones.
_RATES: Final = {True: 1.2e-4, False: 2e-3}
_BATCH_SIZES: Final = {True: 32, False: 128}
_WARM_UP: Final = 0.06
_LEAST_RATE: Final = 0.02
_PREDICT_BATCH: Final = 128
_NOT_DECAYED: Final = ["bias", "gain", "shift"]

# Judges texts: head name to probabilities `[texts, outputs]`.
Teacher = Callable[[Sequence[str]], Mapping[str, Any]]


@dataclass(frozen=True)
class Plan:
    """How to train.

    Attributes:
        shape: Which network.
        epochs: At most this many passes over the data.
        patience: Stop after this many passes without a better dev score.
        learning_rate: Peak; `None` for what suits the encoder.
        batch_size: Rows a step and device; `None` for what suits the encoder.
        weight_decay: Of AdamW (Loshchilov and Hutter 2019), on matrices alone.
        adversarial: Length of the step against the embeddings' gradient with which each batch is
            read once more (Miyato et al. 2017, https://arxiv.org/abs/1605.07725); 0 for none.
        augment: Whether to read texts in the variants of `augmentation`.
        teacher_share: How much a teacher counts against the labels, 0 to 1.
        seed: Fixes initialization, order and dropout. Same machine, same result, but for
            the rounding of sums that threads add up in another order.
        name: What the model calls itself.
    """

    shape: Shape = field(default_factory=Shape)
    epochs: int = 8
    patience: int = 2
    learning_rate: float | None = None
    batch_size: int | None = None
    weight_decay: float = 0.01
    adversarial: float = 0.0
    augment: bool = False
    teacher_share: float = 0.6
    seed: int = 20_240_607
    name: str = "small"

    def __post_init__(self) -> None:
        if self.epochs < 1:
            raise ConfigurationError(f"`--epochs` must be at least 1. Received: {self.epochs}.")
        if not 0 <= self.teacher_share <= 1:
            raise ConfigurationError(
                f"`--teacher-share` must be between 0 and 1. Received: {self.teacher_share}."
            )

    @property
    def rows_a_step(self) -> int:
        """The batch size in force."""
        return self.batch_size or _BATCH_SIZES[self.shape.is_pretrained]


def train(
    corpus: Corpus,
    out: Path,
    plan: Plan,
    teacher: Teacher | None = None,
    run: Path | None = None,
) -> dict[str, Any]:
    """Train, tune on dev, export and seal a model.

    Args:
        corpus: What to train and tune on.
        out: Folder to write; made where it is missing, its model replaced where it has one.
        plan: How.
        teacher: Its judgements are learned beside the labels (Hinton et al. 2015,
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
        built = networks.build(plan.shape, unique)
        fit = _Fit(built, corpus, plan, strategy, _taught(teacher, corpus.train), run)
        score = fit.run()
    tuned = calibration.tune(predictor(built.network, built.tokenizer), corpus.dev)
    return write(out, built.tokenizer, built.network, tuned, card(plan, corpus, len(unique), score))


def card(plan: Plan, corpus: Corpus, rows: int, score: float) -> dict[str, Any]:
    """Give what `model.json` says of a training."""
    return {
        "name": plan.name,
        "languages": list(corpus.languages),
        "labels": {
            "service": labels.SERVICE_LABELS,
            "goemotions": labels.GOEMOTIONS_LABELS,
            "brighter": labels.BRIGHTER_LABELS,
        },
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


def predictor(network: EmotionNetwork, tokenizer: TextTokenizer) -> calibration.Predictor:
    """Give a function from examples to every head's logits, for tuning on dev."""
    run = tf.function(lambda texts: network(tokenizer(texts)), reduce_retracing=True)

    def predict(examples: list[Example]) -> dict[str, Any]:
        texts = [example.text for example in examples]
        order = sorted(range(len(texts)), key=lambda row: len(texts[row]))  # little padding
        parts: dict[str, list[Any]] = {}
        for start in range(0, len(order), _PREDICT_BATCH):
            rows = [texts[row] for row in order[start : start + _PREDICT_BATCH]]
            for head, values in run(tf.constant(rows)).items():
                parts.setdefault(head, []).append(values.numpy())
        back = np.argsort(order)
        return {head: np.concatenate(values)[back] for head, values in parts.items()}

    return predict


def _strategy() -> tf.distribute.Strategy:
    """Train on every GPU there is; on the CPU without one."""
    gpus = tf.config.list_logical_devices("GPU")
    return tf.distribute.MirroredStrategy() if len(gpus) > 1 else tf.distribute.get_strategy()


def _taught(teacher: Teacher | None, examples: Sequence[Example]) -> dict[str, Any]:
    """Ask the teacher once for each text; give its probabilities for every row."""
    if teacher is None:
        return {}
    unique = list(dict.fromkeys(example.text for example in examples))
    at = {text: row for row, text in enumerate(unique)}
    parts: list[Mapping[str, Any]] = [
        teacher(unique[start : start + _PREDICT_BATCH])
        for start in tqdm(range(0, len(unique), _PREDICT_BATCH), desc="teacher", unit="batch")
    ]
    rows = [at[example.text] for example in examples]
    return {head: np.concatenate([part[head] for part in parts])[rows] for head in ANSWERS}


class _Rate(tf.keras.optimizers.schedules.LearningRateSchedule):
    """Up over the first steps, then down along a line."""

    def __init__(self, peak: float, steps: int) -> None:
        self.peak, self.steps = peak, steps

    def __call__(self, step: tf.Tensor) -> tf.Tensor:
        warm = max(1.0, _WARM_UP * self.steps)
        at = tf.cast(step, tf.float32)
        falling = (self.steps - at) / max(1.0, self.steps - warm)
        return self.peak * tf.minimum((at + 1) / warm, tf.maximum(falling, _LEAST_RATE))

    def get_config(self) -> dict[str, float]:
        return {"peak": self.peak, "steps": self.steps}


class _Fit:
    """One training: the network, its optimizer, and where it stands."""

    def __init__(
        self,
        built: Built,
        corpus: Corpus,
        plan: Plan,
        strategy: tf.distribute.Strategy,
        taught: Mapping[str, Any],
        run: Path | None,
    ) -> None:
        self.built, self.corpus, self.plan, self.strategy = built, corpus, plan, strategy
        self.taught = taught
        self.batch_size = plan.rows_a_step * strategy.num_replicas_in_sync
        self.steps = batches.steps(corpus.train, self.batch_size)
        rate = plan.learning_rate or _RATES[plan.shape.is_pretrained]
        self.optimizer = tf.keras.optimizers.AdamW(
            _Rate(rate, self.steps * plan.epochs),
            weight_decay=plan.weight_decay,
            global_clipnorm=1.0,
        )
        self.optimizer.exclude_from_weight_decay(var_names=_NOT_DECAYED)
        built.network(built.tokenizer(tf.constant(["make the variables"])))
        self.optimizer.build(built.network.trainable_variables)
        self.epoch = tf.Variable(0, trainable=False, dtype=tf.int64)
        self.best = tf.Variable(-np.inf, trainable=False)
        self.waited = tf.Variable(0, trainable=False, dtype=tf.int64)
        self.best_weights = built.network.get_weights()
        self.step = self._compile()
        self.log = tf.summary.create_file_writer(str(run / "logs")) if run else None
        self.checkpoints = self._checkpoints(run) if run else None

    def run(self) -> float:
        """Fit the network and leave its best weights in it; give their dev score."""
        predict = predictor(self.built.network, self.built.tokenizer)
        while self.epoch < self.plan.epochs and self.waited < self.plan.patience:
            number = int(self.epoch.assign_add(1))
            mean = self._pass(number)
            score, parts = calibration.dev_score(predict, self.corpus.dev)
            text = f"epoch {number}: loss {mean:.4f}, dev macro-F1 {parts}"
            tqdm.write(text, file=_stderr())
            self._note(number, {"loss": mean, "dev/score": score, **_prefixed(parts)})
            if score > float(self.best):
                self.best.assign(score)
                self.waited.assign(0)
                self.best_weights = self.built.network.get_weights()
            else:
                self.waited.assign_add(1)
            self._save()
        self.built.network.set_weights(self.best_weights)
        return float(self.best)

    def _pass(self, number: int) -> float:
        """Run one pass with a progress bar; give the mean loss."""
        mean = tf.keras.metrics.Mean()
        texts = [example.text for example in self.corpus.train]
        if self.plan.augment:
            texts = augmentation.vary(texts, self.plan.seed + number)
        stream = batches.stream(
            self.corpus.train,
            texts,
            self.built.training_tokenizer,
            self.batch_size,
            self.plan.seed + number,
            self.taught,
        )
        if self.strategy.num_replicas_in_sync > 1:
            stream = self.strategy.experimental_distribute_dataset(stream)
        title = f"epoch {number}/{self.plan.epochs}"
        with tqdm(stream, total=self.steps, desc=title, unit="batch", leave=False) as bar:
            for batch in bar:
                mean.update_state(self.step(*batch))
                if bar.n % 50 == 0:
                    bar.set_postfix(loss=f"{float(mean.result()):.4f}")
        if not np.isfinite(float(mean.result())):
            raise TrainingError(
                "The loss is no longer a number. Train with a lower --learning-rate."
            )
        return float(mean.result())

    def _compile(self) -> Callable[..., tf.Tensor]:
        """Compile one step of gradient descent on every replica."""
        network, plan, optimizer = self.built.network, self.plan, self.optimizer
        variables = network.trainable_variables

        def judge(inputs: Any, targets: Any, weights: Any, taught: Any) -> tf.Tensor:
            share = plan.teacher_share if taught else 0.0
            found = loss(network(inputs, training=True), targets, weights, taught, share)
            # Replicas add their gradients up.
            return found / self.strategy.num_replicas_in_sync

        def descend(*batch: Any) -> tf.Tensor:
            with tf.GradientTape() as tape:
                found = judge(*batch)
            gradients = tape.gradient(found, variables)
            if plan.adversarial:
                table = network.body.table
                against = next(g for g, v in zip(gradients, variables, strict=True) if v is table)
                moved = _step_against(against, plan.adversarial)
                table.scatter_add(moved)
                with tf.GradientTape() as tape:
                    harder = judge(*batch)
                more = tape.gradient(harder, variables)
                table.scatter_sub(moved)
                gradients = [_sum(*pair) for pair in zip(gradients, more, strict=True)]
            known = [(g, v) for g, v in zip(gradients, variables, strict=True) if g is not None]
            optimizer.apply_gradients(known)
            return found

        @tf.function(reduce_retracing=True, autograph=False)
        def step(*batch: Any) -> tf.Tensor:
            each = self.strategy.run(descend, args=batch)
            return self.strategy.reduce(tf.distribute.ReduceOp.SUM, each, axis=None)

        return step  # type: ignore[no-any-return]

    def _checkpoints(self, run: Path) -> tf.train.CheckpointManager:
        """Go on from the last checkpoint of `run`, where there is one."""
        state = tf.train.Checkpoint(
            network=self.built.network, optimizer=self.optimizer,
            epoch=self.epoch, best=self.best, waited=self.waited,
        )  # fmt: skip
        manager = tf.train.CheckpointManager(state, str(run / "checkpoints"), max_to_keep=1)
        if manager.latest_checkpoint:
            try:
                state.restore(manager.latest_checkpoint).assert_existing_objects_matched()
                kept = np.load(run / "best.npz")
                self.best_weights = [kept[name] for name in kept.files]
            except (AssertionError, ValueError, OSError, tf.errors.OpError) as error:
                raise TrainingError(
                    f"{run} holds another training, or a damaged one: {error}. "
                    "Name another folder with --run, or remove it."
                ) from error
            logger.info("Going on after epoch %d of the training in %s.", int(self.epoch), run)
        return manager

    def _save(self) -> None:
        """Keep the best weights first: a checkpoint without them could not go on."""
        if self.checkpoints is None:
            return
        folder = Path(self.checkpoints.directory).parent
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / "best-fresh.npz"
        np.savez(fresh, **{f"{at:03d}": value for at, value in enumerate(self.best_weights)})
        fresh.replace(folder / "best.npz")
        self.checkpoints.save()

    def _note(self, number: int, figures: Mapping[str, float]) -> None:
        if self.log is None:
            return
        with self.log.as_default(step=number):
            for name, value in figures.items():
                tf.summary.scalar(name, value)
        self.log.flush()


def _prefixed(parts: Mapping[str, float]) -> dict[str, float]:
    return {f"dev/{name}": value for name, value in parts.items()}


def _step_against(gradient: tf.IndexedSlices, length: float) -> tf.IndexedSlices:
    """Give the move of the embeddings that raises the loss most, of the length wanted."""
    norm = tf.norm(gradient.values) + 1e-12
    return tf.IndexedSlices(length * gradient.values / norm, gradient.indices)


def _sum(first: Any, second: Any) -> Any:
    """Add two gradients, dense or of rows; `None` where nothing depends on the variable."""
    if first is None:
        return second
    return tf.convert_to_tensor(first) + tf.convert_to_tensor(second)


def _stderr() -> Any:
    """Standard error as it is now: standard output belongs to results."""
    import sys

    return sys.stderr
