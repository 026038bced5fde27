"""The chance that a conversation leaves its customer dissatisfied, from its turns so far.

A small logistic model over named signals of a `Course`, each 0 to 1:

    log odds = intercept + sum of weight * signal

No weight is negative, so an answer can be read as a sum of reasons, and a customer who is angrier
never gets a lower chance.

The weights in `dissatisfaction.json` are fitted by `python -m benchmarks.escalation --fit` on
NTCIR-14 STC-3 (Zeng, Kato and Sakai 2019), whose annotators judged customers' dialogues with human
helpdesks: "dissatisfied" is what a majority of them voted at the dialogue's end. No dialogue goes
on for more than three customer's turns after any turn in it, so the chance is a forecast for
as many turns. It stands for the need of a human, since nobody recorded when a bot's customer would
have needed one. Standard library only.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from emotion_component.course import Course
from emotion_component.errors import ConfigurationError

WEIGHTS_FILE: Final = Path(__file__).with_suffix(".json")
# More than two reasons in one line are not read.
REASONS_SAID: Final = 2
# Displeasure from which the negative labels outweigh all others together.
STRONG: Final = 0.5


class Signal(NamedTuple):
    """What a model weighs.

    Attributes:
        read: Gives its value, 0 to 1.
        says: Puts a value into words.
    """

    read: Callable[[Course], float]
    says: Callable[[Course], str]


SIGNALS: Final[Mapping[str, Signal]] = {
    "burden": Signal(lambda course: course.burden, lambda course: _burden(course)),
    "heat": Signal(lambda course: course.heat, lambda course: _heat(course)),
    "agitation": Signal(lambda course: course.agitation, lambda course: _agitation(course)),
    "asking": Signal(lambda course: course.asking, lambda course: _asking(course)),
}


class Reason(NamedTuple):
    """What one signal contributes.

    Attributes:
        signal: Its name, a key of `SIGNALS`.
        value: Its value, 0 to 1.
        weight: What it adds to the log odds, above 0.
        says: The same in words, such as "strong anger earlier (92%)".
    """

    signal: str
    value: float
    weight: float
    says: str


class Chance(NamedTuple):
    """A chance and where it comes from.

    Attributes:
        probability: 0 to 1.
        reasons: Every signal that is not 0, the weightiest first.
    """

    probability: float
    reasons: tuple[Reason, ...]

    @property
    def says(self) -> str:
        """The weightiest reasons in one line; "" where there are none."""
        return ", ".join(reason.says for reason in self.reasons[:REASONS_SAID])


class Model(NamedTuple):
    """A fitted model.

    Attributes:
        intercept: Log odds of a conversation whose signals are all 0.
        weights: Signal to weight, each at least 0.
    """

    intercept: float
    weights: Mapping[str, float]

    def __call__(self, course: Course) -> Chance:
        """Weigh the signals of a conversation so far."""
        values = {name: SIGNALS[name].read(course) for name in self.weights}
        reasons = [
            Reason(name, value, round(part, 4), SIGNALS[name].says(course))
            for name, value in values.items()
            if (part := self.weights[name] * value)
        ]
        log_odds = self.intercept + sum(reason.weight for reason in reasons)
        reasons.sort(key=lambda reason: -reason.weight)
        return Chance(round(1 / (1 + math.exp(-log_odds)), 4), tuple(reasons))


def chance(course: Course) -> Chance:
    """Tell how likely the conversation leaves its customer dissatisfied.

    Args:
        course: The conversation so far: `Course.from_emotion` of its newest turn.
    """
    return _shipped()(course)


def read_model(path: Path) -> Model:
    """Read fitted weights.

    Args:
        path: A JSON object with `intercept` and `weights`.

    Raises:
        ConfigurationError: If a weight is negative or no number, or a signal unknown.
    """
    told = json.loads(path.read_text(encoding="utf-8"))
    for name, weight in told["weights"].items():
        if name not in SIGNALS or not isinstance(weight, (int, float)) or weight < 0:
            raise ConfigurationError(
                f"A weight must be a number of at least 0 and name one of {', '.join(SIGNALS)}. "
                f"Received: {name}={weight!r} in {path}. "
                "Fit it again with `python -m benchmarks.escalation --fit`."
            )
    return Model(float(told["intercept"]), dict(told["weights"]))


@functools.lru_cache(maxsize=1)
def _shipped() -> Model:
    return read_model(WEIGHTS_FILE)


def _burden(course: Course) -> str:
    strength = "strong" if course.peak >= STRONG else "some"
    when = "earlier" if course.now < course.peak else "now"
    return f"{strength} {course.worst or 'displeasure'} {when} ({course.peak:.0%})"


def _heat(course: Course) -> str:
    return f"anger or frustration in this message ({course.heat:.0%})"


def _agitation(course: Course) -> str:
    return f"strong feelings in {_messages(course)}"


def _asking(course: Course) -> str:
    return f"questions in {_messages(course)}"


def _messages(course: Course) -> str:
    return "this message" if course.turns == 1 else "the latest messages"
