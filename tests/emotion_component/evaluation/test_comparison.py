"""Two models on the same rows."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import f1_score, roc_auc_score

from emotion_component.evaluation import comparison
from emotion_component.evaluation.metrics import Bools


def flipped(truth: Bools, share: float, seed: int) -> Bools:
    return truth ^ (np.random.default_rng(seed).random(truth.shape) < share)


TRUTH = np.random.default_rng(0).random((400, 3)) < 0.3
NAMES = ("a", "b", "c")


def test_the_better_model_wins_and_the_interval_holds_its_lead() -> None:
    ours, theirs = flipped(TRUTH, 0.05, 1), flipped(TRUTH, 0.3, 2)
    found = comparison.compare_decisions(TRUTH, ours, theirs, NAMES)
    macro = found["macro_f1"]
    assert macro["winner"] == "model"
    assert macro["interval"][0] < macro["difference"] < macro["interval"][1]
    assert macro["model"] == pytest.approx(f1_score(TRUTH, ours, average="macro"), abs=1e-4)
    assert [found["per_label"][name]["winner"] for name in NAMES] == ["model"] * 3
    back = comparison.compare_decisions(TRUTH, theirs, ours, NAMES)["macro_f1"]
    assert back["winner"] == "against"
    assert back["interval"] == [-macro["interval"][1], -macro["interval"][0]]


def test_a_model_is_even_with_itself_and_with_one_that_is_as_good() -> None:
    ours, theirs = flipped(TRUTH, 0.2, 3), flipped(TRUTH, 0.2, 4)
    same = comparison.compare_decisions(TRUTH, ours, ours, NAMES)["micro_f1"]
    assert (same["difference"], same["interval"], same["winner"]) == (0, [0, 0], "even")
    alike = comparison.compare_decisions(TRUTH, ours, theirs, NAMES)["macro_f1"]
    assert alike["winner"] == "even"
    assert alike["interval"][0] < 0 < alike["interval"][1]


def test_the_interval_is_as_wide_as_that_of_an_independent_bootstrap() -> None:
    ours, theirs = flipped(TRUTH, 0.1, 5), flipped(TRUTH, 0.2, 6)
    found = comparison.compare_decisions(TRUTH, ours, theirs, NAMES)["macro_f1"]["interval"]
    generator, drawn = np.random.default_rng(9), []
    for _ in range(300):
        at = generator.integers(0, len(TRUTH), len(TRUTH))
        scores = [f1_score(TRUTH[at], one[at], average="macro") for one in (ours, theirs)]
        drawn.append(scores[0] - scores[1])
    np.testing.assert_allclose(found, np.quantile(drawn, [0.025, 0.975]), atol=0.012)


def test_rankings_are_compared_with_ties_counted_half() -> None:
    truth = TRUTH[:, 0]
    noise = np.random.default_rng(7).normal(size=(2, len(truth)))
    ours = np.round(truth + noise[0], 1).astype(np.float32)
    theirs = np.round(0.2 * truth + noise[1], 1).astype(np.float32)
    found = comparison.compare_rankings(truth, ours, theirs)
    assert found is not None
    assert found["winner"] == "model"
    assert found["model"] == pytest.approx(roc_auc_score(truth, ours), abs=1e-4)
    once = comparison._resampled_auroc(truth, ours, np.ones((1, len(truth)), np.float32))
    assert once[0] == pytest.approx(roc_auc_score(truth, ours))
    assert comparison.compare_rankings(np.ones(3, bool), ours[:3], theirs[:3]) is None


def test_a_label_that_does_not_occur_has_no_winner() -> None:
    truth = TRUTH & np.array([True, True, False])
    found = comparison.compare_decisions(truth, TRUTH, truth, NAMES)
    assert list(found["per_label"]) == ["a", "b"]
