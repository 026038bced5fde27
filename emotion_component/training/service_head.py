"""The service head, fitted once more on service messages alone when the body stands.

While the body learns, labels of Reddit's texts teach the service head too, with little weight but
in great number: there "what a joke" is amusement. A linear layer on a body that is ready needs no
such help, and the written messages are enough for it.
"""

from __future__ import annotations

import logging
from typing import Final

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from emotion_component.datasets.corpus import Corpus
from emotion_component.datasets.sources import Example
from emotion_component.evaluation.metrics import Bools, Floats, f1_scores, service_decisions
from emotion_component.network.building import Built
from emotion_component.network.model import HEADS
from emotion_component.training.predicting import features

logger = logging.getLogger(__name__)

# Inverse strengths of the penalty on the layer's weights; dev chooses.
STRENGTHS: Final = (0.003, 0.01, 0.03, 0.1)
_STEPS: Final = 400


def refit(built: Built, corpus: Corpus) -> float | None:
    """Fit the service head of a trained network anew, where that is better on dev.

    Args:
        built: Its network's service head is replaced.
        corpus: Its judged service messages train; those of dev choose the penalty.

    Returns:
        The macro-F1 on dev of the head that is kept, 0 to 1; `None` where there is too little to
        fit: no dev messages, or a label without a training message.
    """
    train = list(
        {example.text: example for example in corpus.train if _is_judged(example)}.values()
    )
    dev = corpus.dev.get("service", [])
    answers = np.array([int(example.targets["service"].argmax()) for example in train], np.int64)
    if not dev or len(set(answers.tolist())) < HEADS["service"]:
        return None
    network = built.network
    read = {
        name: features(network, built.tokenizer, rows)
        for name, rows in (("train", train), ("dev", dev))
    }
    truth = np.array([example.targets["service"] for example in dev]) > 0
    head = network.heads["service"]
    kernel, bias = head.get_weights()
    best = before = _macro_f1(truth, read["dev"] @ kernel + bias)
    for strength in STRENGTHS:
        fitted = _fit(read["train"], answers, strength)
        score = _macro_f1(truth, read["dev"] @ fitted[0] + fitted[1])
        if score > best:
            best, (kernel, bias) = score, fitted
    head.set_weights([kernel, bias])
    logger.info("Service head fitted anew: macro-F1 on dev %.3f, before %.3f.", best, before)
    return best


def _is_judged(example: Example) -> bool:
    """Tell a message that somebody labelled for its service emotion from a mapped label."""
    return "service" in example.targets and example.service_weight == 1.0


def _fit(rows: Floats, answers: npt.NDArray[np.int64], strength: float) -> tuple[Floats, Floats]:
    """Give kernel `[width, labels]` and bias `[labels]` for rows as they are, not scaled."""
    scaler = StandardScaler().fit(rows)
    model = LogisticRegression(C=strength, max_iter=_STEPS).fit(scaler.transform(rows), answers)
    kernel = (model.coef_ / scaler.scale_).T
    bias = model.intercept_ - scaler.mean_ @ kernel
    return kernel.astype(np.float32), bias.astype(np.float32)


def _macro_f1(truth: Bools, logits: Floats) -> float:
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    scores = (odds / odds.sum(axis=1, keepdims=True)).astype(np.float32)
    return f1_scores(truth, service_decisions(scores)).macro
