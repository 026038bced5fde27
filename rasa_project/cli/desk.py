"""`attune desk`: who may come to the desk and as what, and whether other help desks answer."""

from __future__ import annotations

import argparse
import getpass
import json
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from rasa_project.cli import terminal
from rasa_project.desk import settings
from rasa_project.desk.connectors import command
from rasa_project.desk.errors import RequestError
from rasa_project.desk.people import accounts, directory, roles
from rasa_project.desk.queue import config, teams
from rasa_project.desk.queue.teams import Work
from rasa_project.desk.store.database import Store
from rasa_project.errors import StartError
from rasa_project.settings import Settings

_NEVER: Final = "never"
_GAP: Final = "  "
_HEAD: Final = ("NAME", "ROLE", "STATE", "SHOWN AS", "E-MAIL", "OPEN", "LAST SEEN")


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("desk", help="say who may come to the agent desk")
    areas = parser.add_subparsers(dest="area", required=True, metavar="AREA")
    user = areas.add_parser("user", help="people: add, list, disable and more")
    verbs = user.add_subparsers(dest="verb", required=True, metavar="VERB")
    adding = _verb(verbs, "add", "let somebody in, by a one-time password", _add)
    adding.add_argument("--role", choices=roles.ROLES, default=roles.AGENT, help="default: agent")
    adding.add_argument("--email", help="by which an identity provider knows them")
    listing = _verb(verbs, "list", "show everybody", _list, named=False)
    listing.add_argument("--json", action="store_true", help="one JSON object")
    _verb(verbs, "disable", "keep somebody out from now on", _disable)
    _verb(verbs, "enable", "let somebody in again", _enable)
    changing = _verb(verbs, "role", "give somebody another role", _role)
    changing.add_argument("role", choices=roles.ROLES)
    working = _verb(verbs, "work", "say which conversations are somebody's (default: all)", _work)
    working.add_argument("--team", action="append", default=[], help="a team of desk.yml")
    working.add_argument("--language", action="append", default=[], help="such as en or zh")
    working.add_argument("--limit", type=int, help="conversations at a time")
    _verb(verbs, "reset-password", "give somebody a one-time password", _reset_password)
    connector = areas.add_parser("connector", help="other help desks")
    checks = connector.add_subparsers(dest="verb", required=True, metavar="VERB")
    checking = checks.add_parser("check", help="see whether address, token and secret work")
    checking.add_argument("name", metavar="NAME", help="its name in ATTUNE_CONNECTORS's file")
    checking.set_defaults(run=_check_connector)


def _check_connector(options: argparse.Namespace) -> int:
    try:
        return command.check(options.name)
    except StartError as error:
        print(error, file=sys.stderr)
        return 1


def _verb(
    verbs: Any, name: str, what: str, run: Callable[[argparse.Namespace], None], named: bool = True
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = verbs.add_parser(name, help=what, description=f"{what}.")
    if named:
        parser.add_argument("name", metavar="NAME", help="the name that they sign in with")
    parser.add_argument(
        "--project", type=Path, default=Path.cwd(),
        help="folder with .attune, where ATTUNE_DESK_DB names no database (default: here)",
    )  # fmt: skip
    parser.set_defaults(run=lambda options: _reporting(run, options))
    return parser


def _reporting(run: Callable[[argparse.Namespace], None], options: argparse.Namespace) -> int:
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        run(options)
    except (RequestError, StartError) as error:
        print(f"attune: {error}", file=sys.stderr)
        return 1
    return 0


def _add(options: argparse.Namespace) -> None:
    with _change(options) as session:
        password = directory.add(session, _by(), options.name, options.role, options.email)
    name = accounts.normalize(options.name)
    print(f"Added {name} with the role {options.role}.")
    _tell_password(name, password)


def _list(options: argparse.Namespace) -> None:
    store = _store(options)
    try:
        with store.read() as session:
            people = directory.people(session)
    finally:
        store.close()
    if options.json:
        print(json.dumps({"people": people}, ensure_ascii=False, indent=2))
    elif people:
        print(_table(people))
    else:
        print("Nobody is there yet. The first start of the desk makes the first admin.")


def _disable(options: argparse.Namespace) -> None:
    with _change(options) as session:
        changes = directory.disable(session, _by(), options.name)
    count = len(changes.tickets)
    back = f" {count} of their conversations went back to the queue." if count else ""
    print(f"{accounts.normalize(options.name)} can no longer sign in.{back}")


def _enable(options: argparse.Namespace) -> None:
    with _change(options) as session:
        directory.enable(session, _by(), options.name)
    print(f"{accounts.normalize(options.name)} can sign in again.")


def _role(options: argparse.Namespace) -> None:
    with _change(options) as session:
        directory.set_role(session, _by(), options.name, options.role)
    print(f"{accounts.normalize(options.name)} has the role {options.role} now.")


def _work(options: argparse.Namespace) -> None:
    file = config.from_environment(os.environ, options.project)
    name = accounts.normalize(options.name)
    with _change(options) as session:
        work = Work(options.team, options.language, options.limit)
        now = teams.set_work_of(session, name, work, file)
    print(f"{name}: {now}")


def _reset_password(options: argparse.Namespace) -> None:
    with _change(options) as session:
        password = directory.reset_password(session, _by(), options.name)
    name = accounts.normalize(options.name)
    print(f"{name} is signed out everywhere.")
    _tell_password(name, password)


def _tell_password(name: str, password: str) -> None:
    print("It is shown this once and must be changed at the first sign-in:")
    print(f"ONE_TIME_PASSWORD {name} {password}")


def _by() -> str:
    """Name who sits at the terminal."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run a user that nobody named
        return f"uid {os.getuid()}"


@contextmanager
def _change(options: argparse.Namespace) -> Iterator[Any]:
    store = _store(options)
    try:
        with store.write() as session:
            yield session
    finally:
        store.close()


def _store(options: argparse.Namespace) -> Store:
    """Open the database that the launcher gives the desk, which must be there."""
    url = Settings(options.project.resolve()).desk_db
    if "ATTUNE_DESK_DB" in os.environ:
        url = settings.desk_db()
    file = Path(url.removeprefix("sqlite:///"))
    if url.startswith("sqlite:///") and not file.is_file():
        raise StartError(
            f"There is no desk's database at {file}. Start the desk once, or say where it is with "
            "--project or ATTUNE_DESK_DB."
        )
    store = Store(url)
    store.open()
    return store


def _table(people: list[dict[str, Any]]) -> str:
    rows: list[tuple[str, ...]] = [_HEAD, *map(_row, people)]
    widths = [max(map(terminal.columns, column)) for column in zip(*rows, strict=True)]
    lines = [
        _GAP.join(terminal.pad(cell, width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]
    return "\n".join(line.rstrip() for line in lines)


def _row(person: dict[str, Any]) -> tuple[str, ...]:
    seen = person["last_seen_at"]
    when = datetime.fromtimestamp(seen).strftime("%Y-%m-%d %H:%M") if seen else _NEVER
    return (
        person["name"], person["role"], _state(person), terminal.printable(person["display_name"]),
        person["email"] or "-", str(person["conversations"] or "-"), when,
    )  # fmt: skip


def _state(person: dict[str, Any]) -> str:
    if person["disabled"]:
        return "disabled"
    if person["service"]:
        return "service"
    return "one-time password" if person["must_change_password"] else "active"
