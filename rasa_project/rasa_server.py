"""Starts Rasa's server with its token from the environment, where no list of processes shows it."""

from __future__ import annotations

import os
import sys
from typing import Final

# Within it the demo shop's actions have tried everything, retries included, and said so.
ACTION_SECONDS: Final = 15.0


def limit_actions(seconds: float = ACTION_SECONDS) -> None:
    """Give up on a custom action after so long.

    Rasa waits five minutes, has no setting for it, and lets the customer's next messages wait as
    long.
    """
    from rasa.core.actions import action

    action.DEFAULT_REQUEST_TIMEOUT = seconds


def main() -> None:
    """Run `rasa run` with this process's arguments and the token of `ATTUNE_RASA_TOKEN`."""
    token = os.environ.get("ATTUNE_RASA_TOKEN")
    if not token:
        sys.exit("ATTUNE_RASA_TOKEN is not set. `python -m rasa_project` sets it.")
    from rasa.__main__ import main as rasa_main  # importing Rasa takes seconds

    limit_actions()
    sys.argv = ["rasa", "run", *sys.argv[1:], "--enable-api", "--auth-token", token]
    rasa_main()


if __name__ == "__main__":
    main()
