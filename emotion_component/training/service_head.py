"""The service head, fitted once more on messages from customer service alone when the body stands.

While the body learns, labels of Reddit's texts teach the service head too, with little weight but
in great number: there "what a joke" is amusement. A linear layer on a body that is ready needs no
such help: the written messages are enough for its labels, and the votes on real dialogues (STC-3)
say how negative a customer's turn is, whichever negative label it bears.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.optimize import minimize

from emotion_component.datasets.corpus import Corpus
from emotion_component.datasets.sources import Example
from emotion_component.evaluation.metrics import (
    NEGATIVE_COLUMNS,
    Bools,
    Floats,
    f1_scores,
    service_decisions,
)
from emotion_component.network.building import Built
from emotion_component.network.model import HEADS
from emotion_component.training.predicting import features

logger = logging.getLogger(__name__)

# Inverse strengths of the penalty on the layer's weights; dev chooses.
STRENGTHS: Final = (0.003, 0.01, 0.03, 0.1)
# How much a voted turn counts beside a labelled message.
VOTES_WEIGHT: Final = 1.0
_STEPS: Final = 400
_LEAST: Final = 1e-6  # keeps a logarithm finite


@dataclass(frozen=True)
class _Rows:
    """What the head reads of some examples, `[rows, width]`, and what it should say of each.

    `wanted` is one label a row, `[rows, labels]` of 0 and 1, or the share of dissatisfied votes,
    `[rows]`.
    """

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
    train = _distinct(example for example in corpus.train if _is_judged(example))
    dev = corpus.dev.get("service", [])
    if not dev or len({int(row.targets["service"].argmax()) for row in train}) < HEADS["service"]:
        return None
    network = built.network
    judged, unseen = (_labelled(built, rows) for rows in (train, dev))
    voted = _voted(built, _distinct(row for row in corpus.train if "negative" in row.targets))
    head = network.heads["service"]
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


def _distinct(examples: Any) -> list[Example]:
    return list({example.text: example for example in examples}.values())


def _is_judged(example: Example) -> bool:
    """Tell a message that somebody labelled for its service emotion from a mapped label."""
    return "service" in example.targets and example.service_weight == 1.0


def _labelled(built: Built, examples: list[Example]) -> _Rows:
    hottest = [int(example.targets["service"].argmax()) for example in examples]
    wanted = np.eye(HEADS["service"], dtype=np.float32)[hottest]
    return _Rows(features(built.network, built.tokenizer, examples), wanted)


def _voted(built: Built, examples: list[Example]) -> _Rows | None:
    if not examples:
        return None
    shares = np.array([float(example.targets["negative"][0]) for example in examples], np.float32)
    return _Rows(features(built.network, built.tokenizer, examples), shares)


def _fit(judged: _Rows, voted: _Rows | None, strength: float) -> tuple[Floats, Floats]:
    """Give kernel `[width, labels]` and bias `[labels]` for rows as they are, not scaled.

    Minimizes half the squared norm of the kernel on standardized features plus `strength` times
    the summed cross-entropies, with the gradients of `_of_labels` and `_of_votes`.
    """
    mean, spread = judged.read.mean(axis=0), judged.read.std(axis=0)
    spread = np.where(spread > 0, spread, np.float32(1))
    terms = [(_of_labels, strength, (judged.read - mean) / spread, judged.wanted)]
    if voted is not None:
        weight = strength * VOTES_WEIGHT
        terms.append((_of_votes, weight, (voted.read - mean) / spread, voted.wanted))
    width, labels = judged.read.shape[1], judged.wanted.shape[1]

    def objective(flat: Any) -> tuple[float, Any]:
        layer = flat.reshape(width + 1, labels).astype(np.float32)
        value = 0.5 * float((layer[:-1] ** 2).sum())
        gradient = np.concatenate([layer[:-1], np.zeros_like(layer[-1:])])
        for term, weight, rows, wanted in terms:
            loss, slope = term(_softmax(rows @ layer[:-1] + layer[-1]), wanted)
            value += weight * loss
            gradient[:-1] += weight * rows.T @ slope
            gradient[-1] += weight * slope.sum(axis=0)
        return value, gradient.ravel().astype(np.float64)

    start = np.zeros((width + 1) * labels)
    found = minimize(objective, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    layer = found.x.reshape(width + 1, labels)
    kernel = layer[:-1] / spread[:, np.newaxis]
    return kernel.astype(np.float32), (layer[-1] - mean @ kernel).astype(np.float32)


def _of_labels(shares: Floats, wanted: Floats) -> tuple[float, Floats]:
    """Give the summed cross-entropy of softmax shares with labels, and its slope by logit."""
    return -float(np.log(shares[wanted > 0] + _LEAST).sum()), shares - wanted


def _of_votes(shares: Floats, wanted: Floats) -> tuple[float, Floats]:
    """Give the summed cross-entropy of the negative share with votes, and its slope by logit."""
    negative = np.zeros(shares.shape[1], np.bool_)
    negative[list(NEGATIVE_COLUMNS)] = True
    chance = np.clip(shares[:, negative].sum(axis=1), _LEAST, 1 - _LEAST)
    loss = -float((wanted * np.log(chance) + (1 - wanted) * np.log(1 - chance)).sum())
    # The log-odds of `chance` rise with a logit by its part of the negative labels, and fall with
    # it by its part of the others.
    part = np.where(negative, shares / chance[:, np.newaxis], -shares / (1 - chance)[:, np.newaxis])
    return loss, (chance - wanted)[:, np.newaxis] * part


def _softmax(logits: Floats) -> Floats:
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True), np.float32)


def _macro_f1(rows: _Rows, kernel: Floats, bias: Floats) -> float:
    truth: Bools = rows.wanted > 0
    return f1_scores(truth, service_decisions(_softmax(rows.read @ kernel + bias))).macro
