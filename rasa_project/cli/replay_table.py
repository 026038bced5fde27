"""The result of a replay as a table for a terminal of 80 columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from emotion_component import escalation
from rasa_project.cli.terminal import paint, printable, shorten, wrap
from rasa_project.replay import story
from rasa_project.replay.comparing import (
    CHANGES,
    SAME,
    VERDICTS,
    Totals,
    headline,
    what_differs,
)
from rasa_project.replay.episode import Episode, Mark, first
from rasa_project.replay.notes import notes
from rasa_project.replay.policy_settings import Tried

_ROWS: Final = {escalation.HANDOFF: "handed over", escalation.OFFER: "offered a human"}
_COLUMNS: Final = ("before", "after", *CHANGES, SAME)
_COLOURS: Final = {escalation.HANDOFF: "red", escalation.OFFER: "yellow"}
_QUOTED: Final = 150  # columns of the customer's words


def readable(
    totals: Totals, episodes: Sequence[Episode], source: str, tried: Tried
) -> Iterator[str]:
    """Lay out counts, then the episodes: changed ones first.

    Args:
        totals: Of all episodes.
        episodes: Those to show.
        source: What to call the place that they were read from.
        tried: The settings.
    """
    yield _scope(totals)
    yield f"Source: {source}"  # a path that is broken in two cannot be copied
    yield f"Settings: {tried.origin}"
    yield ""
    yield from _counts(totals)
    yield from (wrap(note) for note in notes(totals))
    for episode in episodes:
        yield from _episode(episode, tried.settings.time_zone)
    hidden = totals.episodes - len(episodes)
    if hidden:
        yield f"\n{hidden:,} more not shown; --limit shows more of them."
    if not totals.changed:
        yield "\nNothing would have been decided otherwise."


def _scope(totals: Totals) -> str:
    parts = f" in {totals.episodes:,} parts" if totals.episodes != totals.conversations else ""
    return (
        f"{totals.conversations:,} conversation{'s' * (totals.conversations != 1)}{parts}, "
        f"{totals.messages:,} message{'s' * (totals.messages != 1)} of customers"
    )


def _counts(totals: Totals) -> Iterator[str]:
    widths = [max(7, len(name) + 2) for name in _COLUMNS]
    head = zip(_COLUMNS, widths, strict=True)
    yield paint(" " * 16 + "".join(f"{name:>{width}}" for name, width in head), "bold")
    for verdict, title in _ROWS.items():
        found = totals.changes[verdict]
        numbers = [totals.before(verdict), totals.after(verdict)]
        numbers += [found[name] for name in (*CHANGES, SAME)]
        row = zip(numbers, widths, strict=True)
        yield f"{title:16}" + "".join(f"{number:>{width},}" for number, width in row)


def _episode(episode: Episode, zone: str | None) -> Iterator[str]:
    differs = headline(episode)
    yield ""
    said = what_differs(episode)
    line = f"{printable(episode.title)}, {story.clock(episode.started, zone)}: {said}"
    yield paint(wrap(line), _COLOURS[differs[0]] if differs else "soft")
    for name, marks in (("happened", episode.happened), ("would be", episode.replayed)):
        found = (first(marks, verdict) for verdict in VERDICTS)
        for mark in sorted(filter(None, found), key=lambda mark: mark.turn):
            yield from _side(episode, name, mark)


def _side(episode: Episode, name: str, mark: Mark) -> Iterator[str]:
    where = f"at turn {mark.turn}" if mark.turn else "before the first message"
    yield _hanging(f"{name}: {story.label(mark)} {where}{_reasons(mark)}")
    if mark.turn:
        text = episode.turns[mark.turn - 1].text
        yield wrap(f"“{shorten(printable(text), _QUOTED)}”", "    ")


def _reasons(mark: Mark) -> str:
    if mark.decision is None:
        return ""
    weighed = [f"{printable(says)} {weight:.2f}" for weight, says in story.reasons(mark.decision)]
    return f", {story.measure(mark.decision, mark.verdict)}: {'; '.join(weighed)}"


def _hanging(text: str) -> str:
    first_line, *more = wrap(text, "    ").split("\n")
    return "\n".join([f"  {first_line.strip()}", *more])
