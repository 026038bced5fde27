"""`attune erase`: forgets one customer in every store."""

from __future__ import annotations

import argparse
import getpass
import json
import logging
import os
import sys
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from emotion_component.errors import EmotionError
from rasa_project.cli.terminal import columns, pad, printable

if TYPE_CHECKING:
    from rasa_project.privacy.customer import Asked, Customer
    from rasa_project.privacy.stores import Stores

_GAP: Final = "  "
_YES: Final = {"y", "yes"}


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "erase",
        help="forget one customer everywhere",
        description="Delete what all stores of a project keep of one customer: Rasa's tracker "
        "store, the messaging channels, the desk and the web chat with its files. It first shows "
        "what it found, and asks. Killed midway, it finishes when it is run again. "
        "Figures without a person and the audit log stay.",
    )
    add_who(parser)
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument(
        "--open", action="store_true", help="also a conversation that is open at the desk"
    )
    parser.add_argument("--dry-run", action="store_true", help="only show what was found")
    parser.add_argument("--json", action="store_true", help="one JSON object; needs --yes")
    parser.set_defaults(run=run)


def add_who(parser: argparse.ArgumentParser) -> None:
    """Add the options that say who it is, and where."""
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "either", nargs="?", metavar="CONVERSATION", help="Rasa's sender id, or the shop's id"
    )
    which.add_argument("--conversation", metavar="ID", help="Rasa's sender id, nothing else")
    which.add_argument("--customer", metavar="ID", help="the customer's id in your shop alone")
    parser.add_argument(
        "--project", type=Path, default=Path(), metavar="PATH",
        help="folder with credentials.yml and endpoints.yml (default: here)",
    )  # fmt: skip


def asked(options: argparse.Namespace) -> Asked:
    """Return whom the options mean."""
    from rasa_project.privacy.customer import Asked

    if options.either is not None:
        return Asked(options.either, None, either=True)
    return Asked(options.conversation, options.customer)


def run(options: argparse.Namespace) -> int:
    """Erase, and print what is gone; 1 where something is left to the operator.

    Raises:
        NothingToErase: There is no such customer or conversation.
        EmotionError: A store cannot be used, or the conversation is open at the desk.
    """
    # Rasa takes seconds to import, which no other subcommand shall wait for.
    from rasa_project.privacy import customer, erasing
    from rasa_project.privacy.stores import faults_told, open_stores

    logging.getLogger("alembic").setLevel(logging.WARNING)
    with faults_told(), closing(open_stores(options.project)) as stores:
        found = customer.find(stores, asked(options))
        by_hand = _by_hand(stores, found)
        told: dict[str, Any] = {"conversations": list(found.senders), "stores": found.counts}
        if not options.json:
            print(_table(found))
        if options.dry_run:
            print(_json(told) if options.json else f"Would be erased: {_names(found)}")
            return 0
        if not options.open:
            erasing.require_closed(found)
        if not options.yes:
            _ask(options.json, len(found.senders))
        erased = erasing.erase(stores, found, _who(), options.open)
    if options.json:
        print(_json({**(asdict(erased) if erased else {}), **told, "left": by_hand}))
    else:
        _tell(found, erased)
        for line in by_hand:
            print(line, file=sys.stderr)
    return 1 if by_hand else 0


def _ask(as_json: bool, count: int) -> None:
    """Hold that the operator means it.

    Raises:
        EmotionError: They do not, or nobody is there.
    """
    if as_json:
        raise EmotionError("Nothing was erased. Give --yes with --json, which asks nobody.")
    what = "this conversation" if count == 1 else f"these {count} conversations"
    print(f"Erase {what} for ever? [y/N] ", end="", flush=True)
    answer = sys.stdin.readline()
    if answer.strip().lower() not in _YES:
        there = "" if answer else " Give --yes where nobody can be asked."
        raise EmotionError(f"Nothing was erased.{there}")


def _tell(found: Customer, erased: Any) -> None:
    rows = sum(sum(counts.values()) for counts in found.counts.values())
    print(f"Erased in {len(found.counts)} stores, {rows} rows: {_names(found)}")
    if erased is not None:
        print(
            f"Erased: {erased.messages} messages, {erased.held} that were not delivered yet, "
            f"{len(erased.files)} files, {erased.mails} mail addresses of the web chat. "
            "All sessions are over."
        )


def _by_hand(stores: Stores, found: Customer) -> list[str]:
    """Say what is in nobody's reach here."""
    ids = found.senders
    left = [
        f"{name}: {line.replace('{id}', each)}"
        for name, line in stores.by_hand.items()
        for each in ids
    ]
    left += [
        f"The help desk {name} has it as {number}: delete it there, too."
        for name, number in found.elsewhere.tickets
    ]
    left += [
        f"Agents took the conversation {each} for the same customer's: erase it, too, if it is."
        for each in found.elsewhere.linked
    ]
    return [f"Left to you: {printable(line)}" for line in left]


def _table(found: Customer) -> str:
    rows = [("STORE", "WHAT", "FOUND")]
    for store, counts in found.counts.items():
        rows += [(store, what, str(number)) for what, number in counts.items()]
    if len(rows) == 1:
        return "Nothing is left but to note that an erasure which was stopped is done."
    widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        _GAP.join((pad(store, widths[0]), pad(what, widths[1]), number.rjust(widths[2])))
        for store, what, number in rows
    )


def _names(found: Customer) -> str:
    return ", ".join(map(printable, found.senders)) or "what was known of them"


def _json(content: Any) -> str:
    return json.dumps(content, indent=2)


def _who() -> str:
    """Name who sits at the terminal."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run a user that nobody named
        return f"uid {os.getuid()}"
