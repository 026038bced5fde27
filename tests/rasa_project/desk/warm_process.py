"""Processes that begin with their modules loaded: the desk is up in a moment, in hundreds of tests.

Each is a process of its own, forked from a server that has only imported; it runs the very `main`
that the command line runs, and can be signalled and killed like any other.
"""

from __future__ import annotations

import asyncio
import importlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path

_PRELOADED = ["rasa_project.desk.__main__", "rasa_project.attune"]
_context = multiprocessing.get_context("forkserver")


class WarmProcess:
    """A running `main()` of a module.

    Args:
        module: Where the function stands.
        words: What follows on the command line.
        environment: The whole environment of the process.
        output: Where standard output and standard error are appended.
    """

    def __init__(
        self, module: str, words: Sequence[str], environment: Mapping[str, str], output: Path
    ) -> None:
        _context.set_forkserver_preload(_PRELOADED)
        values = (module, list(words), dict(environment), str(output))
        self._process: BaseProcess = _context.Process(target=_run, args=values)
        self._process.start()

    @property
    def returncode(self) -> int | None:
        """How it ended: the exit status, or the negative number of a signal; none: it runs."""
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """Send it a signal."""
        assert self._process.pid is not None
        os.kill(self._process.pid, number)

    async def wait(self) -> int:
        """Return how it ended, once it has."""
        await asyncio.to_thread(self._process.join)
        assert self._process.exitcode is not None
        return self._process.exitcode


def _end_with_the_tests() -> None:
    """Leave nothing behind where the tests themselves are killed."""
    tests = multiprocessing.parent_process()
    assert tests is not None
    tests.join()
    os._exit(1)


def _run(module: str, words: list[str], environment: dict[str, str], output: str) -> None:
    threading.Thread(target=_end_with_the_tests, daemon=True).start()
    with Path(output).open("ab", buffering=0) as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    os.environ.clear()
    os.environ.update(environment)
    # Like a fresh interpreter; the fork server ignores what a terminal sends.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = [module, *words]
    sys.exit(importlib.import_module(module).main(words))
