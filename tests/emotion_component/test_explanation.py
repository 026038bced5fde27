"""Which words moved a score, checked against the model itself."""

from __future__ import annotations

import itertools
import json

import pytest

from emotion_component import labels
from emotion_component.classifier import EmotionModel
from emotion_component.errors import ConfigurationError
from emotion_component.explanation import BUDGET, EXPLAINABLE, FEWEST_UNITS, explain, without

TEXTS = ["thank you so much!", "where is my order", "气死我了，还没到😡😡！！！", "OK 好的 😀"]


@pytest.mark.parametrize("text", TEXTS)
def test_a_weight_is_what_the_score_loses_without_the_word(
    toy_model: EmotionModel, text: str
) -> None:
    found = explain(toy_model, text, "gratitude")
    column = labels.SERVICE_LABELS.index("gratitude")

    def score(of: str) -> float:
        return float(toy_model.probabilities([of])["service"][0, column])

    assert found.score == pytest.approx(score(text), abs=2e-4)
    assert [token.text for token in found.tokens] == [
        text[token.start : token.end] for token in found.tokens
    ]
    for token in found.tokens:
        left = without(text, [(token.start, token.end)])
        assert token.weight == pytest.approx(score(text) - score(left), abs=4e-4)


def test_without_a_label_the_one_that_the_model_names_is_explained(
    toy_model: EmotionModel,
) -> None:
    for text in TEXTS:
        found = explain(toy_model, text)
        (row,) = toy_model.probabilities([text])["service"].tolist()
        assert found.label == labels.decide(dict(zip(labels.SERVICE_LABELS, row, strict=True)))


def test_negative_stands_for_the_sum_of_the_negative_labels(toy_model: EmotionModel) -> None:
    parts = [explain(toy_model, TEXTS[2], label) for label in sorted(labels.NEGATIVE)]
    whole = explain(toy_model, TEXTS[2], "negative")
    assert whole.score == pytest.approx(sum(part.score for part in parts), abs=5e-4)
    for at, token in enumerate(whole.tokens):
        assert token.weight == pytest.approx(sum(p.tokens[at].weight for p in parts), abs=1e-3)


@pytest.mark.parametrize("text", ["", "  ", "/greet", "https://example.org", "مرحبا كيف حالك"])
def test_where_there_is_nothing_to_judge_no_word_has_a_weight(
    toy_model: EmotionModel, text: str
) -> None:
    found = explain(toy_model, text, "anger")
    assert (found.label, found.score, found.tokens) == ("anger", 0.0, [])


@pytest.mark.parametrize("text", ["\ud800 broken", "a" * 5_000, "很" * 5_000, "!" * 5_000])
def test_odd_texts_are_explained_and_never_raise(toy_model: EmotionModel, text: str) -> None:
    found = explain(toy_model, text)
    assert found.tokens
    assert found.tokens[-1].end <= 1_200


def test_a_long_text_falls_into_phrases_within_the_budget(toy_model: EmotionModel) -> None:
    text = "I have been waiting for three weeks, nobody answers. " * 30
    found = explain(toy_model, text)
    words = 220  # of the 1,200 characters that are read, at least
    assert len(found.tokens) == max(FEWEST_UNITS, BUDGET // words)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found.tokens))


def test_the_strongest_are_sorted_by_size_whatever_their_sign(toy_model: EmotionModel) -> None:
    strongest = explain(toy_model, TEXTS[0]).strongest(3)
    sizes = [abs(token.weight) for token in strongest]
    assert sizes == sorted(sizes, reverse=True)
    assert len(sizes) <= 3


def test_to_dict_survives_json(toy_model: EmotionModel) -> None:
    found = explain(toy_model, TEXTS[2])
    plain = json.loads(json.dumps(found.to_dict()))
    assert set(plain) == {"text", "label", "score", "tokens", "model"}
    assert set(plain["tokens"][0]) == {"text", "start", "end", "weight"}


def test_an_unknown_label_is_refused_with_those_that_are_known(toy_model: EmotionModel) -> None:
    with pytest.raises(ConfigurationError, match=r"one of neutral, .*negative\. Received: rage"):
        explain(toy_model, "hello", "rage")
    assert len(EXPLAINABLE) == 11


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("not good at all", "not at all"),
        ("good day", "day"),
        ("so good", "so "),
        ("so,good!", "so,!"),
    ],
)
def test_leaving_a_word_out_leaves_no_double_space(text: str, left: str) -> None:
    start = text.index("good")
    assert without(text, [(start, start + 4)]) == left


def test_the_shipped_weights_find_the_words_that_a_reader_would_name(
    shipped_model: EmotionModel,
) -> None:
    for text, word in [
        ("thanks for the parcel it came this morning", "thanks"),
        ("where is my order, this is outrageous", "outrageous"),
        ("谢谢你，东西收到了", "谢谢你"),
    ]:
        assert explain(shipped_model, text).strongest(1)[0].text in word
