"""The `emotion` command."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence
from typing import Final

from emotion_component.cli import combine, data, evaluate, explain, export, predict, score, train
from emotion_component.cli.program import Program

PROGRAM: Final = Program(
    "emotion",
    "Judge the emotion in customers' messages, train, evaluate.",
    (predict, explain, score, data, train, combine, evaluate, export),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; see `Program.main`."""
    _quiet()
    return PROGRAM.main(arguments)


def _quiet() -> None:
    """Keep TensorFlow's notices away, unless the user asked for them."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    logging.getLogger("emotion_component").setLevel(logging.INFO)
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    logging.getLogger("absl").setLevel(logging.ERROR)


if __name__ == "__main__":
    sys.exit(main())
