"""Phrases beside the service head."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from emotion_component import labels
from emotion_component.classifier import load
from emotion_component.datasets.corpus import Corpus
from emotion_component.datasets.sources import Example
from emotion_component.network import building
from emotion_component.network.building import Built
from emotion_component.network.model import negative_logit
from emotion_component.training import calibration, phrases, saving, service_rows
from emotion_component.training.predicting import predictor
from tests.emotion_component.toy import TOY_PLAN

# Two words each, which mean nothing apart.
PHRASES = [f"{one} {other}" for one in ("up", "down", "left", "right") for other in ("on", "off")]
PHRASES += ["off on", "on off"]


def messages(start: int, count: int) -> list[Example]:
    """Messages that one phrase each tells apart."""
    hot = np.eye(len(labels.SERVICE_LABELS), dtype=np.float32)
    return [
        Example(f"well {phrase} then {number}", {"service": hot[at]})
        for number in range(start, start + count)
        for at, phrase in enumerate(PHRASES)
    ]


@pytest.fixture
def corpus(toy_corpus: Corpus) -> Corpus:
    return replace(toy_corpus, train=messages(0, 12), dev={"service": messages(50, 4)})


@pytest.fixture
def built(corpus: Corpus) -> Built:
    texts = [example.text for example in corpus.train]
    made = building.build(replace(TOY_PLAN.shape, vocabulary_size=60), texts)
    made.network(made.tokenizer(tf.constant(texts[:2])))  # makes the variables
    return made


def macro_f1(built: Built, rows: list[Example]) -> float:
    logits = predictor(built.network, built.tokenizer)(rows)["service"]
    return calibration.service_macro_f1(service_rows.labels_of(rows), logits)


def test_they_tell_apart_what_an_untrained_head_cannot(built: Built, corpus: Corpus) -> None:
    before = macro_f1(built, corpus.dev["service"])
    assert phrases.add(built, corpus)
    assert macro_f1(built, corpus.dev["service"]) > max(0.9, before)


def test_an_exported_model_says_what_the_network_says(
    built: Built, corpus: Corpus, tmp_path: Path
) -> None:
    assert phrases.add(built, corpus)
    rows = corpus.dev["service"]
    tuned = calibration.tune(predictor(built.network, built.tokenizer), corpus.dev)
    card = saving.card(TOY_PLAN, corpus, 1, 0.0)
    saving.write(tmp_path / "out", built.tokenizer, built.network, tuned, card)
    logits = predictor(built.network, built.tokenizer)(rows)["service"]
    expected = calibration.softmax(logits / tuned.temperature[card["languages"][0]])
    texts = [row.text for row in rows]
    found = load(tmp_path / "out", "cpu").probabilities(texts)["service"]
    np.testing.assert_allclose(found, expected, atol=0.02)  # weights of 8 bits


def test_votes_teach_how_negative_a_phrase_is(built: Built, corpus: Corpus) -> None:
    votes = np.array([1.0], np.float32)
    voted = [Example(f"still pending {number}", {"negative": votes}) for number in range(60)]
    assert phrases.add(built, replace(corpus, train=[*corpus.train, *voted]))
    layer = built.network.phrases
    assert layer is not None
    ids, _ = built.tokenizer(tf.constant(["still pending 99"]))
    assert float(negative_logit(layer(ids, tf.cast(ids > 0, tf.float32)))) > 0


def test_labels_from_elsewhere_teach_them_only_where_there_are_no_others(
    built: Built, corpus: Corpus
) -> None:
    wrong = np.roll(np.eye(len(labels.SERVICE_LABELS), dtype=np.float32), 1, axis=0)
    mapped = [
        replace(row, targets={"service": wrong[int(row.targets["service"].argmax())]},
                service_weight=0.15)
        for row in corpus.train
    ]  # fmt: skip
    both = replace(corpus, train=[*corpus.train, *mapped])
    assert phrases.add(built, both)
    assert macro_f1(built, corpus.dev["service"]) > 0.9
    built.network.phrases = None
    assert phrases.add(built, replace(corpus, train=mapped, dev={"service": mapped}))


def test_without_dev_messages_or_with_an_untaught_label_nothing_is_added(
    built: Built, corpus: Corpus
) -> None:
    assert not phrases.add(built, replace(corpus, dev={}))
    assert not phrases.add(built, replace(corpus, train=corpus.train[:5]))
    assert built.network.phrases is None
