"""The service head, fitted anew on a body that stands."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf

from emotion_component import labels
from emotion_component.datasets.corpus import Corpus
from emotion_component.datasets.sources import Example
from emotion_component.network import building
from emotion_component.network.building import Built
from emotion_component.network.model import negative_logit
from emotion_component.training import service_head
from tests.emotion_component.toy import TOY_PLAN

WORDS = ["ok", "lovely", "thanks", "really", "huh", "scared", "meh", "miss", "again", "liars"]


def messages(start: int, count: int) -> list[Example]:
    """Messages that one word each tells apart."""
    hot = np.eye(len(labels.SERVICE_LABELS), dtype=np.float32)
    return [
        Example(f"{WORDS[at]} {number}", {"service": hot[at]})
        for number in range(start, start + count)
        for at in range(len(WORDS))
    ]


@pytest.fixture()
def corpus(toy_corpus: Corpus) -> Corpus:
    return replace(toy_corpus, train=messages(0, 12), dev={"service": messages(50, 4)})


@pytest.fixture()
def built(corpus: Corpus) -> Built:
    texts = [example.text for example in corpus.train]
    made = building.build(replace(TOY_PLAN.shape, vocabulary_size=60), texts)
    made.network(made.tokenizer(tf.constant(texts[:2])))  # makes the variables
    return made


def test_it_tells_apart_what_an_untrained_head_cannot(built: Built, corpus: Corpus) -> None:
    score = service_head.refit(built, corpus)
    assert score is not None
    assert score > 0.5


def test_labels_from_elsewhere_do_not_teach_it(built: Built, corpus: Corpus) -> None:
    mapped = [replace(example, service_weight=0.15) for example in corpus.train]
    assert service_head.refit(built, replace(corpus, train=mapped)) is None


@pytest.mark.parametrize(("share", "is_negative"), [(1.0, True), (0.0, False)])
def test_votes_teach_how_negative_a_message_is(
    built: Built, corpus: Corpus, share: float, is_negative: bool
) -> None:
    votes = np.array([share], np.float32)
    voted = [Example(f"pending {number}", {"negative": votes}) for number in range(30)]
    assert service_head.refit(built, replace(corpus, train=[*corpus.train, *voted]))
    logits = built.network(built.tokenizer(tf.constant(["pending 99"])))["service"]
    assert (float(negative_logit(logits)) > 0) is is_negative


def test_without_dev_messages_the_head_stays(built: Built, corpus: Corpus) -> None:
    assert service_head.refit(built, replace(corpus, dev={})) is None
