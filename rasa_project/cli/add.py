"""`attune add`: bring Attune into a Rasa project of one's own."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from rasa_project.guest import adding, project, writing


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("add", help="add Attune's lines to a Rasa project")
    parser.add_argument("path", type=Path, metavar="PATH", help="folder with config.yml")
    parser.add_argument("--yes", action="store_true", help="apply without asking")
    parser.set_defaults(run=add_to_project)


def add_to_project(options: argparse.Namespace) -> int:
    """Show what would change, ask, and write it.

    Returns:
        0 where the lines are there now, 1 where the answer was no.

    Raises:
        ProjectError: The project cannot be read or changed; nothing is then half written.
    """
    found = project.read(options.path)
    plan = adding.plan(found)
    for change in plan.changes:
        print(change.diff(found.folder), end="\n\n")
    for note in plan.notes:
        print(f"Note: {note}\n")
    if not plan.changes:
        print(f"Everything is there already: {found.folder} stays as it is.")
        return 0
    if not options.yes and not _agreed():
        print("Nothing was changed. --yes applies it without asking.", file=sys.stderr)
        return 1
    writing.write(plan.changes)
    names = " and ".join(change.path.name for change in plan.changes)
    print(f"Changed {names}. Next: `rasa train`, then `attune doctor {options.path}`.")
    return 0


def _agreed() -> bool:
    try:
        return input("Apply? [y/N] ").strip().lower() in {"y", "yes"}
    except EOFError:  # nobody is there to answer
        print()
        return False
