"""When a conversation goes to a human, and why: a pure function from signals to a decision.

Each signal that reaches its threshold contributes its weight; the weights combine as independent
pieces of evidence (noisy-or), so the score stays within 0..1 and never falls when a signal grows:

    score = 1 - product(1 - weight of each signal that fired)

The conversation is handed over where the score reaches `threshold`. With the default weights one
of a request for a human, a sensitive topic, strong anger, a streak or repeated fallbacks is
enough by itself; a worsening trend only adds to the others.

Standard library only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from emotion_component import trajectory
from emotion_component.errors import ConfigurationError

HUMAN_REQUEST: Final = "human_request"
SENSITIVE_TOPIC: Final = "sensitive_topic"
INTENSITY: Final = "intensity"
STREAK: Final = "streak"
FALLBACKS: Final = "fallbacks"
TREND: Final = "trend"

# Only these carry heat that a bot makes worse; a sad or worried customer is not handed over for
# the strength of one message.
HEATED: Final = frozenset({"anger", "frustration"})

DEFAULT_WEIGHTS: Final[Mapping[str, float]] = MappingProxyType(
    {
        HUMAN_REQUEST: 1.0,
        SENSITIVE_TOPIC: 0.9,
        INTENSITY: 0.7,
        STREAK: 0.7,
        FALLBACKS: 0.6,
        TREND: 0.3,
    }
)


@dataclass(frozen=True)
class Settings:
    """What it takes to hand over.

    Attributes:
        threshold: Score from which the conversation is handed over, above 0 up to 1.
        intensity: Intensity of anger or frustration times the confidence in it that counts as
            strong, above 0 up to 1.
        streak: Negative turns in a row that count as a streak, at least 1.
        fallbacks: Turns in a row that the bot did not understand, at least 1.
        trend: Trend from which a conversation counts as worsening, -1 up to below 0.
        weights: Weight of each signal, 0 (ignored) to 1 (enough by itself).
        human_intents: Intents by which a customer asks for a human.
        sensitive_intents: Intents that always belong to a human.
        fallback_intents: Intents that stand for "not understood".
        fallback_actions: Actions that stand for "not understood".
    """

    threshold: float = 0.5
    # A complaint shares its scores among anger, frustration and disappointment and stays below: it
    # gets an acknowledgement first. An outright attack lies above.
    intensity: float = 0.75
    streak: int = 3
    fallbacks: int = 3
    trend: float = -0.5
    weights: Mapping[str, float] = field(default_factory=lambda: DEFAULT_WEIGHTS)
    human_intents: tuple[str, ...] = ("talk_to_human",)
    sensitive_intents: tuple[str, ...] = ()
    fallback_intents: tuple[str, ...] = ("nlu_fallback",)
    fallback_actions: tuple[str, ...] = ("action_default_fallback",)

    def __post_init__(self) -> None:
        """Check every range.

        Raises:
            ConfigurationError: If a value is of the wrong type or out of its range.
        """
        _require_number("threshold", self.threshold, above=0.0, up_to=1.0)
        _require_number("intensity", self.intensity, above=0.0, up_to=1.0)
        _require_count("streak", self.streak)
        _require_count("fallbacks", self.fallbacks)
        if not _is_number(self.trend) or not -1.0 <= self.trend < 0.0:
            raise _wrong("trend", "a number from -1 to below 0", self.trend)
        for name in ("human_intents", "sensitive_intents", "fallback_intents", "fallback_actions"):
            _require_names(name, getattr(self, name))
        _require_weights(self.weights)

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Settings:
        """Read the settings among a policy's configuration; keys that are not settings stay out.

        Args:
            config: For example `{"streak": 2, "weights": {"trend": 0}}`. Weights that are not
                named keep their defaults.

        Raises:
            ConfigurationError: If a value is of the wrong type or out of its range.
        """
        known = {name: config[name] for name in cls.__dataclass_fields__ if name in config}
        for name, value in known.items():
            if isinstance(value, list):
                known[name] = tuple(value)
        if "weights" in known:
            if not isinstance(known["weights"], Mapping):
                raise _wrong("weights", "a mapping of signal to weight", known["weights"])
            known["weights"] = {**DEFAULT_WEIGHTS, **known["weights"]}
        return cls(**known)


@dataclass(frozen=True)
class Signals:
    """What one turn says about whether a human is needed.

    Attributes:
        intent: This turn's intent.
        emotion: Name of this turn's emotion; `neutral` where the model abstained.
        intensity: Intensity of anger or frustration times the confidence in it, 0 to 1;
            0 for other emotions.
        streak: Negative turns in a row up to this one.
        trend: Trend of the smoothed valence, -1 to 1; 0 where this turn is not negative.
        fallbacks: Turns in a row up to this one that the bot did not understand.
    """

    intent: str | None = None
    emotion: str = "neutral"
    intensity: float = 0.0
    streak: int = 0
    trend: float = 0.0
    fallbacks: int = 0


def read(
    turns: Sequence[trajectory.Turn],
    settings: Settings,
    *,
    forms: Collection[str] = (),
    in_form: bool = False,
) -> Signals:
    """Read the signals of the newest turn.

    Streak and trend count only on a turn that is itself negative: a button click or a thank-you
    after three angry messages is not a reason to hand over.

    Args:
        turns: The newest turns, oldest first, as `trajectory.recent_turns` gives them.
        settings: Names the intents and actions that stand for "not understood".
        forms: Names of the bot's forms. An order number or a town is an answer to a form whatever
            intent the pipeline finds in it.
        in_form: Whether a form is waiting for an answer now.
    """
    if not turns:
        return Signals()
    now = turns[-1]
    answers_form = in_form and not now.actions
    fallbacks = 0 if answers_form else _fallbacks(turns, settings, forms)
    if not trajectory.is_negative(now.emotion):
        return Signals(intent=now.intent, fallbacks=fallbacks)
    assert now.emotion is not None  # is_negative says so; this tells the type checker
    name = str(now.emotion["name"])
    path = trajectory.follow([turn.emotion for turn in turns if turn.emotion])
    return Signals(
        intent=now.intent,
        emotion=name,
        intensity=_heat(now.emotion) if name in HEATED else 0.0,
        streak=path.streak,
        trend=path.trend,
        fallbacks=fallbacks,
    )


def _heat(emotion: Mapping[str, Any]) -> float:
    """How strong, and how sure: a hot guess does not take the conversation from the bot."""
    return round(float(emotion["intensity"]) * float(emotion["confidence"]), 4)


def decide(signals: Signals, settings: Settings) -> dict[str, Any]:
    """Weigh the signals.

    Returns:
        `{"escalate": bool, "score": 0..1, "reasons": [...]}`; a reason is `{"signal", "value",
        "weight", "says"}`, the weightiest first. Signals that did not fire are not listed.
    """
    fired = [reason for reason in _reasons(signals, settings) if reason["weight"] > 0]
    fired.sort(key=lambda reason: -float(reason["weight"]))
    doubt = 1.0
    for reason in fired:
        doubt *= 1.0 - float(reason["weight"])
    score = round(1.0 - doubt, 4)
    return {"escalate": score >= settings.threshold, "score": score, "reasons": fired}


def summarize(decision: Mapping[str, Any]) -> str:
    """Put a decision's reasons into one line, for the slot `escalation_reason`."""
    return "; ".join(str(reason["says"]) for reason in decision["reasons"])


