"""The result of a replay as one HTML page: what happened and what would, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from markupsafe import Markup

from emotion_component import escalation, html_page, language
from rasa_project.replay import story, timeline
from rasa_project.replay.comparing import (
    CHANGES,
    SAME,
    VERDICTS,
    Totals,
    headline,
    what_differs,
)
from rasa_project.replay.episode import DECLINED, HELD, Episode, Mark
from rasa_project.replay.notes import notes
from rasa_project.replay.policy_settings import Tried

TITLE: Final = "What other settings would have decided"

# A page of everything would be read by nobody; the table counts all.
_MOST_MARKS: Final = 12
_MOST_MESSAGES: Final = 100
_NAMES: Final = {escalation.HANDOFF: "handed over", escalation.OFFER: "offered a human"}
_SIDES: Final = (("What happened", False), ("With the settings tried", True))


def page(totals: Totals, episodes: Sequence[Episode], source: str, tried: Tried) -> str:
    """Lay out a replay.

    Args:
        totals: Of all episodes.
        episodes: Those to show, in order.
        source: What to call the place that they were read from.
        tried: The settings.
    """
    zone = tried.settings.time_zone
    body = (
        html_page.environment()
        .get_template("replay.html")
        .render(
            totals=totals,
            source=source,
            settings=tried.origin,
            columns=("before", "after", *CHANGES, SAME),
            rows=[_row(totals, verdict) for verdict in VERDICTS],
            notes=list(notes(totals)),
            legend=timeline.LEGEND,
            episodes=[_episode(episode, zone) for episode in episodes],
            hidden=totals.episodes - len(episodes),
            spoken=_spoken,
        )
    )
    return html_page.render(TITLE, Markup(body))


def _row(totals: Totals, verdict: str) -> tuple[str, list[int]]:
    found = totals.changes[verdict]
    numbers = [found[name] for name in (*CHANGES, SAME)]
    return _NAMES[verdict], [totals.before(verdict), totals.after(verdict), *numbers]


def _episode(episode: Episode, zone: str | None) -> dict[str, Any]:
    differs = headline(episode)
    return {
        "title": episode.title,
        "started": story.clock(episode.started, zone),
        "differs": what_differs(episode),
        "changed": differs is not None,
        "sides": [_side(episode, name, replayed, zone) for name, replayed in _sides(episode)],
        "headings": [name for name, _ in _SIDES],
        "messages": [
            _message(episode, number, zone)
            for number in range(1, min(len(episode.turns), _MOST_MESSAGES) + 1)
        ],
        "more_messages": max(0, len(episode.turns) - _MOST_MESSAGES),
    }


def _sides(episode: Episode) -> Sequence[tuple[str, bool]]:
    decided = episode.happened or episode.replayed
    return _SIDES if decided else (("What happened, and would with the settings tried", False),)


def _side(episode: Episode, name: str, replayed: bool, zone: str | None) -> dict[str, Any]:
    marks = episode.replayed if replayed else episode.happened
    return {
        "name": name,
        "drawing": timeline.draw(episode, replayed, name),
        "marks": [_mark(episode, mark, zone) for mark in marks[:_MOST_MARKS]],
        "more": max(0, len(marks) - _MOST_MARKS),
    }


def _mark(episode: Episode, mark: Mark, zone: str | None) -> dict[str, Any]:
    decision = mark.decision if mark.verdict != DECLINED else None
    return {
        "turn": mark.turn,
        "verdict": mark.verdict,
        "time": story.clock(mark.time, zone),
        "label": story.label(mark),
        "text": episode.turns[mark.turn - 1].text if mark.turn else "",
        "measure": story.measure(decision, mark.verdict) if decision else "",
        "reasons": list(story.reasons(decision)) if decision else [],
        "holds": list(story.holds(decision)) if decision else [],
    }


def _message(episode: Episode, number: int, zone: str | None) -> dict[str, Any]:
    turn = episode.turns[number - 1]
    emotion = turn.emotion or {}
    forecast = emotion.get("forecast")
    return {
        "number": number,
        "time": story.clock(turn.time, zone),
        "text": turn.text,
        "emotion": "" if turn.valence is None else str(emotion.get("name", "")),
        "valence": turn.valence,
        "forecast": forecast if isinstance(forecast, (int, float)) else None,
        "sides": [_verdicts(episode, number, replayed) for _, replayed in _SIDES],
    }


def _verdicts(episode: Episode, number: int, replayed: bool) -> str:
    short = {**_NAMES, HELD: "held back", DECLINED: "offer declined"}
    found = [short[mark.verdict] for mark in episode.marks_at(number, replayed)]
    if not found and replayed and number in episode.unjudged:
        found = ["with a human"]
    if not found and not replayed and episode.turns[number - 1].with_human:
        found = ["with a human"]
    return ", ".join(found)


def _spoken(text: str) -> str:
    return language.detect(text) or "und"
