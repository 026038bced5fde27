"""What a turn says about whether a human is needed, and what each signal adds.

Standard library only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypedDict

from emotion_component import dissatisfaction, labels, trajectory
from emotion_component.course import Course
from emotion_component.dissatisfaction import Chance
from emotion_component.escalation import weights as names
from emotion_component.escalation.history import ACCEPTED, Turn, answer_to_offer
from emotion_component.escalation.settings import Settings

# Only these carry heat that a bot makes worse; a sad or worried customer is not handed over for
# the strength of one message.
HEATED: Final = frozenset({"anger", "frustration"})

_LISTEN: Final = "action_listen"


class Reason(TypedDict):
    """One signal that fired.

    Attributes:
        signal: Its name, one of those in `emotion_component.escalation.weights`.
        value: What was measured.
        weight: What it adds to the score, 0 to 1.
        says: The same in words.
    """

    signal: str
    value: Any
    weight: float
    says: str


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
        repeats: Messages with this turn's concern, this one included; 0 where it has none.
        answer: To an offer made on the turn before: `accepted`, `declined` or `None`.
        chance: That the customer is dissatisfied; `None` where this turn tells nothing of it.
    """

    intent: str | None = None
    emotion: str = "neutral"
    intensity: float = 0.0
    streak: int = 0
    trend: float = 0.0
    fallbacks: int = 0
    repeats: int = 0
    answer: str | None = None
    chance: Chance | None = None


def read(
    turns: Sequence[Turn],
    settings: Settings,
    *,
    forms: Collection[str] = (),
    in_form: bool = False,
) -> Signals:
    """Read the signals of the newest turn.

    Streak and trend count only on a turn that is itself negative: a button click or a thank-you
    after three angry messages is not a reason to hand over.

    Args:
        turns: The newest turns, oldest first, as `history.read_turns` gives them.
        settings: Names the intents and actions that stand for something.
        forms: Names of the bot's forms. An order number or a town is an answer to a form whatever
            intent the pipeline finds in it.
        in_form: Whether a form is waiting for an answer now.
    """
    if not turns:
        return Signals()
    now = turns[-1]
    answers_form = in_form and not now.actions
    name, heat, path = _feelings(turns)
    return Signals(
        intent=now.intent,
        emotion=name,
        intensity=heat,
        streak=path.streak,
        trend=path.trend,
        fallbacks=0 if answers_form else _fallbacks(turns, settings, forms),
        repeats=0 if answers_form else _repeats(turns, settings, forms),
        answer=answer_to_offer(turns, settings),
        chance=_chance(now),
    )


def reasons(signals: Signals, settings: Settings, weights: Mapping[str, float]) -> Iterator[Reason]:
    """Give the signals that fired and weigh something.

    A streak, failures to understand and a concern that comes back count once where they reach
    their setting, and once more with each further turn: an offer that changed nothing is followed
    by a handoff.

    Args:
        signals: What `read` gave.
        settings: From which value each fires.
        weights: Weight of each on this turn, 0 to 1.
    """
    for reason in _all_reasons(signals, settings, weights):
        if reason["weight"] > 0:
            yield reason


