"""The three real processes of an installation, killed and started again."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

from rasa_project import endpoints, programs
from rasa_project.process import ManagedProcess
from rasa_project.settings import Settings, load_secrets
from tests.ports import free_ports

START_SECONDS = 900.0  # on a machine that does much else; half a minute on two free cores
_PASSWORD = "ONE_TIME_PASSWORD "


class Installation:
    """Rasa server, action server and desk on free ports, without a supervisor.

    The supervisor gives up on a process that ends again and again, which is what happens here.

    Args:
        project: Folder with a trained model.
    """

    def __init__(self, project: Path) -> None:
        self.settings = Settings(project, *free_ports(3))
        self.settings.logs.mkdir(parents=True, exist_ok=True)
        self.secrets = load_secrets(self.settings.home)
        found = endpoints.prepare(self.settings)
        self.tracker_db = found.tracker_db
        self.one_time_password = ""
        self._processes = {
            program.name: ManagedProcess(
                program, project, self.settings.logs / f"{program.name.replace(' ', '-')}.log"
            )
            for program in programs.of(self.settings, self.secrets, found, self._hear)
        }

    @property
    def desk_db(self) -> str:
        """SQLAlchemy URL of the desk's database."""
        return str(self._processes[programs.DESK].program.environment["ATTUNE_DESK_DB"])

    @property
    def rasa_url(self) -> str:
        """Address of the Rasa server, by number: a name costs a failed attempt over IPv6."""
        return f"http://127.0.0.1:{self.settings.rasa_port}"

    @property
    def desk_url(self) -> str:
        """Address of the desk."""
        return f"http://127.0.0.1:{self.settings.desk_port}"

    async def start(self) -> None:
        """Start all three and wait until they serve."""
        for name in self._processes:
            await self.begin(name)
        await asyncio.gather(*(self.ready(name) for name in self._processes))

    async def begin(self, name: str) -> None:
        """Start a process without waiting for it."""
        await self._processes[name].start()

    async def ready(self, name: str) -> None:
        """Wait until a process serves."""
        await self._processes[name].wait_healthy(START_SECONDS)

    async def kill(self, name: str) -> None:
        """Kill a process hard, with whatever it started."""
        process = self._processes[name]
        assert process.pid is not None
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait_end()

    async def stop(self, *names: str) -> None:
        """End processes as an operator does; all of them unless some are named."""
        await asyncio.gather(*(self._processes[name].stop() for name in names or self._processes))

    def _hear(self, line: str) -> str | None:
        if not line.startswith(_PASSWORD):
            return line
        self.one_time_password = line.split()[-1]
        return None
