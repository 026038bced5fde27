"""Phrases beside the service head, fitted on the same messages."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import tensorflow as tf
from scipy.sparse import csr_matrix

from emotion_component.datasets.corpus import Corpus
from emotion_component.datasets.sources import Example
from emotion_component.evaluation.metrics import Floats
from emotion_component.network.building import Built
from emotion_component.network.model import TextTokenizer, mask_of
from emotion_component.network.phrases import Phrases
from emotion_component.network.piece_runs import piece_runs
from emotion_component.training import service_rows, softmax_layer
from emotion_component.training.calibration import service_macro_f1
from emotion_component.training.predicting import PREDICT_BATCH, predictor
from emotion_component.training.service_head import VOTES_WEIGHT
from emotion_component.training.softmax_layer import Term

logger = logging.getLogger(__name__)

# A run of pieces is a phrase once it stands in so many messages; the most common ones are kept,
# each for 15 bytes of the model.
LEAST_MESSAGES: Final = 3
MOST_PHRASES: Final = 18_000
# Inverse strengths of the penalty on the layer's weights; dev chooses.
STRENGTHS: Final = (4.0, 8.0)
_STEPS: Final = 100  # by then dev gains no more
# What phrases count beside the head: the geometric mean of both. More would be better yet on the
# messages that were written for this, and worse on dialogues of strangers.
SHARE: Final = 0.5

Numbers = npt.NDArray[np.int32]


@dataclass(frozen=True)
class _Known:
    """The phrases: their numbers, rising, and their inverse document frequencies, `[phrases]`."""

    numbers: Numbers
    rarity: Floats


def add(built: Built, corpus: Corpus) -> bool:
    """Add phrases to a trained network, where that is better on dev.

    Args:
        built: Its network gets the layer, and a service head that counts less.
        corpus: Its judged service messages train, or where there are none its mapped labels, and
            its voted turns; the messages of dev choose the penalty.

    Returns:
        Whether it did; not where there is too little to fit.
    """
    train = service_rows.judged(corpus.train) or service_rows.mapped(corpus.train)
    dev = corpus.dev.get("service", [])
    if not dev or not service_rows.has_labels_of(train, dev):
        return False
    runs = _runs(built.tokenizer, train)
    known = _most_common(runs)
    if len(known.numbers) == 0:
        return False
    lessons = _lessons(built.tokenizer, known, runs, train, service_rows.voted(corpus.train))
    chosen = _choose(built, known, lessons, dev)
    if chosen is None:
        return False
    kernel, bias = chosen
    layer = built.network.heads["service"]
    layer.set_weights([(1 - SHARE) * weights for weights in layer.get_weights()])
    built.network.phrases = Phrases(known.numbers, known.rarity, SHARE * kernel, SHARE * bias)
    return True


def _choose(
    built: Built, known: _Known, lessons: Sequence[Term], dev: list[Example]
) -> tuple[Floats, Floats] | None:
    """Give the kernel and bias that are best on dev; none if the head alone is as good."""
    read = _weighed(_runs(built.tokenizer, dev), known)
    truth = service_rows.labels_of(dev)
    head = predictor(built.network, built.tokenizer)(dev)["service"]
    before = best = service_macro_f1(truth, head)
    chosen = None
    for strength in STRENGTHS:
        kernel, bias = _fit(lessons, strength)
        score = service_macro_f1(truth, (1 - SHARE) * head + SHARE * (read @ kernel + bias))
        if score > best:
            best, chosen = score, (kernel, bias)
    logger.info("%d phrases: macro-F1 on dev %.3f, before %.3f.", len(known.numbers), best, before)
    return chosen


def _lessons(
    tokenizer: TextTokenizer,
    known: _Known,
    runs: Sequence[Numbers],
    messages: Sequence[Example],
    turns: Sequence[Example],
) -> list[Term]:
    """Give what teaches the layer: messages, whose runs are given, and voted turns."""
    read = _weighed(runs, known)
    found = [Term(softmax_layer.of_labels, 1.0, read, service_rows.labels_of(messages))]
    if turns:
        read = _weighed(_runs(tokenizer, turns), known)
        votes = service_rows.votes_of(turns)
        found.append(Term(softmax_layer.of_votes, VOTES_WEIGHT, read, votes))
    return found


def _fit(lessons: Sequence[Term], strength: float) -> tuple[Floats, Floats]:
    terms = [lesson._replace(weight=strength * lesson.weight) for lesson in lessons]
    width, labels = lessons[0].read.shape[1], lessons[0].wanted.shape[1]
    return softmax_layer.fit(terms, width, labels, _STEPS)


def _runs(tokenizer: TextTokenizer, examples: Sequence[Example]) -> list[Numbers]:
    """Give the runs of pieces of each example, one after the other, repeated where they repeat."""
    texts = [example.text for example in examples]
    found: list[Numbers] = []
    for start in range(0, len(texts), PREDICT_BATCH):
        ids, _ = tokenizer(tf.constant(texts[start : start + PREDICT_BATCH]))
        each = zip(*piece_runs(ids, mask_of(ids)), strict=True)
        numbers, within = (tf.concat(part, axis=1).numpy() for part in each)
        found += [row[inside > 0] for row, inside in zip(numbers, within, strict=True)]
    return found


def _most_common(runs: Sequence[Numbers]) -> _Known:
    messages: Counter[int] = Counter()
    for row in runs:
        messages.update(set(row.tolist()))
    common = [each for each in messages.most_common(MOST_PHRASES) if each[1] >= LEAST_MESSAGES]
    numbers, counts = np.array(sorted(common), np.int64).reshape(-1, 2).T
    # As smoothed by scikit-learn, so that none is 0.
    rarity = np.log((1 + len(runs)) / (1 + counts)) + 1
    return _Known(numbers.astype(np.int32), rarity.astype(np.float32))


def _weighed(runs: Sequence[Numbers], known: _Known) -> Any:
    """Give what the layer reads, a sparse `[examples, phrases]`; see `Phrases`."""
    columns, values, ends = [], [], [0]
    for row in runs:
        place = np.minimum(np.searchsorted(known.numbers, row), len(known.numbers) - 1)
        place = place[known.numbers[place] == row]
        weights = known.rarity[place]
        columns.append(place)
        values.append(weights / max(1e-6, float(np.sqrt((weights**2).sum()))))
        ends.append(ends[-1] + len(place))
    shape = (len(runs), len(known.numbers))
    return csr_matrix((np.concatenate(values), np.concatenate(columns), ends), shape, np.float32)
