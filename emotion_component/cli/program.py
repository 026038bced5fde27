"""A command of several subcommands: reads its words, runs one, and says what went wrong."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from emotion_component.errors import EmotionError

_INTERRUPTED = 130  # what a shell calls the end by Ctrl-C


class Subcommand(Protocol):
    """A module that adds one subcommand."""

    def add(self, commands: Any) -> None:
        """Add a parser to the subparsers `commands`, with `run` among its defaults."""


class Program(NamedTuple):
    """A command.

    Attributes:
        name: What the user types.
        purpose: Its first line of help.
        subcommands: In the order of its help.
    """

    name: str
    purpose: str
    subcommands: Sequence[Subcommand]

    def main(self, arguments: Sequence[str] | None = None) -> int:
        """Run the command.

        Args:
            arguments: Words after the command's name; `None` takes them from the process.

        Returns:
            Exit status: 0 done, 1 it could not be done (standard error says why), 2 wrong usage,
            130 stopped with Ctrl-C; or what the subcommand gives.
        """
        options = self._parser().parse_args(arguments)
        try:
            status = options.run(options)
        except BrokenPipeError:  # the reader (`head`, say) has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        except (EmotionError, OSError) as error:  # a folder that may not be read, for one
            print(f"{self.name}: {error}", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            print(f"\n{self.name}: stopped.", file=sys.stderr)
            return _INTERRUPTED
        return int(status or 0)

    def _parser(self) -> argparse.ArgumentParser:
        parser = argparse.ArgumentParser(prog=self.name, description=self.purpose)
        commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
        for subcommand in self.subcommands:
            subcommand.add(commands)
        return parser
