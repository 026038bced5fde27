"""The `emotion` command."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence

from emotion_component.cli import combine, data, evaluate, explain, export, predict, score, train
from emotion_component.errors import EmotionError

# In the order of `emotion --help`.
SUBCOMMANDS = (predict, explain, score, data, train, combine, evaluate, export)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: Words after the command's name; `None` takes them from the process.

    Returns:
        Exit status: 0 done, 1 it could not be done (standard error says why), 2 wrong usage.
    """
    options = _parser().parse_args(arguments)
    _quiet()
    try:
        options.run(options)
    except EmotionError as error:
        print(f"emotion: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader (`head`, say) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _quiet() -> None:
    """Keep TensorFlow's notices away, unless the user asked for them."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    logging.getLogger("emotion_component").setLevel(logging.INFO)
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    logging.getLogger("absl").setLevel(logging.ERROR)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="emotion", description="Judge the emotion in customers' messages, train, evaluate."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for subcommand in SUBCOMMANDS:
        subcommand.add(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
