"""`attune channel`: whether messaging channels work, and what they could not deliver."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from rasa_project.channels.messaging import letters
from rasa_project.channels.messaging.database import Database, address
from rasa_project.cli import channel_add, channel_connect, terminal
from rasa_project.cli.channel_connect import Unusable
from rasa_project.errors import StartError

_QUOTED: Final = 120  # columns of a message's words


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("channel", help="messaging channels: check, connect, dead letters")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    adding = _verb(verbs, "add", "write a channel into credentials.yml, and connect it", _add)
    channel_add.add_options(adding)
    checking = _verb(verbs, "check", "see whether a channel's credentials and webhook work", _check)
    checking.add_argument("name", metavar="NAME", help="such as telegram")
    registering = _verb(verbs, "register", "tell a service where its webhook is", _register)
    registering.add_argument("name", metavar="NAME", help="such as telegram")
    registering.add_argument("url", metavar="URL", help="public https address of the Rasa server")
    failed = _verb(verbs, "failed", "list what was given up, with the reasons", _failed)
    failed.add_argument("--json", action="store_true", help="one JSON object")
    again = _verb(verbs, "again", "try what was given up once more", _again)
    again.add_argument("ids", nargs="+", metavar="ID", help="as `attune channel failed` shows them")


def _verb(
    verbs: Any, name: str, what: str, run: Callable[[argparse.Namespace], int]
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = verbs.add_parser(name, help=what, description=f"{what}.")
    parser.add_argument(
        "--project", type=Path, default=Path.cwd(),
        help="folder with credentials.yml and .attune (default: here)",
    )  # fmt: skip
    parser.set_defaults(run=lambda options: _reporting(run, options))
    return parser


def _reporting(run: Callable[[argparse.Namespace], int], options: argparse.Namespace) -> int:
    try:
        return run(options)
    except (Unusable, StartError, letters.NoSuchLetter) as error:
        print(f"attune: {error}", file=sys.stderr)
        return 1


def _add(options: argparse.Namespace) -> int:
    return channel_add.add_channel(options)


def _check(options: argparse.Namespace) -> int:
    return 0 if channel_connect.check(_provider(options)) else 1


def _register(options: argparse.Namespace) -> int:
    channel_connect.register(_provider(options), options.url)
    return 0


def _failed(options: argparse.Namespace) -> int:
    with _database(options.project) as database:
        found = letters.listed(database)
    if options.json:
        shown = {"failed": [asdict(letter) for letter in found]}
        print(json.dumps(shown, ensure_ascii=False, indent=2))
        return 0
    for letter in found:
        at = time.strftime("%Y-%m-%d %H:%M", time.localtime(letter.at))
        words = terminal.shorten(terminal.printable(letter.words), _QUOTED)
        print(f"{letter.id}  {at}  {letter.channel}:{terminal.printable(letter.customer)}")
        print(f"    {words or '(its words are forgotten)'}")
        print(f"    {terminal.printable(letter.reason)}")
    if not found:
        print("Nothing was given up.")
    return 0


def _again(options: argparse.Namespace) -> int:
    with _database(options.project) as database:
        letters.try_again(database, options.ids)
    print("A running server tries again within seconds; another one when it starts.")
    return 0


@contextmanager
def _database(project: Path) -> Iterator[Database]:
    database = Database(address(project))
    database.open()
    try:
        yield database
    finally:
        database.close()


def _provider(options: argparse.Namespace) -> Any:
    """Return the provider of a channel in credentials.yml."""
    from rasa.core.run import create_http_input_channels  # loading Rasa takes seconds
    from rasa.shared.exceptions import RasaException

    from rasa_project.channels.messaging.channel import MessagingInput

    file = options.project / "credentials.yml"
    try:
        channels = create_http_input_channels(None, str(file))
    except RasaException as error:
        raise Unusable(f"{file}: {error}") from None
    mine = {each.name(): each for each in channels if isinstance(each, MessagingInput)}
    if options.name not in mine:
        known = ", ".join(sorted(mine)) or "none"
        raise Unusable(f"{file} holds no messaging channel {options.name!r}; it holds {known}.")
    return mine[options.name].provider
