"""The desk as a process of its own, and somebody who speaks to its API."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from pathlib import Path
from typing import Any

import aiohttp

from tests.ports import free_ports
from tests.rasa_project.desk.rasa_like import TOKEN, RasaLike

START_SECONDS = 30.0
_PASSWORD = re.compile(r"^ONE_TIME_PASSWORD (?P<name>\S+) (?P<password>\S+)$", re.MULTILINE)
HEADERS = {"X-Attune-Desk": "1"}


class DeskProcess:
    """`python -m rasa_project.desk` on a free port.

    Args:
        rasa: The server whose conversations it receives.
        folder: Where its database goes.
    """

    def __init__(self, rasa: RasaLike, folder: Path) -> None:
        self.folder = folder
        self.port = free_ports(1)[0]
        self.environment = {
            **os.environ,
            "ATTUNE_RASA_URL": rasa.url,
            "ATTUNE_RASA_TOKEN": TOKEN,
            "ATTUNE_TRACKER_DB": rasa.tracker_db,
            "ATTUNE_DESK_DB": f"sqlite:///{folder / 'desk.db'}",
            "ATTUNE_DESK_PORT": str(self.port),
        }
        self._process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def output(self) -> str:
        return (self.folder / "output").read_text(encoding="utf-8")

    async def start(self) -> None:
        with (self.folder / "output").open("a") as output:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "rasa_project.desk",
                env=self.environment, stdout=output, stderr=output,
            )  # fmt: skip
        await asyncio.wait_for(self._healthy(), START_SECONDS)

    async def end(self, number: int = signal.SIGTERM) -> int:
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(number)
        return await self._process.wait()

    def one_time_password(self) -> str:
        return str(_PASSWORD.findall(self.output)[-1][1])

    async def run(self, *arguments: str, **environment: str) -> tuple[int, str]:
        """Run the desk's command line to its end; return exit status and output."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "rasa_project.desk", *arguments,
            env={**self.environment, **environment},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        output, _ = await asyncio.wait_for(process.communicate(), START_SECONDS)
        assert process.returncode is not None
        return process.returncode, output.decode()

    async def add_agent(self, name: str) -> str:
        status, output = await self.run("add-agent", name)
        assert status == 0, output
        return str(_PASSWORD.findall(output)[-1][1])

    async def _healthy(self) -> None:
        async with aiohttp.ClientSession() as http:
            while True:
                assert self._process is not None
                assert self._process.returncode is None, self.output
                try:
                    async with http.get(f"{self.url}/health") as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientError:
                    await asyncio.sleep(0.05)


class Person:
    """An agent's browser, as far as the API is concerned."""

    def __init__(self, desk: DeskProcess) -> None:
        self.desk = desk
        # The cookie comes back to an address without a name too.
        self.http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))

    async def close(self) -> None:
        await self.http.close()

    async def get(self, path: str) -> tuple[int, Any]:
        async with self.http.get(f"{self.desk.url}/api/{path}") as answer:
            return answer.status, await answer.json()

    async def post(
        self, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        headers = HEADERS if headers is None else headers
        url = f"{self.desk.url}/api/{path}"
        async with self.http.post(url, json=body or {}, headers=headers) as answer:
            return answer.status, await answer.json()

    async def enter(self, name: str, one_time: str, display_name: str, password: str) -> None:
        """Sign in for the first time."""
        status, body = await self.post("sign-in", {"name": name, "password": one_time})
        assert status == 200, body
        chosen = {"password": password, "display_name": display_name}
        status, body = await self.post("password", chosen)
        assert status == 200, body

    async def tickets(self) -> list[dict[str, Any]]:
        status, body = await self.get("tickets")
        assert status == 200, body
        found: list[dict[str, Any]] = body["tickets"]
        return found

    async def wait_for_tickets(self, count: int) -> list[dict[str, Any]]:
        """Wait until so many tickets are open."""
        for _ in range(600):
            found = await self.tickets()
            if len(found) == count:
                return found
            await asyncio.sleep(0.05)
        raise AssertionError(f"{count} tickets did not come. {self.desk.output}")
