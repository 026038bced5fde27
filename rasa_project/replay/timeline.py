"""Draws a customer's valence over the turns, with the decisions below, as SVG."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from markupsafe import Markup, escape

from emotion_component import escalation
from rasa_project.replay import story
from rasa_project.replay.episode import DECLINED, HELD, Episode, Mark, Turn

# In units of the drawing, which is as wide as its column.
_WIDTH, _HEIGHT = 440, 168
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 428, 12, 108  # of the plot
_LANE: Final = 128  # where decisions are marked
_TICKS: Final = 160
_MOST_DOTS: Final = 60
_MOST_TICKS: Final = 10

# Told apart by shape first, so that grey is enough; (0, 0) is the middle.
_SHAPES: Final = {
    escalation.HANDOFF: '<path d="M0 -8 8 0 0 8 -8 0Z" fill="#a3231f"/>',
    escalation.OFFER: '<circle r="6.5" fill="#e0a100" stroke="#5f4300" stroke-width="1.5"/>',
    HELD: '<rect x="-5.5" y="-5.5" width="11" height="11" fill="#fff" stroke="#4d5668" '
    'stroke-width="2"/>',
    DECLINED: '<path d="M-5 -5 5 5M-5 5 5 -5" stroke="#4d5668" stroke-width="2.5" fill="none"/>',
}
_SAYS: Final = {
    escalation.HANDOFF: "handed over",
    escalation.OFFER: "offered a human",
    HELD: "held back",
    DECLINED: "offer declined",
}


def _key(shape: str) -> Markup:
    return Markup(  # the constants above, nobody's words
        f'<svg viewBox="-10 -10 20 20" aria-hidden="true" style="display: inline-block; '
        f'width: 1.1em; height: 1.1em; vertical-align: -.2em">{shape}</svg>'
    )


LEGEND: Final = [(_key(shape), _SAYS[verdict]) for verdict, shape in _SHAPES.items()]


def draw(episode: Episode, replayed: bool, name: str) -> Markup:
    """Draw one side of an episode.

    Args:
        episode: At least one turn.
        replayed: Whether to mark what would be decided, in place of what was.
        name: Of the side, for those who do not see it.
    """
    marks = episode.replayed if replayed else episode.happened
    parts = [*_frame(episode), *_shade(episode, replayed), *_line(episode), *_dots(episode)]
    parts += [part for mark in marks for part in _mark(mark, episode)]
    about = escape(_about(name, episode, marks))
    return Markup(
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{about}" '
        f'font-size="12">{"".join(parts)}</svg>'
    )


def _about(name: str, episode: Episode, marks: list[Mark]) -> str:
    told = ", ".join(f"{story.label(mark)} at turn {mark.turn}" for mark in marks)
    return f"{name}: valence over {len(episode.turns)} turns; {told or 'no decision'}"


def _x(turn: int, episode: Episode) -> float:
    """Place a turn, from 1; the only one stands in the middle."""
    number = len(episode.turns)
    share = (max(turn, 1) - 0.5) / number
    return round(_LEFT + share * (_RIGHT - _LEFT), 1)


def _y(valence: float) -> float:
    return round(_TOP + (1 - valence) / 2 * (_BOTTOM - _TOP), 1)


def _frame(episode: Episode) -> Iterator[str]:
    for valence, label in ((1, "+1"), (0, "0"), (-1, "−1")):
        y = _y(valence)
        dash = "" if valence else ' stroke-dasharray="3 3"'
        yield f'<path d="M{_LEFT} {y}H{_RIGHT}" stroke="#b8c0cd"{dash}/>'
        yield f'<text x="{_LEFT - 6}" y="{y + 4}" text-anchor="end" fill="#4d5668">{label}</text>'
    yield f'<text x="0" y="{_LANE + 4}" fill="#4d5668" font-size="11">policy</text>'
    yield f'<text x="0" y="{_TICKS}" fill="#4d5668" font-size="11">turn</text>'
    step = max(1, -(-len(episode.turns) // _MOST_TICKS))
    for turn in range(1, len(episode.turns) + 1, step):
        yield (
            f'<text x="{_x(turn, episode)}" y="{_TICKS}" text-anchor="middle" fill="#4d5668">'
            f"{turn}</text>"
        )


def _shade(episode: Episode, replayed: bool) -> Iterator[str]:
    """Shade the turns that a human had."""
    half = (_RIGHT - _LEFT) / len(episode.turns) / 2
    taken = [
        number in episode.unjudged if replayed else turn.with_human
        for number, turn in enumerate(episode.turns, 1)
    ]
    start: int | None = None
    for number, human in enumerate([*taken, False], 1):
        if human and start is None:
            start = number
        elif not human and start is not None:
            left = _x(start, episode) - half
            width = 2 * half * (number - start)
            yield (
                f'<rect x="{left:.1f}" y="{_TOP}" width="{width:.1f}" height="{_BOTTOM - _TOP}" '
                'fill="#dfe5ee"><title>with a human</title></rect>'
            )
            start = None


def _line(episode: Episode) -> Iterator[str]:
    points = [
        f"{_x(number, episode)},{_y(turn.valence)}"
        for number, turn in enumerate(episode.turns, 1)
        if turn.valence is not None
    ]
    if not points:
        yield (
            f'<text x="{(_LEFT + _RIGHT) / 2}" y="{_y(0) - 6}" text-anchor="middle" '
            'fill="#4d5668">no emotion is known</text>'
        )
    if len(points) > 1:
        yield (
            f'<polyline points="{" ".join(points)}" fill="none" stroke="#1f5fa8" '
            'stroke-width="2" stroke-linejoin="round"/>'
        )


def _dots(episode: Episode) -> Iterator[str]:
    if len(episode.turns) > _MOST_DOTS:
        return
    for number, turn in enumerate(episode.turns, 1):
        if turn.valence is not None:
            yield (
                f'<circle cx="{_x(number, episode)}" cy="{_y(turn.valence)}" r="3.5" '
                f'fill="#1f5fa8"><title>{escape(_words(turn, number))}</title></circle>'
            )


def _words(turn: Turn, number: int) -> str:
    name = str((turn.emotion or {}).get("name", ""))
    return f"turn {number}: {name}, {turn.text[:120]}"


def _mark(mark: Mark, episode: Episode) -> Iterator[str]:
    x = _x(mark.turn, episode)
    yield f'<path d="M{x} {_TOP}V{_LANE}" stroke="#4d5668" stroke-dasharray="2 3"/>'
    yield (
        f'<g transform="translate({x} {_LANE})"><title>turn {mark.turn}: '
        f"{escape(story.label(mark))}</title>{_SHAPES[mark.verdict]}</g>"
    )
