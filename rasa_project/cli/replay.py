"""`attune replay`: old conversations against other settings; nothing is sent to anybody."""

from __future__ import annotations

import argparse
import json
import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from emotion_component.cli import options as shared
from emotion_component.errors import ConfigurationError
from rasa_project.cli.replay_table import readable
from rasa_project.cli.why import add_source
from rasa_project.conversations.conversation import Conversation, ConversationsError, Source
from rasa_project.conversations.source import open_source
from rasa_project.replay import page, policy_settings, story, turn_ends
from rasa_project.replay.classifying import classified
from rasa_project.replay.comparing import VERDICTS, Comparison, change, what_differs
from rasa_project.replay.episode import Episode
from rasa_project.replay.playing import Player
from rasa_project.replay.policy_settings import Tried

_SHOWN = 50


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "replay",
        help="old conversations against other settings",
        description="Tell which old conversations would have been offered a human or handed over "
        "with other settings, when and why, beside what happened. Reads only; sends nothing.",
    )
    add_source(parser)
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="another config.yml, to take settings from"
    )
    parser.add_argument(
        "--set",
        dest="changes",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="change one setting, such as handoff=0.7 or weights.trend=0; may be given again",
    )
    parser.add_argument(
        "--classify",
        action="store_true",
        help="judge messages that were stored without an emotion (loads the model)",
    )
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a page with timelines")
    parser.add_argument(
        "--limit",
        type=shared.count,
        default=_SHOWN,
        metavar="N",
        help=f"episodes to show, the changed ones first; all are counted (default {_SHOWN})",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Replay the conversations, and show what differs.

    Raises:
        ConversationsError: There is no conversation, or they cannot be read.
        ProjectError: The project or the other config.yml cannot be read.
        ConfigurationError: A setting is unknown or wrong, or the page cannot be written.
    """
    source = open_source(options.project, options.source)
    tried = policy_settings.read(options.project, options.config, options.changes)
    player = Player(tried.settings, tried.forms, turn_ends=turn_ends.read(options.project))
    comparison = Comparison(options.limit)
    conversations: Iterable[Conversation] = _with_progress(source)
    if options.classify:
        conversations = classified(conversations, _model(tried))
    for conversation in conversations:
        comparison.add(conversation, player.play(conversation))
    if not comparison.totals.conversations:
        raise ConversationsError(
            f"{source.name} holds no conversation. Talk to the bot first, or name another source "
            "with --from."
        )
    _show(options, source, tried, comparison)


def _with_progress(source: Source) -> Iterator[Conversation]:
    # On standard error, and where that is no terminal (a log, a pipe) not at all.
    bar = tqdm(source, "Replaying", source.count(), unit=" conversations", disable=None)
    yield from bar


def _model(tried: Tried) -> Any:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    for name in ("tensorflow", "absl"):
        logging.getLogger(name).setLevel(logging.ERROR)
    from emotion_component import classifier

    return classifier.load(tried.weights)


def _show(
    options: argparse.Namespace, source: Source, tried: Tried, comparison: Comparison
) -> None:
    episodes = comparison.shown()
    zone = tried.settings.time_zone
    if options.html:
        _write(options.html, page.page(comparison.totals, episodes, source.name, tried))
    if options.json:
        report = {
            "source": source.name,
            "settings": tried.origin,
            "totals": comparison.totals.to_dict(),
            "episodes": [_as_json(episode, zone) for episode in episodes],
        }
        print(json.dumps(report, ensure_ascii=True, indent=2))
    else:
        lines = readable(comparison.totals, episodes, source.name, tried)
        print("\n".join([*lines, *_page_line(options.html)]))


def _page_line(path: Path | None) -> Sequence[str]:
    return [f"Timelines: {path}"] if path else []


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        raise ConfigurationError(
            f"The page cannot be written to {path}: {error.strerror}. Correct --html."
        ) from error


def _as_json(episode: Episode, zone: str | None) -> dict[str, Any]:
    return {
        "conversation": episode.conversation,
        "episode": episode.number,
        "started": story.exact(episode.started, zone),
        "messages": len(episode.turns),
        "says": what_differs(episode),
        "changes": {verdict: change(episode, verdict).replace(" ", "_") for verdict in VERDICTS},
        "happened": [story.as_json(mark, episode, zone) for mark in episode.happened],
        "replayed": [story.as_json(mark, episode, zone) for mark in episode.replayed],
    }
