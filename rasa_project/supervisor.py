"""Starts Rasa server, action server and desk, keeps them running, and stops them together."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from collections import deque
from pathlib import Path

from rasa_project import programs
from rasa_project.endpoints import Endpoints
from rasa_project.process import ManagedProcess, ProcessEndedError, Program
from rasa_project.settings import Secrets, Settings

START_SECONDS = 180.0  # Rasa imports TensorFlow and loads the model; a cold disk is slow
MAXIMUM_RESTARTS = 3  # within the window below: more than that is a fault, not an accident
RESTART_WINDOW_SECONDS = 120.0
_KEPT_LOG_BYTES = 10 * 2**20
_PASSWORD_MARK = "ONE_TIME_PASSWORD "


class Supervisor:
    """The three processes of an Attune installation.

    Args:
        settings: Folders and ports.
        secrets: What the processes share.
        endpoints: What `endpoints.yml` says.
    """

    def __init__(self, settings: Settings, secrets: Secrets, endpoints: Endpoints) -> None:
        self._settings = settings
        self._one_time_password: str | None = None
        self._told = False
        self._processes = [
            ManagedProcess(program, settings.project, _fresh_log(settings.logs, program))
            for program in programs.of(settings, secrets, endpoints, self._hear_password)
        ]

    async def run(self) -> int:
        """Run until Ctrl-C, SIGTERM, or a process that cannot be kept up.

        Returns:
            The exit status: 0 when asked to stop, 1 when a process failed for good.
        """
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        work = asyncio.create_task(self._start_and_watch())
        asked = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({work, asked}, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                _say(f"\n{work.exception()}", error=True)
                return 1
            _say("\nStopping …")
            return 0
        finally:
            work.cancel()
            asked.cancel()
            await asyncio.gather(*(process.stop() for process in self._processes))
            _say("Everything is stopped. Conversations and tickets are kept in .attune/.")

    async def _start_and_watch(self) -> None:
        """Start all, tell the addresses, then restart what ends; raises when that is in vain."""
        await asyncio.gather(*(self._start(process) for process in self._processes))
        self._tell_addresses()
        await asyncio.gather(*(self._watch(process) for process in self._processes))

    async def _start(self, process: ManagedProcess) -> None:
        began = time.monotonic()
        await process.start()
        await process.wait_healthy(START_SECONDS)
        _say(f"  {process.program.name:<14} ready after {time.monotonic() - began:.0f} s")

    async def _watch(self, process: ManagedProcess) -> None:
        """Restart a process whenever it ends, unless it keeps ending."""
        restarts: deque[float] = deque(maxlen=MAXIMUM_RESTARTS)
        while True:
            how = await process.wait_end()
            now = time.monotonic()
            full = len(restarts) == MAXIMUM_RESTARTS
            if full and now - restarts[0] < RESTART_WINDOW_SECONDS:
                raise ProcessEndedError(
                    f"{how}\nIt ended {MAXIMUM_RESTARTS + 1} times within "
                    f"{RESTART_WINDOW_SECONDS:.0f} seconds, so everything stops."
                )
            restarts.append(now)
            _say(f"\n{how}\nStarting it again …", error=True)
            await self._start(process)

    def _hear_password(self, line: str) -> str | None:
        """Take the one-time password out of the desk's output: it is told, never logged."""
        if not line.startswith(_PASSWORD_MARK):
            return line
        self._one_time_password = line.split()[-1]
        if self._told:
            _say(f"The desk has a new one-time password for agent: {self._one_time_password}")
        return None

    def _tell_addresses(self) -> None:
        self._told = True
        sign_in = "sign in with your own password"
        if self._one_time_password:
            sign_in = f"sign in as agent, one-time password {self._one_time_password}"
        _say(
            f"\n  Shop with chat   {self._settings.shop_url}"
            f"\n  Agent desk       {self._settings.desk_url}   ({sign_in})"
            f"\n\n  Rasa's HTTP API  {self._settings.rasa_url} (its token stands in "
            f"{self._settings.home / 'secrets.json'})"
            f"\n  Logs             {self._settings.logs}"
            "\n\nCtrl-C stops everything."
        )


def _fresh_log(folder: Path, program: Program) -> Path:
    """Return the program's log file; a grown one is put aside, replacing the one before it."""
    log = folder / f"{program.name.replace(' ', '-').lower()}.log"
    if log.exists() and log.stat().st_size > _KEPT_LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
    return log


def _say(text: str, error: bool = False) -> None:
    print(text, file=sys.stderr if error else sys.stdout, flush=True)
