"""`attune why`: each decision on a conversation, with its reasons."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from emotion_component import escalation
from rasa_project.cli.terminal import paint, printable, shorten, wrap
from rasa_project.conversations.conversation import Conversation, ConversationsError, Source
from rasa_project.conversations.source import open_source
from rasa_project.replay import policy_settings, story
from rasa_project.replay.comparing import VERDICTS
from rasa_project.replay.episode import DECLINED, HELD, Episode, Mark
from rasa_project.replay.playing import Player

_COLOURS = {escalation.HANDOFF: "red", escalation.OFFER: "yellow", HELD: "bold", DECLINED: "bold"}
_WOULD = {escalation.HANDOFF: "hand over", escalation.OFFER: "offer a human"}
_QUOTED = 300  # columns of the customer's words


@dataclass(frozen=True)
class Entry:
    """A decision to show.

    Attributes:
        mark: The decision.
        recorded: Whether it stands in the tracker; else today's settings come to it.
    """

    mark: Mark
    recorded: bool


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "why",
        help="why a conversation went to a human, or did not",
        description="Show each decision on a conversation in order of time: offers, handoffs and "
        "what was held back, each with its reasons and their weights.",
    )
    parser.add_argument("conversation", metavar="CONVERSATION", help="Rasa's sender id")
    add_source(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(run=run)


def add_source(parser: argparse.ArgumentParser) -> None:
    """Add the options that say where conversations and settings are."""
    parser.add_argument(
        "--project", type=Path, default=Path(), metavar="PATH", help="else this folder"
    )
    parser.add_argument(
        "--from",
        dest="source",
        metavar="FILE",
        help="exported JSON, an SQLite file or a database's URL; else the project's tracker store",
    )


def run(options: argparse.Namespace) -> None:
    """Print the decisions.

    Raises:
        ConversationsError: The conversation is not there, or cannot be read.
        ProjectError: The project cannot be read.
        ConfigurationError: Its settings are wrong.
    """
    source = open_source(options.project, options.source)
    tried = policy_settings.read(options.project)
    found = source.find(options.conversation)
    if found is None:
        raise ConversationsError(_unknown(source, options.conversation))
    episodes = Player(tried.settings, tried.forms, as_happened=True).play(found)
    zone = tried.settings.time_zone
    if options.json:
        report = _as_json(found, source, tried.origin, episodes, zone)
        print(json.dumps(report, ensure_ascii=True, indent=2))
    else:
        print("\n".join(_readable(found, source, episodes, zone)))


def entries(episode: Episode) -> list[Entry]:
    """Put together what was recorded and what only weighing again shows, in order of time."""
    recorded = [Entry(mark, True) for mark in episode.happened]
    known = {(mark.turn, mark.verdict) for mark in episode.happened}
    decided = {mark.turn for mark in episode.happened}
    again = [
        Entry(mark, False)
        for mark in _up_to_handoff(episode.replayed)
        if (mark.turn, mark.verdict) not in known
        and not (mark.verdict in (HELD, DECLINED) and mark.turn in decided)
    ]
    return sorted([*recorded, *again], key=lambda entry: entry.mark.time)


def _up_to_handoff(marks: Sequence[Mark]) -> Iterator[Mark]:
    """Leave out what would be weighed only because nobody handed over before."""
    for mark in marks:
        yield mark
        if mark.verdict == escalation.HANDOFF:
            return


def _unknown(source: Source, identifier: str) -> str:
    number = source.count()
    size = "" if number is None else f" among its {number:,}"
    return (
        f"{source.name} holds no conversation {printable(identifier)!r}{size}. Give the id as Rasa "
        "has it (`sender_id`), or name another source with --from."
    )


def _readable(
    found: Conversation, source: Source, episodes: list[Episode], zone: str | None
) -> Iterator[str]:
    yield paint(wrap(f"Conversation {printable(found.id)}"), "bold")
    messages = sum(len(episode.turns) for episode in episodes)
    yield f"{_number(messages, 'message')} of the customer"
    yield f"Source: {source.name}"
    if found.broken:
        yield wrap(f"{_number(found.broken, 'event')} could not be read and are left out.")
    if not episodes:
        yield "The customer has written nothing, so there was nothing to decide."
    for episode in episodes:
        yield ""
        if not episode.alone:
            span = story.clock(episode.started, zone)
            yield paint(f"Part {episode.number} of {len(episodes)}, from {span}", "bold")
        yield from _episode(episode, zone)


def _episode(episode: Episode, zone: str | None) -> Iterator[str]:
    shown = entries(episode)
    for entry in shown:
        yield from _entry(entry, episode, zone)
    decided = [entry for entry in shown if entry.mark.verdict in VERDICTS]
    if not any(entry.recorded for entry in decided):
        yield "Nothing was decided: no offer and no handoff."
    if not decided:
        yield from _closest(episode, zone)
    silent = sum(turn.emotion is None for turn in episode.turns)
    if silent:
        yield wrap(
            f"{silent} of {_number(len(episode.turns), 'message')} hold no emotion: they were "
            "stored without Attune's component. `attune replay --classify` judges them now."
        )


def _entry(entry: Entry, episode: Episode, zone: str | None) -> Iterator[str]:
    mark = entry.mark
    said = story.label(mark) if entry.recorded or mark.verdict == HELD else _today(mark)
    where = f"turn {mark.turn}" if mark.turn else "before the first message"
    yield f"{story.clock(mark.time, zone)}  {where}  " + paint(said, _COLOURS[mark.verdict])
    if mark.turn:
        yield _quoted(episode.turns[mark.turn - 1].text)
    if mark.decision and mark.verdict != DECLINED:
        yield from _decision(mark.decision, mark.verdict)


def _today(mark: Mark) -> str:
    wanted = _WOULD.get(mark.verdict)
    return f"today's settings would {wanted} here" if wanted else story.label(mark)


def _decision(decision: Mapping[str, Any], verdict: str | None = None) -> Iterator[str]:
    yield wrap(story.measure(decision, verdict), "  ")
    for weight, says in story.reasons(decision):
        first, *more = wrap(printable(says), width=70).split("\n")
        yield f"    {weight:.2f}  {first}"
        yield from (f"          {line}" for line in more)
    for hold in story.holds(decision):
        yield wrap(printable(hold), "  ")


def _closest(episode: Episode, zone: str | None) -> Iterator[str]:
    closest = episode.closest()
    if closest is None:
        yield "No message gave any reason for one."
        return
    number, decision = closest
    turn = episode.turns[number - 1]
    yield wrap(f"Closest was turn {number}, {story.clock(turn.time, zone)}:")
    yield _quoted(turn.text)
    yield from _decision(decision)


def _quoted(text: str) -> str:
    return wrap(f"“{shorten(printable(text), _QUOTED)}”", "  ")


def _number(count: int, name: str) -> str:
    return f"{count:,} {name}{'s' * (count != 1)}"


def _as_json(
    found: Conversation, source: Source, origin: str, episodes: list[Episode], zone: str | None
) -> dict[str, Any]:
    return {
        "conversation": found.id,
        "source": source.name,
        "settings": origin,
        "broken_events": found.broken,
        "episodes": [_episode_as_json(episode, zone) for episode in episodes],
    }


def _episode_as_json(episode: Episode, zone: str | None) -> dict[str, Any]:
    closest = episode.closest()
    return {
        "started": story.exact(episode.started, zone),
        "messages": len(episode.turns),
        "without_emotion": sum(turn.emotion is None for turn in episode.turns),
        "decisions": [
            {**story.as_json(entry.mark, episode, zone), "recorded": entry.recorded}
            for entry in entries(episode)
        ],
        "closest": {"turn": closest[0], "decision": dict(closest[1])} if closest else None,
    }