def _all_reasons(
    signals: Signals, settings: Settings, weights: Mapping[str, float]
) -> Iterator[Reason]:
    intent = signals.intent

    def reason(signal: str, value: Any, says: str, strength: float | None = None) -> Reason:
        weight = weights[signal] if strength is None else strength
        return {"signal": signal, "value": value, "weight": weight, "says": says}

    def counted(signal: str, value: int, enough: int, says: str) -> Iterator[Reason]:
        times = value - enough + 1
        if times > 0:
            yield reason(signal, value, says, _repeated(weights[signal], times))

    if signals.answer == ACCEPTED:
        yield reason(names.OFFER_ACCEPTED, intent, "accepted the offer of a human", 1.0)
    if intent in settings.human_intents:
        yield reason(names.HUMAN_REQUEST, intent, "asked for a human")
    if intent in settings.sensitive_intents:
        yield reason(names.SENSITIVE_TOPIC, intent, f"sensitive topic: {intent}")
    if signals.intensity >= settings.intensity:
        says = f"strong {signals.emotion} ({signals.intensity:.0%})"
        yield reason(names.INTENSITY, signals.intensity, says)
    says = f"negative {signals.streak} turns in a row"
    yield from counted(names.STREAK, signals.streak, settings.streak, says)
    says = f"not understood {signals.fallbacks} turns in a row"
    yield from counted(names.FALLBACKS, signals.fallbacks, settings.fallbacks, says)
    says = f"came with the same concern {signals.repeats} times ({intent})"
    yield from counted(names.REPEATS, signals.repeats, settings.repeats, says)
    if signals.trend <= settings.trend:
        yield reason(names.TREND, signals.trend, f"getting worse ({signals.trend:+.2f})")
    if signals.chance and signals.chance.probability >= settings.dissatisfaction:
        probability = signals.chance.probability
        says = f"likely to end dissatisfied ({probability:.0%}): {signals.chance.says}"
        # The surer, the more it counts.
        strength = round(weights[names.DISSATISFACTION] * probability, 4)
        yield reason(names.DISSATISFACTION, probability, says, strength)


def _repeated(weight: float, times: int) -> float:
    """The weight of a signal that counts several times (noisy-or with itself)."""
    return weight if times == 1 else round(1.0 - (1.0 - weight) ** times, 4)


def _feelings(turns: Sequence[Turn]) -> tuple[str, float, trajectory.Trajectory]:
    emotion = turns[-1].emotion
    if not trajectory.is_negative(emotion):
        return "neutral", 0.0, trajectory.Trajectory(trend=0.0, streak=0)
    assert emotion is not None  # is_negative says so; this tells the type checker
    name = str(emotion["name"])
    path = trajectory.follow([turn.emotion for turn in turns if turn.emotion])
    return name, _heat(emotion) if name in HEATED else 0.0, path


def _chance(now: Turn) -> Chance | None:
    """Judge how the conversation goes; a thank-you after three angry messages is no bad sign."""
    if not now.emotion or now.emotion["name"] in labels.POSITIVE:
        return None
    course = Course.from_emotion(now.emotion)
    return dissatisfaction.chance(course) if course and course.turns else None


def _heat(emotion: Mapping[str, Any]) -> float:
    """How strong, and how sure: a hot guess does not take the conversation from the bot."""
    return round(float(emotion["intensity"]) * float(emotion["confidence"]), 4)


def _fallbacks(turns: Sequence[Turn], settings: Settings, forms: Collection[str]) -> int:
    length = 0
    for index in range(len(turns) - 1, -1, -1):
        turn = turns[index]
        failed = any(action in settings.fallback_actions for action in turn.actions)
        answered_form = any(action in forms for action in turn.actions)
        # A yes or no was understood here, whatever the pipeline made of so short a message.
        answered = answer_to_offer(turns[: index + 1], settings) is not None
        missed = failed or (turn.intent in settings.fallback_intents and not answered_form)
        if answered or not missed:
            break
        length += 1
    return length


def _repeats(turns: Sequence[Turn], settings: Settings, forms: Collection[str]) -> int:
    """Count the messages with this turn's concern that the bot answered, and this one."""
    now = turns[-1]
    if now.intent is None or now.intent in _no_concern(settings) or _went_to(now, forms):
        return 0
    return 1 + sum(
        _is_same_concern(turn, now) and _was_answered(turn, settings) and not _went_to(turn, forms)
        for turn in turns[:-1]
    )


def _no_concern(settings: Settings) -> tuple[str, ...]:
    return (
        *settings.courtesy_intents,
        *settings.fallback_intents,
        *settings.human_intents,
        *settings.accept_intents,
        *settings.decline_intents,
    )


def _is_same_concern(earlier: Turn, now: Turn) -> bool:
    # Who asks about another order each time has many concerns, not one that comes back.
    other = earlier.entities and now.entities and earlier.entities != now.entities
    return earlier.intent == now.intent and not other


def _was_answered(turn: Turn, settings: Settings) -> bool:
    return any(action not in (_LISTEN, *settings.fallback_actions) for action in turn.actions)


def _went_to(turn: Turn, forms: Collection[str]) -> bool:
    return any(action in forms for action in turn.actions)
