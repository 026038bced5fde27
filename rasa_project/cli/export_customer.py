"""`attune export-customer`: writes what all stores keep of one customer."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from rasa_project.cli import erase


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "export-customer",
        help="write all that is kept of one customer",
        description="Write what all stores of a project keep of one customer into a JSON file, "
        "readable by its owner alone: what `attune erase` would delete, row by row.",
    )
    erase.add_who(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.json", help="must be new")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Write the file; what goes wrong leaves none.

    Raises:
        NothingToErase: There is no such customer or conversation.
        EmotionError: A store cannot be used.
        OSError: The file is there already, or cannot be written.
    """
    # Rasa takes seconds to import, which no other subcommand shall wait for.
    from rasa_project.privacy import customer
    from rasa_project.privacy.stores import faults_told, open_stores

    logging.getLogger("alembic").setLevel(logging.WARNING)
    with faults_told(), closing(open_stores(options.project)) as stores:
        found = customer.find(stores, erase.asked(options))
        content = {
            "conversations": list(found.senders),
            "stores": customer.export(stores, found),
        }
        missing = list(stores.by_hand)
    _write(options.out, json.dumps(content, ensure_ascii=False, indent=2))
    rows = sum(sum(counts.values()) for counts in found.counts.values())
    print(f"{options.out}: {rows} rows of {len(found.counts)} stores")
    for name in missing:
        print(f"Not in it: {name}", file=sys.stderr)


def _write(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise
