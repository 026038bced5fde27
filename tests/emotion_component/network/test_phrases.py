"""The layer over runs of pieces."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from emotion_component.network.phrases import Phrases
from emotion_component.network.piece_runs import LONGEST, piece_runs

TEXT = [[5, 6, 7, 6]]


def numbers_of(ids: list[list[int]]) -> list[list[int]]:
    """The numbers of the runs within the texts, by length."""
    each = piece_runs(tf.constant(ids), tf.cast(tf.constant(ids) > 0, tf.float32))
    return [number.numpy()[within.numpy() > 0].tolist() for number, within in each]


def test_runs_of_every_length_end_within_the_text() -> None:
    assert [len(some) for some in numbers_of(TEXT)] == [4, 3, 2, 1]
    assert numbers_of([[5, 6, 7, 6, 0, 0]]) == numbers_of(TEXT)
    assert [len(some) for some in numbers_of([[5, 0]])] == [1, 0, 0, 0]


def test_the_same_run_has_the_same_number_anywhere_and_another_run_another() -> None:
    single, pairs, *_ = numbers_of(TEXT)
    assert single[1] == single[3]
    assert numbers_of([[9, 6, 7]])[1][1] == pairs[1]
    every = [number for some in numbers_of([list(range(1, 40))]) for number in some]
    assert len(set(every)) == len(every) == sum(39 - n for n in range(LONGEST))
    assert all(0 <= number < 2**31 for number in every)


@pytest.fixture
def phrases() -> Phrases:
    """Knows `6`, which is common and says the first label, and `5 6`, which says the second."""
    six, five_six = numbers_of(TEXT)[0][1], numbers_of(TEXT)[1][0]
    known = sorted([(six, 1.0, [2.0, 0.0]), (five_six, 3.0, [0.0, 4.0])])
    return Phrases(
        np.array([number for number, *_ in known], np.int32),
        np.array([rarity for _, rarity, _ in known], np.float32),
        np.array([weights for *_, weights in known], np.float32),
        np.array([0.5, 0.0], np.float32),
    )


def read(phrases: Phrases, ids: list[list[int]]) -> list[list[float]]:
    """The layer's logits."""
    mask = tf.cast(tf.constant(ids) > 0, tf.float32)
    found: list[list[float]] = np.round(phrases(tf.constant(ids), mask).numpy(), 4).tolist()
    return found


def test_known_runs_count_by_their_rarity_on_a_scale_of_length_one(phrases: Phrases) -> None:
    # `6` twice and `5 6` once: the root of 1 + 1 + 9.
    norm = 11**0.5
    expected = [round(0.5 + 2 * 2.0 / norm, 4), round(3 * 4.0 / norm, 4)]
    assert read(phrases, TEXT) == [pytest.approx(expected, abs=2e-4)]


def test_unknown_runs_and_padding_say_nothing(phrases: Phrases) -> None:
    assert read(phrases, [[1, 2, 3]]) == [[0.5, 0.0]]
    assert read(phrases, [[0, 0]]) == [[0.5, 0.0]]
    assert read(phrases, [[*TEXT[0], 1, 1, 0]]) == read(phrases, [[*TEXT[0], 0, 0, 0]])
