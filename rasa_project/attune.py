"""The `attune` command."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final

from emotion_component.cli.program import Program
from rasa_project.cli import (
    add,
    channel,
    desk,
    doctor,
    erase,
    export_customer,
    lint,
    replay,
    why,
)

PROGRAM: Final = Program(
    "attune",
    "Bring Attune into a Rasa project, check it there, see what it decided, and run its desk.",
    (add, doctor, lint, why, replay, desk, channel, erase, export_customer),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; see `Program.main`."""
    return PROGRAM.main(arguments)


if __name__ == "__main__":
    sys.exit(main())
