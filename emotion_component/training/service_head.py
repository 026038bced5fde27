"""The service head, fitted once more on messages from customer service alone when the body stands.

While the body learns, labels of Reddit's texts teach the service head too, with little weight but
in great number: there "what a joke" is amusement. A linear layer on a body that is ready needs no
such help: the written messages are enough for its labels, and the votes on real dialogues (STC-3)
say how negative a customer's turn is, whichever negative label it bears.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Final

import numpy as np

from emotion_component.datasets.corpus import Corpus
from emotion_component.datasets.sources import Example
from emotion_component.evaluation.metrics import Floats
from emotion_component.network.building import Built
from emotion_component.training import service_rows, softmax_layer
from emotion_component.training.calibration import service_macro_f1
from emotion_component.training.predicting import features
from emotion_component.training.softmax_layer import Term

logger = logging.getLogger(__name__)

# Inverse strengths of the penalty on the layer's weights; dev chooses.
STRENGTHS: Final = (0.003, 0.01, 0.03, 0.1)
# How much a voted turn counts beside a labelled message.
VOTES_WEIGHT: Final = 1.0


@dataclass(frozen=True)
class _Rows:
    """What the head reads of some examples, `[rows, width]`, and what it should say of each."""

    read: Floats
    wanted: Floats


def refit(built: Built, corpus: Corpus) -> float | None:
    """Fit the service head of a trained network anew, where that is better on dev.

    Args:
        built: Its network's service head is replaced.
        corpus: Its judged service messages and voted turns train; the messages of dev choose the
            penalty.

    Returns:
        The macro-F1 on dev of the head that is kept, 0 to 1; `None` where there is too little to
        fit: no dev messages, or a label without a training message.
    """
    train = service_rows.judged(corpus.train)
    dev = corpus.dev.get("service", [])
    if not dev or not service_rows.has_every_label(train):
        return None
    judged, unseen = (
        _Rows(_read(built, rows), service_rows.labels_of(rows)) for rows in (train, dev)
    )
    turns = service_rows.voted(corpus.train)
    voted = _Rows(_read(built, turns), service_rows.votes_of(turns)) if turns else None
    head = built.network.heads["service"]
    kernel, bias = head.get_weights()
    best = before = _macro_f1(unseen, kernel, bias)
    for strength in STRENGTHS:
        fitted = _fit(judged, voted, strength)
        score = _macro_f1(unseen, *fitted)
        if score > best:
            best, (kernel, bias) = score, fitted
    head.set_weights([kernel, bias])
    logger.info("Service head fitted anew: macro-F1 on dev %.3f, before %.3f.", best, before)
    return best


def _read(built: Built, examples: list[Example]) -> Floats:
    return features(built.network, built.tokenizer, examples)


def _fit(judged: _Rows, voted: _Rows | None, strength: float) -> tuple[Floats, Floats]:
    """Give kernel `[width, labels]` and bias `[labels]` for rows as they are.

    The penalty is on weights of standardized features.
    """
    mean, spread = judged.read.mean(axis=0), judged.read.std(axis=0)
    spread = np.where(spread > 0, spread, np.float32(1))
    scaled = (judged.read - mean) / spread
    terms = [Term(softmax_layer.of_labels, strength, scaled, judged.wanted)]
    if voted is not None:
        weight = strength * VOTES_WEIGHT
        read = (voted.read - mean) / spread
        terms.append(Term(softmax_layer.of_votes, weight, read, voted.wanted))
    kernel, bias = softmax_layer.fit(terms, judged.read.shape[1], judged.wanted.shape[1])
    kernel /= spread[:, np.newaxis]
    return kernel, bias - mean @ kernel


def _macro_f1(rows: _Rows, kernel: Floats, bias: Floats) -> float:
    return service_macro_f1(rows.wanted, rows.read @ kernel + bias)
