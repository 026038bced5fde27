"""Whose turn it is: the order of the queue as one number that never has to be recomputed.

    urgency(t) = 50 * heat + 30 * forecast + 20 * evidence + priority + 2 * minutes waited until t

Heat is how badly the customer feels, forecast the chance that they end dissatisfied, evidence how
sure the decision to hand over was, all three 0 to 1; the priority that an agent set counts -40 to
120. Every waiting ticket gains the same two points a minute, so the order of two tickets does not
depend on t, and `sort_key` leaves t out. A furious customer goes before a calm one who came up to
25 minutes earlier; and since waiting counts without limit, nobody waits for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

HEAT_POINTS = 50.0
# Less than heat: the forecast reads the same turns, and a feeling is there while it is a guess.
FORECAST_POINTS = 30.0
EVIDENCE_POINTS = 20.0
POINTS_A_MINUTE = 2.0
# A bot that hands over without giving a decision had its reasons; neither weak nor strong.
UNKNOWN_EVIDENCE = 0.5

NORMAL: Final = "normal"
# In minutes of waiting: 20 fewer, none, 20 more, an hour more.
PRIORITY_POINTS: Final = {"low": -40.0, NORMAL: 0.0, "high": 40.0, "urgent": 120.0}


def heat(emotion: Mapping[str, Any] | None) -> float:
    """Say how badly a customer feels.

    Args:
        emotion: The emotion of the latest turn, with `valence` -1 to 1 and `intensity` 0 to 1.

    Returns:
        0 for neutral, pleasant or unknown feelings, up to 1. A faint bad feeling counts half as
        much as a strong one of the same valence.
    """
    if not emotion or emotion.get("abstained"):
        return 0.0
    displeasure = min(1.0, max(0.0, -_number(emotion.get("valence"))))
    intensity = min(1.0, max(0.0, _number(emotion.get("intensity"))))
    return displeasure * (0.5 + 0.5 * intensity)


def forecast(emotion: Mapping[str, Any] | None) -> float | None:
    """Return the chance that the customer ends dissatisfied, as of this turn.

    Args:
        emotion: The emotion of a turn, with `forecast` 0 to 1.

    Returns:
        0 to 1; none where the turn says nothing of it, and an earlier one still holds.
    """
    value = (emotion or {}).get("forecast")
    return min(1.0, max(0.0, _number(value))) if isinstance(value, (int, float)) else None


def evidence(decision: Mapping[str, Any] | None) -> float:
    """Return the score of an escalation decision, 0 to 1."""
    if not decision or "score" not in decision:
        return UNKNOWN_EVIDENCE
    return min(1.0, max(0.0, _number(decision["score"])))


def sort_key(
    heat: float,
    evidence: float,
    opened_at: float,
    forecast: float | None = None,
    priority: str = NORMAL,
) -> float:
    """Return the number by which the queue is sorted, the highest first.

    Args:
        heat: 0 to 1.
        evidence: 0 to 1.
        opened_at: Seconds since 1970 at which the customer began to wait.
        forecast: 0 to 1; an unknown one counts nothing.
        priority: One of `PRIORITY_POINTS`.
    """
    waiting_since = POINTS_A_MINUTE * opened_at / 60.0
    feeling = HEAT_POINTS * heat + FORECAST_POINTS * (forecast or 0.0)
    return feeling + EVIDENCE_POINTS * evidence + PRIORITY_POINTS[priority] - waiting_since


def urgency(sort_key: float, now: float) -> float:
    """Return the urgency in points at a time, in seconds since 1970."""
    return sort_key + POINTS_A_MINUTE * now / 60.0


def weigh(ticket: Any) -> None:
    """Give a ticket its place anew after something that counts has changed."""
    ticket.sort_key = sort_key(
        ticket.heat, ticket.evidence, ticket.opened_at, ticket.forecast, ticket.priority or NORMAL
    )


def _number(value: Any) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0
