"""One training, step by step: gradients, progress, checkpoints, and when to end."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import tensorflow as tf
from tqdm import tqdm

from emotion_component.datasets.corpus import Corpus
from emotion_component.errors import TrainingError
from emotion_component.network.building import Built
from emotion_component.training import augmentation, batches, calibration, precision
from emotion_component.training.keeping import keep
from emotion_component.training.losses import loss
from emotion_component.training.optimizer import FusedAdamW
from emotion_component.training.plan import Plan
from emotion_component.training.predicting import predictor

logger = logging.getLogger(__name__)

# Shares of the steps, and of the peak of the learning rate.
_WARM_UP: Final = 0.06
_LEAST_RATE: Final = 0.02
_NOT_DECAYED: Final = ["bias", "gain", "shift"]


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


class Fit:
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
        self.optimizer = FusedAdamW(
            _Rate(plan.peak_rate, self.steps * plan.epochs),
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
            tqdm.write(text, file=sys.stderr)
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
        bar = tqdm(stream, total=self.steps, desc=title, unit="batch", leave=False)
        with bar, precision.bfloat16(self.plan.bfloat16):
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
        weights = {f"{at:03d}": value for at, value in enumerate(self.best_weights)}
        keep(folder / "best.npz", lambda fresh: np.savez(fresh, **weights))
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