def _reasons(signals: Signals, settings: Settings) -> Iterator[dict[str, Any]]:
    weights = settings.weights
    if signals.intent in settings.human_intents:
        yield _reason(HUMAN_REQUEST, signals.intent, weights, "asked for a human")
    if signals.intent in settings.sensitive_intents:
        yield _reason(
            SENSITIVE_TOPIC, signals.intent, weights, f"sensitive topic: {signals.intent}"
        )
    if signals.intensity >= settings.intensity:
        says = f"strong {signals.emotion} ({signals.intensity:.0%})"
        yield _reason(INTENSITY, signals.intensity, weights, says)
    if signals.streak >= settings.streak:
        yield _reason(STREAK, signals.streak, weights, f"negative {signals.streak} turns in a row")
    if signals.fallbacks >= settings.fallbacks:
        says = f"not understood {signals.fallbacks} turns in a row"
        yield _reason(FALLBACKS, signals.fallbacks, weights, says)
    if signals.trend <= settings.trend:
        yield _reason(TREND, signals.trend, weights, f"getting worse ({signals.trend:+.2f})")


def _reason(signal: str, value: Any, weights: Mapping[str, float], says: str) -> dict[str, Any]:
    return {"signal": signal, "value": value, "weight": weights[signal], "says": says}


def _fallbacks(turns: Sequence[trajectory.Turn], settings: Settings, forms: Collection[str]) -> int:
    length = 0
    for turn in reversed(turns):
        failed = any(action in settings.fallback_actions for action in turn.actions)
        answered_form = any(action in forms for action in turn.actions)
        if not failed and (answered_form or turn.intent not in settings.fallback_intents):
            break
        length += 1
    return length


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _wrong(name: str, expected: str, received: Any) -> ConfigurationError:
    return ConfigurationError(
        f"`{name}` must be {expected}. Received: {name}={received!r}. "
        "Set it in config.yml under EscalationPolicy."
    )


def _require_number(name: str, value: Any, *, above: float, up_to: float) -> None:
    if not _is_number(value) or not above < value <= up_to:
        raise _wrong(name, f"a number above {above:g} up to {up_to:g}", value)


def _require_count(name: str, value: Any) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise _wrong(name, "a whole number of at least 1", value)


def _require_names(name: str, value: Any) -> None:
    if not isinstance(value, tuple) or not all(isinstance(entry, str) for entry in value):
        raise _wrong(name, "a list of names", value)


def _require_weights(weights: Mapping[str, Any]) -> None:
    for signal, weight in weights.items():
        if signal not in DEFAULT_WEIGHTS:
            known = ", ".join(DEFAULT_WEIGHTS)
            raise _wrong("weights", f"named by signal ({known})", signal)
        if not _is_number(weight) or not 0.0 <= weight <= 1.0:
            raise _wrong(f"weights.{signal}", "a number from 0 to 1", weight)
