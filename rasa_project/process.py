"""One child process under the supervisor: started, watched until healthy, stopped."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

STOP_SECONDS = 10.0  # Rasa finishes the turn it is in; longer than this it hangs
_HEALTH_POLL_SECONDS = 0.3
_LAST_LINES = 12
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_MAX_LINE_BYTES = 2**20


@dataclass(frozen=True)
class Program:
    """What to run and how to know that it is up.

    Attributes:
        name: As people call it: "Rasa server".
        command: Program and arguments.
        health_url: Answers 200 once the program serves.
        environment: Variables beside the supervisor's own.
        on_line: Sees each line of output; what it returns is kept in the log (None: nothing is).
    """

    name: str
    command: Sequence[str]
    health_url: str
    environment: Mapping[str, str] = field(default_factory=dict)
    on_line: Callable[[str], str | None] = lambda line: line


class ProcessEndedError(Exception):
    """A program ended by itself; the message says which, how, and its last words."""


class ManagedProcess:
    """A running `Program` whose output goes to a log file.

    Args:
        program: What to run.
        folder: Working folder.
        log: File its output is appended to.
    """

    def __init__(self, program: Program, folder: Path, log: Path) -> None:
        self.program = program
        self._folder = folder
        self._log = log
        self._last: deque[str] = deque(maxlen=_LAST_LINES)
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The process id, or None where nothing runs."""
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Start the program in a process group of its own, so that Ctrl-C reaches us alone."""
        self._process = await asyncio.create_subprocess_exec(
            *self.program.command,
            cwd=self._folder,
            env={**os.environ, **self.program.environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
            limit=_MAX_LINE_BYTES,
        )
        self._reader = asyncio.create_task(self._keep_output(self._process))

    async def wait_healthy(self, timeout: float) -> None:
        """Wait until the health address answers.

        Args:
            timeout: Seconds to wait at most.

        Raises:
            ProcessEndedError: The program ended, or did not answer in time.
        """
        ended = asyncio.create_task(self.wait_end())
        try:
            answered = asyncio.create_task(_answers(self.program.health_url))
            done, _ = await asyncio.wait(
                {ended, answered}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED
            )
            answered.cancel()
            if ended in done:
                raise ProcessEndedError(ended.result())
            if not done:
                raise ProcessEndedError(
                    f"The {self.program.name} did not answer within {timeout:.0f} seconds. "
                    f"{self._last_words()}"
                )
        finally:
            ended.cancel()

    async def wait_end(self) -> str:
        """Wait until the program ends and return a sentence on how it did."""
        process, reader = self._running()
        code = await process.wait()
        with contextlib.suppress(asyncio.TimeoutError):  # a grandchild may hold the pipe open
            await asyncio.wait_for(asyncio.shield(reader), timeout=1.0)
        how = f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"
        return f"The {self.program.name} (process {process.pid}) {how}. {self._last_words()}"

    async def stop(self) -> None:
        """End the program: asked first, then made to."""
        if self._process is None or self._process.returncode is not None:
            return
        self._signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self._process.wait(), STOP_SECONDS)
        except asyncio.TimeoutError:
            self._signal(signal.SIGKILL)
            await self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        """Send a signal to the program and to what it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._running()[0].pid, number)

    def _running(self) -> tuple[asyncio.subprocess.Process, asyncio.Task[None]]:
        if self._process is None or self._reader is None:
            raise RuntimeError(f"The {self.program.name} was not started.")
        return self._process, self._reader

    def _last_words(self) -> str:
        return f"Its log is {self._log}; its last lines:\n" + "\n".join(self._last)

    async def _keep_output(self, process: asyncio.subprocess.Process) -> None:
        """Append the output to the log, line by line, until the pipe closes."""
        assert process.stdout is not None
        with self._log.open("a", encoding="utf-8") as log:
            while raw := await _read_line(process.stdout):
                line = self.program.on_line(raw.decode("utf-8", "replace").rstrip("\n"))
                if line is None:
                    continue
                self._last.append(line)
                log.write(line + "\n")
                log.flush()


async def _read_line(stream: asyncio.StreamReader) -> bytes:
    """Read one line; one longer than the limit comes in pieces instead of ending the reader."""
    try:
        return await stream.readuntil(b"\n")
    except asyncio.IncompleteReadError as end:
        return end.partial
    except asyncio.LimitOverrunError as overrun:
        return await stream.read(overrun.consumed)


async def _answers(url: str) -> None:
    """Return once the address answers 200."""
    timeout = aiohttp.ClientTimeout(total=2.0)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        while True:
            with contextlib.suppress(aiohttp.ClientError, asyncio.TimeoutError):
                async with session.get(url) as response:
                    if response.status == 200:
                        return
            await asyncio.sleep(_HEALTH_POLL_SECONDS)


def _end_with_parent() -> None:
    """Ask Linux to end this child when the supervisor dies, even by kill -9."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
