"""`python -m tests.kill_test`: kills the real processes at random while people talk.

The last line is JSON: how many kills, and how much was lost, doubled or reordered, and how often
the bot spoke while a human had the conversation. All but the kills must be 0.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
from pathlib import Path

from rasa_project import programs
from tests.kill_test.run import Settings, run
from tests.project import train_copy

# A desk is back in two seconds, a Rasa server in half a minute.
_RASA_SHARE = 0.05
_ACTIONS_SHARE = 0.05


def main() -> int:
    """Run the command line and return the exit status."""
    options = _arguments()
    kills = split(options.kills, options.rasa)
    told = ", ".join(f"{name} {count}" for name, count in kills.items())
    print(f"Seed {options.seed}. Kills: {told}.", flush=True)
    with tempfile.TemporaryDirectory(prefix="attune-kill-test-") as folder:
        project = options.project or train_copy(Path(folder))
        outcome = asyncio.run(
            run(Settings(project, kills, options.seed, options.customers, options.seconds))
        )
    wrong = outcome.findings
    for found in (*wrong.lost, *wrong.doubled, *wrong.reordered, *wrong.bot_spoke):
        print(found)
    print(json.dumps(outcome.as_json()), flush=True)
    return 1 if any(wrong.counts().values()) else 0


def split(kills: int, rasa: int | None = None) -> dict[str, int]:
    """Share the kills out among the processes, at least one each; `rasa` of them for Rasa."""
    rasa = rasa or max(1, round(kills * _RASA_SHARE))
    actions = max(1, round(kills * _ACTIONS_SHARE))
    return {
        programs.DESK: max(1, kills - rasa - actions),
        programs.RASA: rasa,
        programs.ACTIONS: actions,
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.kill_test", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="in all (default: 200)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--rasa", type=int, help="how many of them hit Rasa (default: one in 20)")
    parser.add_argument("--customers", type=int, default=6, help="at the same time (default: 6)")
    parser.add_argument(
        "--seconds", type=float, default=3600.0, help="no kill after so long (default: 3600)"
    )
    parser.add_argument(
        "--project", type=Path, help="folder with a trained model (default: a copy, trained anew)"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
