"""Whether to offer a human, to hand over, or neither, and why: a pure function of a conversation.

Each signal that reaches its setting contributes its weight; the weights combine as independent
pieces of evidence (noisy-or), so the score stays within 0..1 and never falls when a signal grows:

    score = 1 - product(1 - weight of each signal that fired)

From `offer` on a human is offered, from `handoff` on the conversation is handed over. What speaks
against speaking now (an offer just made, quiet hours, ...) holds a verdict back and is named.

Standard library only.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Reversible, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypedDict

from emotion_component.escalation import quiet_hours, signals
from emotion_component.escalation.history import ACCEPTED, DECLINED, Turn, read_turns, says_no
from emotion_component.escalation.overrides import NEVER, Override
from emotion_component.escalation.settings import Settings
from emotion_component.escalation.signals import Reason, Signals
from emotion_component.escalation.weights import HUMAN_REQUEST, SENSITIVE_TOPIC

HANDOFF: Final = "handoff"
OFFER: Final = "offer"
NOTHING: Final = "nothing"

# What holds a verdict back.
BY_INTENT: Final = "intent"
BY_QUIET_HOURS: Final = "quiet_hours"
BY_HYSTERESIS: Final = "hysteresis"
BY_COOLDOWN: Final = "cooldown"
BY_DECLINED: Final = "declined"
BY_QUESTION: Final = "own_question"

# What a customer said in so many words, or what is a human's whatever the customer says.
STATED: Final = (HUMAN_REQUEST, SENSITIVE_TOPIC)


class Hold(TypedDict):
    """One thing that held a verdict back.

    Attributes:
        by: `intent`, `quiet_hours`, `own_question`, `cooldown`, `declined` or `hysteresis`.
        verdict: What it held back, `offer` or `handoff`.
        says: The same in words.
    """

    by: str
    verdict: str
    says: str


class Decision(TypedDict):
    """What to do on a turn, plain enough for JSON; it stands in the tracker as it is.

    Attributes:
        verdict: `handoff`, `offer` or `nothing`.
        escalate: Whether the verdict is `handoff`.
        score: 0 to 1.
        levels: The levels `offer` (`None`: never) and `handoff` that hold for this turn's intent.
        reasons: What fired, the weightiest first.
        held: What kept the verdict from being more; empty where nothing did.
        answer: The customer's answer to an offer of the turn before: `accepted`, `declined`,
            or `None`.
    """

    verdict: str
    escalate: bool
    score: float
    levels: dict[str, float | None]
    reasons: list[Reason]
    held: list[Hold]
    answer: str | None


@dataclass(frozen=True)
class _Rules:
    """The settings as they hold on a turn with one intent."""

    offer: float | None
    handoff: float
    weights: Mapping[str, float]
    never: bool

    def verdict(self, score: float) -> str:
        if score >= self.handoff:
            return HANDOFF
        return OFFER if self.offer is not None and score >= self.offer else NOTHING


def weigh(
    events: Reversible[Any],
    settings: Settings,
    *,
    forms: Collection[str] = (),
    in_form: bool = False,
    now: float,
) -> Decision:
    """Weigh the newest customer turn of a conversation.

    Pure, and constant in cost: at most `trajectory.LOOK_BACK_TURNS` customer messages and
    `trajectory.LOOK_BACK_EVENTS` events are read, from the end.

    Args:
        events: The tracker's events, newest last. The newest message may be followed by the
            actions of its turn.
        settings: Levels, weights and names.
        forms: Names of the bot's forms.
        in_form: Whether a form is waiting for an answer now.
        now: Seconds since the epoch, for quiet hours; of an old conversation the message's
            timestamp.
    """
    turns = read_turns(events, settings)

    def scored(upto: int) -> tuple[Signals, list[Reason], float]:
        newest = upto == len(turns)
        read = signals.read(
            turns[:upto],
            settings,
            forms=forms,
            in_form=in_form and newest,
        )
        fired = _fired(read, settings)
        return read, fired, score(fired)

    read, fired, total = scored(len(turns))
    rules = _rules(read.intent, settings)
    verdict, held = _hold(rules, fired, read, settings, now)
    if verdict == OFFER:
        held += _offer_holds(turns, settings, lambda upto: scored(upto)[2])
        verdict = NOTHING if held else OFFER
    return {
        "verdict": verdict,
        "escalate": verdict == HANDOFF,
        "score": total,
        "levels": {OFFER: rules.offer, HANDOFF: rules.handoff},
        "reasons": fired,
        "held": held,
        "answer": read.answer,
    }


def score(fired: Iterable[Reason]) -> float:
    """Combine the weights of what fired, 0 to 1."""
    doubt = 1.0
    for reason in fired:
        doubt *= 1.0 - reason["weight"]
    return round(1.0 - doubt, 4)


def summarize(decision: Mapping[str, Any]) -> str:
    """Put a decision's reasons into one line, for the slot `escalation_reason`."""
    return "; ".join(str(reason["says"]) for reason in decision["reasons"])


