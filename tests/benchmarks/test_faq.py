from __future__ import annotations

import pytest

from benchmarks.faq import OURS, PEER, Asked, Found, best_threshold, counts, found, pipelines

ASKED = [
    Asked("where are you", "faq/showroom"),
    Asked("how do I pay", "faq/paying"),
    Asked("is oak hard to keep", "faq/oak_care"),
    Asked("who wrote hamlet", "out_of_scope"),
    Asked("book me a flight", "out_of_scope"),
]
ANSWERS = [
    Found("faq", "faq/showroom", 0.9),
    Found("faq", "faq/showroom", 0.6),
    Found("out_of_scope", "", 0.0),
    Found("faq", "faq/oak_care", 0.5),
    Found("out_of_scope", "", 0.0),
]


def test_answers_are_counted_from_a_confidence_on() -> None:
    kinds = {"questions": 3, "without_answer": 2}
    assert counts(ASKED, ANSWERS, 0.0) == {
        **kinds, "right": 1, "wrong": 1, "answered_without_answer": 1
    }  # fmt: skip
    assert counts(ASKED, ANSWERS, 0.55) == {
        **kinds, "right": 1, "wrong": 1, "answered_without_answer": 0
    }  # fmt: skip
    assert counts(ASKED, ANSWERS, 0.95) == {
        **kinds, "right": 0, "wrong": 0, "answered_without_answer": 0
    }  # fmt: skip


@pytest.mark.parametrize(("most", "threshold"), [(1, 0.0), (0, 0.55)])
def test_the_threshold_answers_most_questions_and_little_else(most: int, threshold: float) -> None:
    assert best_threshold(ASKED, ANSWERS, most) == threshold


def test_an_entry_counts_where_the_intent_is_the_faq() -> None:
    response = {"intent_response_key": "faq/showroom", "confidence": 0.7}
    selected = {"faq": {"response": response}}
    parsed = {"intent": {"name": "faq"}, "response_selector": selected}
    assert found(parsed) == Found("faq", "faq/showroom", 0.7)
    assert found({**parsed, "intent": {"name": "refund"}}) == Found("refund", "", 0.0)
    assert found({"intent": {"name": None}}) == Found("None", "", 0.0)


def test_the_pipelines_differ_in_who_chooses_the_answer_alone() -> None:
    steps = {
        name: [step["name"] for step in config["pipeline"]] for name, config in pipelines().items()
    }
    assert steps[OURS][:5] == steps[PEER][:5]
    ours = ["IntentClassifier", "FallbackClassifier", OURS]
    assert [name.rpartition(".")[2] for name in steps[OURS][5:]] == ours
    assert steps[PEER][5:] == ["LogisticRegressionClassifier", "FallbackClassifier", PEER]
