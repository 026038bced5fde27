"""How the weights of `emotion_component.dissatisfaction` are fitted, and tried on unseen dialogues.

Every turn of a dialogue is a row: the signals so far, and how the dialogue ended. The rows of one
dialogue share a weight of 1, so that long dialogues do not count more. Logistic regression with
weights of at least 0 and a light ridge penalty, by L-BFGS-B.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from benchmarks.escalation.stc3 import Dialogue
from emotion_component.dissatisfaction import SIGNALS, Model

Values = npt.NDArray[np.float64]

FOLDS: Final = 5
# Of the sum of squared weights: hardly felt with hundreds of dialogues, and keeps a fit finite
# where a signal tells a handful of them apart.
RIDGE: Final = 0.01


def fit(dialogues: Iterable[Dialogue]) -> Model:
    """Fit the model to dialogues, of both languages together."""
    told = list(dialogues)
    signals = np.array([_row(each, at) for each in told for at in range(len(each.courses))])
    ends = np.array([each.dissatisfied for each in told for _ in each.courses], np.float64)
    shares = np.array([1 / len(each.courses) for each in told for _ in each.courses])
    *weights, intercept = _non_negative_logistic(signals, ends, shares).tolist()
    named = dict(zip(SIGNALS, (round(weight, 3) for weight in weights), strict=True))
    return Model(round(intercept, 3), named)


def cross_validated(dialogues: Sequence[Dialogue]) -> list[list[float]]:
    """Give each dialogue's chance after every turn, by a model that was not fitted on it.

    Both languages of a dialogue are in one fold.

    Returns:
        A list for each dialogue, a chance of 0 to 1 for each of the customer's turns.
    """
    models = [fit(each for each in dialogues if part(each.id) != at) for at in range(FOLDS)]
    return [
        [models[part(each.id)](course).probability for course in each.courses] for each in dialogues
    ]


def part(identity: str) -> int:
    """Assign a dialogue's id to one of the `FOLDS`, always the same one."""
    # The salt keeps these folds apart from those of training, which go by the plain id.
    digest = hashlib.sha256(f"cross-validation {identity}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % FOLDS


def _row(dialogue: Dialogue, at: int) -> list[float]:
    return [signal.read(dialogue.courses[at]) for signal in SIGNALS.values()]


def _non_negative_logistic(signals: Values, ends: Values, shares: Values) -> Values:
    """Fit weights, the intercept last."""
    rows = np.c_[signals, np.ones(len(signals))]
    ridge = np.r_[np.full(signals.shape[1], RIDGE), 0.0]

    def loss(weights: Values) -> tuple[float, Values]:
        log_odds = rows @ weights
        wrong = np.logaddexp(0, log_odds) - ends * log_odds
        slope = rows.T @ (shares * (1 / (1 + np.exp(-log_odds)) - ends))
        return float(shares @ wrong + ridge @ weights**2 / 2), slope + ridge * weights

    bounds = [(0, None)] * signals.shape[1] + [(None, None)]
    return np.asarray(minimize(loss, np.zeros(len(bounds)), jac=True, bounds=bounds).x)
