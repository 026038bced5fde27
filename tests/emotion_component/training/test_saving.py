"""What a model folder says of its training."""

from __future__ import annotations

import numpy as np

from emotion_component.datasets.corpus import Corpus
from emotion_component.datasets.sources import Example
from emotion_component.training.saving import card
from tests.emotion_component.toy import TOY_PLAN


def test_a_card_names_the_heads_that_labels_or_a_teacher_taught() -> None:
    rows = [
        Example("late again", {"service": np.zeros(10, np.float32)}),
        Example("hm", {"plutchik": np.ones(8, np.float32)}),
    ]
    corpus = Corpus(train=rows, dev={"service": rows[:1]}, test=[], sources=("voices",))
    assert card(TOY_PLAN, corpus, 2, 0.5)["heads"] == ["service"]
    both = card(TOY_PLAN, corpus, 2, 0.5, taught=["intensity", "service"])
    assert both["heads"] == ["service", "intensity"]
