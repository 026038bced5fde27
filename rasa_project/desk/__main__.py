"""`python -m rasa_project.desk` runs the desk; with `add-agent NAME` it lets somebody in."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys

from rasa_project.desk import accounts, server, settings
from rasa_project.desk.errors import StartError
from rasa_project.desk.store import Store


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m rasa_project.desk", description=__doc__)
    commands = parser.add_subparsers(dest="command")
    adding = commands.add_parser("add-agent", help="add an agent and print a one-time password")
    adding.add_argument("name", help="sign-in name: letters a-z, digits, dots, hyphens")
    options = parser.parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)-7s %(name)s  %(message)s"
    )
    # One line a poll or a migration step would bury what matters.
    for name in ("alembic", "engineio", "socketio", "sanic.root", "sanic.error"):
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        if options.command == "add-agent":
            _add_agent(options.name)
        else:
            asyncio.run(server.serve(settings.from_environment()))
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _add_agent(name: str) -> None:
    store = Store(settings.desk_db())
    store.open()
    password = accounts.add(store, name)
    store.close()
    print(f"ONE_TIME_PASSWORD {accounts.normalize(name)} {password}")


if __name__ == "__main__":
    sys.exit(main())
