"""How to train: every choice of a training in one value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from emotion_component.errors import ConfigurationError
from emotion_component.network.building import Shape

# Published weights want small steps and a slow start; a network from nothing takes larger ones.
_RATES: Final = {True: 1.2e-4, False: 2e-3}
_BATCH_SIZES: Final = {True: 32, False: 128}


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
        bfloat16: Whether training steps multiply in bfloat16 (`precision`).
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
    bfloat16: bool = False
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

    @property
    def peak_rate(self) -> float:
        """The peak of the learning rate in force."""
        return self.learning_rate or _RATES[self.shape.is_pretrained]