def _fired(read: Signals, settings: Settings) -> list[Reason]:
    fired = list(signals.reasons(read, settings, _rules(read.intent, settings).weights))
    return sorted(fired, key=lambda reason: -reason["weight"])


def _rules(intent: str | None, settings: Settings) -> _Rules:
    override = settings.per_intent.get(intent or "", Override())
    return _Rules(
        offer=settings.offer if override.offer is None else override.offer,
        handoff=settings.handoff if override.handoff is None else override.handoff,
        weights={**settings.weights, **override.weights},
        never=override.never,
    )


def _hold(
    rules: _Rules, fired: Sequence[Reason], read: Signals, settings: Settings, now: float
) -> tuple[str, list[Hold]]:
    """Give the verdict as far as the customer, the intent and the hour allow it."""
    verdict = rules.verdict(score(fired))
    if verdict == NOTHING or read.answer == ACCEPTED:
        return verdict, []
    if read.answer == DECLINED:
        # Whoever has just said no is not handed over for the tone of it.
        allowed = rules.verdict(_score_of(fired, STATED))
        says = "declined on this turn"
        return allowed, _held_if(allowed != verdict, BY_DECLINED, verdict, says)
    if rules.never:
        says = f"`per_intent` says {NEVER} for {read.intent}"
        return NOTHING, [{"by": BY_INTENT, "verdict": verdict, "says": says}]
    window = quiet_hours.quiet_at(settings.quiet_hours, settings.time_zone, now)
    if window is None:
        return verdict, []
    allowed = rules.verdict(_score_of(fired, settings.quiet_hours_except))
    says = f"quiet hours {window} ({settings.time_zone})"
    return allowed, _held_if(allowed != verdict, BY_QUIET_HOURS, verdict, says)


def _score_of(fired: Iterable[Reason], names: Collection[str]) -> float:
    """The score if only the named signals counted."""
    return score(reason for reason in fired if reason["signal"] in names)


def _held_if(held: bool, by: str, verdict: str, says: str) -> list[Hold]:
    return [{"by": by, "verdict": verdict, "says": says}] if held else []


def _offer_holds(
    turns: Sequence[Turn], settings: Settings, score_of: Callable[[int], float]
) -> list[Hold]:
    """Find what speaks against an offer now: a question of the bot's own, or an earlier offer."""
    return [
        {"by": by, "verdict": OFFER, "says": says}
        for by, says in _against_offer(turns, settings, score_of)
    ]


def _against_offer(
    turns: Sequence[Turn], settings: Settings, score_of: Callable[[int], float]
) -> Iterator[tuple[str, str]]:
    newest = len(turns) - 1
    if turns[newest].asked:
        yield BY_QUESTION, "the bot has asked something that a yes or no answers"
    last = next((i for i in range(newest, -1, -1) if turns[i].offered), None)
    if last is None:
        return
    if newest - last <= settings.cooldown_turns:
        yield BY_COOLDOWN, f"offered {_ago(newest - last)}, cooldown {settings.cooldown_turns}"
    declined = _last_decline(turns, settings)
    if declined is not None and newest - declined <= settings.declined_turns:
        says = f"declined {_ago(newest - declined)}, no other offer for {settings.declined_turns}"
        yield BY_DECLINED, says
    # Stops at the first turn after the offer that was calm enough.
    if all(score_of(upto) >= settings.rearm for upto in range(last + 2, newest + 2)):
        yield BY_HYSTERESIS, f"not below {settings.rearm:g} since the last offer"


def _last_decline(turns: Sequence[Turn], settings: Settings) -> int | None:
    for index in range(len(turns) - 1, 0, -1):
        if turns[index - 1].offered and says_no(turns[index], settings):
            return index
    return None


def _ago(turns: int) -> str:
    return "on this turn" if turns == 0 else f"{turns} turn{'s' if turns > 1 else ''} ago"
