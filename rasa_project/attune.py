"""The `attune` command."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from emotion_component.errors import EmotionError
from rasa_project.cli import add, doctor, lint
from rasa_project.guest.yaml_file import ProjectError

# In the order of `attune --help`.
SUBCOMMANDS = (add, doctor, lint)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: Words after the command's name; `None` takes them from the process.

    Returns:
        Exit status: 0 done, 1 it could not be done (standard error says why) or something was
        found, 2 wrong usage.
    """
    options = _parser().parse_args(arguments)
    try:
        status = options.run(options)
    except (ProjectError, EmotionError) as error:
        print(f"attune: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader (`head`, say) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:  # a folder that may not be read, for one
        print(f"attune: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nattune: stopped.", file=sys.stderr)
        return 130
    return int(status or 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="attune", description="Bring Attune into a Rasa project, and check it there."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for subcommand in SUBCOMMANDS:
        subcommand.add(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
