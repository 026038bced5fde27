"""`python -m rasa_project`: the assistant, the shop page and the desk, started by one command."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from rasa_project import endpoints, preflight, training
from rasa_project.process import ProcessEndedError
from rasa_project.settings import ACTIONS_PORT, DESK_PORT, RASA_PORT, Settings, load_secrets
from rasa_project.supervisor import Supervisor


def parse_arguments(arguments: list[str] | None = None) -> Settings:
    """Read the command line into settings."""
    parser = argparse.ArgumentParser(
        prog="python -m rasa_project",
        description="Start Rasa server, action server and agent desk; train first if need be.",
    )
    parser.add_argument(
        "--project", type=Path, default=Path.cwd(), help="folder with config.yml (default: here)"
    )
    parser.add_argument("--port", type=int, default=RASA_PORT, help="Rasa server and shop page")
    parser.add_argument("--actions-port", type=int, default=ACTIONS_PORT, help="action server")
    parser.add_argument("--desk-port", type=int, default=DESK_PORT, help="agent desk")
    given = parser.parse_args(arguments)
    return Settings(given.project.resolve(), given.port, given.actions_port, given.desk_port)


def main(arguments: list[str] | None = None) -> int:
    """Check, train where there is no model, then run until asked to stop.

    Returns:
        The exit status; what went wrong is told in a sentence on standard error.
    """
    settings = parse_arguments(arguments)
    try:
        preflight.check(settings)
        if not training.has_model(settings):
            training.train(settings)
        secrets = load_secrets(settings.home)
        print("Starting Attune (the first start takes about half a minute)", flush=True)
        return asyncio.run(Supervisor(settings, secrets, endpoints.prepare(settings)).run())
    except (preflight.PreflightError, training.TrainingError, ProcessEndedError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except (OSError, ValueError) as error:
        print(f"\nAttune could not start: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
