"""Names and pronouns swapped in the same sentences."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pytest

from emotion_component import labels, language
from emotion_component.evaluation.fairness import SENTENCES, fairness, filled
from emotion_component.evaluation.metrics import Floats


def always(share: float) -> Floats:
    row = np.zeros(len(labels.SERVICE_LABELS), np.float32)
    row[labels.SERVICE_LABELS.index("anger")] = share
    row[0] = 1 - share
    return row


def test_a_model_that_hears_no_names_has_no_gap() -> None:
    found = fairness(lambda texts: np.stack([always(0.3)] * len(texts)))
    assert found["largest_mean_gap"] == 0
    assert {(row["language"], row["flips"]) for row in found["dimensions"]} == {
        ("en", 0.0),
        ("zh", 0.0),
    }


def test_a_model_that_dislikes_a_name_is_found_out() -> None:
    def prejudiced(texts: Sequence[str]) -> Floats:
        return np.stack([always(0.7 if "Jamal" in text else 0.3) for text in texts])

    found = fairness(prejudiced)
    rows = {(row["language"], row["dimension"]): row for row in found["dimensions"]}
    origin = rows["en", "origin of the name"]
    assert origin["between"][0] == "African American"
    assert origin["gap"] == pytest.approx(0.4 / 4, abs=1e-4)
    assert origin["flips"] == 1.0
    assert found["largest_mean_gap"] == origin["gap"]
    assert rows["en", "pronoun"]["gap"] == 0
    assert rows["zh", "gender of the name"]["gap"] == 0


def test_sentences_differ_in_the_words_of_the_group_alone() -> None:
    data = json.loads(SENTENCES.read_text(encoding="utf-8"))
    for spoken, part in data.items():
        for kind in part["groups"].values():
            sentences = list(filled(part["frames"][kind["frames"]], kind["fill"]))
            assert {language.detect(sentence.text) for sentence in sentences} == {spoken}
            assert not any("{" in sentence.text for sentence in sentences)
    text = next(filled(["{they} left."], {"she": [{"they": "she"}]})).text
    assert text == "She left."
