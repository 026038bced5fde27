"""`python -m rasa_project.desk` runs the desk; `attune desk user` says who may come to it.

`export-corrections FILE` writes what agents corrected, as data to train the emotion model on.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from pathlib import Path

from rasa_project.desk import server, settings
from rasa_project.desk.connectors import command
from rasa_project.desk.corrections import export
from rasa_project.desk.store.database import Store
from rasa_project.errors import StartError


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m rasa_project.desk", description=__doc__)
    commands = parser.add_subparsers(dest="command")
    exporting = commands.add_parser(
        "export-corrections", help="write what agents corrected, for `emotion train --data FILE`"
    )
    exporting.add_argument("file", type=Path, metavar="FILE", help="JSON lines: corrected emotions")
    exporting.add_argument(
        "--handoffs", type=Path, metavar="FILE", help="JSON lines: conversations judged by agents"
    )
    linking = commands.add_parser("connector", help="look after the other help desks")
    linking.add_argument("action", choices=("check",), help="see whether it works")
    linking.add_argument("name", help="its name in the file that ATTUNE_CONNECTORS names")
    options = parser.parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)-7s %(name)s  %(message)s"
    )
    # One line a poll or a migration step would bury what matters.
    for name in ("alembic", "engineio", "socketio", "sanic.root", "sanic.error"):
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        if options.command == "connector":
            return command.check(options.name)
        if options.command == "export-corrections":
            _export(options.file, options.handoffs)
        else:
            asyncio.run(server.serve(settings.from_environment()))
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _export(emotions: Path, handoffs: Path | None) -> None:
    store = Store(settings.desk_db())
    store.open()
    try:
        print(f"{export.export_emotions(store, emotions)} corrected emotions in {emotions}")
        if handoffs is not None:
            print(f"{export.export_handoffs(store, handoffs)} judged handoffs in {handoffs}")
    except OSError as error:
        raise StartError(f"The corrections cannot be written: {error}.") from error
    finally:
        store.close()


if __name__ == "__main__":
    sys.exit(main())
