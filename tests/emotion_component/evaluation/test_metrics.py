"""The figures that everything is scored by."""

from __future__ import annotations

import numpy as np

from emotion_component import labels
from emotion_component.evaluation.metrics import NEGATIVE_COLUMNS, group_scores, negative_scores

GROUPS = {"anger": ["anger", "annoyance"], "neutral": ["neutral"]}
NAMES = ["anger", "neutral", "annoyance"]


def test_shades_of_a_group_add_to_its_score() -> None:
    scores = np.array([[0.5, 0.2, 0.5], [0.0, 1.0, 0.1]], np.float32)
    found = group_scores(scores, NAMES, GROUPS)
    np.testing.assert_allclose(found, [[0.75, 0.2], [0.1, 1.0]], atol=1e-6)


def test_marks_of_labels_are_marks_of_their_groups() -> None:
    marks = np.array([[1, 0, 1], [0, 1, 0], [0, 0, 1]], np.float32)
    np.testing.assert_array_equal(group_scores(marks, NAMES, GROUPS), [[1, 0], [0, 1], [1, 0]])


def test_rows_that_differ_in_the_negative_label_alone_tie_exactly() -> None:
    scores = np.full((len(NEGATIVE_COLUMNS), len(labels.SERVICE_LABELS)), 0.01, np.float32)
    for row, column in enumerate(NEGATIVE_COLUMNS):
        scores[row, column] = 0.91
    for laid_out in (scores, np.asfortranarray(scores), scores[:, ::-1][:, ::-1]):
        assert len(set(negative_scores(laid_out).tolist())) == 1
