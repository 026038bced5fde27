"""Decisions in words, for the terminal, the page and JSON alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from emotion_component import escalation
from rasa_project.replay.episode import (
    BY_COLLEAGUE,
    BY_RULE,
    DECLINED,
    HELD,
    Episode,
    Mark,
)

_DONE: Final = {
    escalation.HANDOFF: "handed over",
    escalation.OFFER: "offered a human",
    HELD: "held back",
    DECLINED: "the customer declined the offer",
}
_LEVELS: Final = (escalation.OFFER, escalation.HANDOFF)


def label(mark: Mark) -> str:
    """Name what was done, for example `handed over`."""
    if mark.by == BY_RULE:
        return "handed over by a rule or an action of the bot"
    if mark.by == BY_COLLEAGUE:
        return "taken over by a colleague"
    if mark.verdict == HELD and mark.decision:
        wanted = [hold["verdict"] for hold in mark.decision["held"]]
        return f"held back: {_wanted(wanted[0])}" if wanted else _DONE[HELD]
    return _DONE[mark.verdict]


def measure(decision: Mapping[str, Any], verdict: str | None = None) -> str:
    """Say how strong the reasons were against what it takes.

    Args:
        decision: With score and levels.
        verdict: `offer` or `handoff` to name that level alone.
    """
    levels = decision["levels"]
    takes = [
        f"{name} from {levels[name]:.2f}"
        for name in ((verdict,) if verdict in _LEVELS else _LEVELS)
        if levels.get(name) is not None
    ]
    needed = f" ({', '.join(takes)})" if takes else ""
    return f"score {decision['score']:.2f}{needed}"


def reasons(decision: Mapping[str, Any]) -> Iterator[tuple[float, str]]:
    """Give the weight of each reason, and the reason in words; the weightiest first."""
    for reason in decision["reasons"]:
        yield reason["weight"], reason["says"]


def holds(decision: Mapping[str, Any]) -> Iterator[str]:
    """Say what was held back and why."""
    for hold in decision["held"]:
        yield f"{_wanted(hold['verdict'])} held back by {_name(hold['by'])}: {hold['says']}"


def clock(time: float, zone: str | None) -> str:
    """Give a time in a zone; in that of this machine where none is named."""
    return _moment(time, zone).strftime("%Y-%m-%d %H:%M:%S")


def exact(time: float, zone: str | None) -> str:
    """Give a time for programs, with its distance from UTC."""
    return _moment(time, zone).isoformat(timespec="seconds")


def as_json(mark: Mark, episode: Episode, zone: str | None) -> dict[str, Any]:
    """Give a decision as JSON types, with the customer's words."""
    text = episode.turns[mark.turn - 1].text if mark.turn else None
    return {
        "turn": mark.turn,
        "time": exact(mark.time, zone),
        "verdict": mark.verdict,
        "by": mark.by,
        "says": label(mark),
        "text": text,
        "decision": dict(mark.decision) if mark.decision else None,
    }


def _wanted(verdict: str) -> str:
    return "an offer" if verdict == escalation.OFFER else "a handoff"


def _name(by: str) -> str:
    return {"intent": "a rule for its intent", "declined": "the customer's no"}.get(
        by, by.replace("_", " ")
    )


def _moment(time: float, zone: str | None) -> datetime:
    try:
        moment = datetime.fromtimestamp(time, ZoneInfo(zone) if zone else None)
        return moment.astimezone() if zone is None else moment
    except (OverflowError, OSError, ValueError):  # no date that a calendar has
        return datetime.fromtimestamp(0, ZoneInfo("UTC"))
