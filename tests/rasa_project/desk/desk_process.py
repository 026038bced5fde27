"""The desk as a process of its own, and somebody who speaks to its API."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
import uuid
from pathlib import Path
from typing import Any, Protocol

import aiohttp

from tests.ports import free_ports
from tests.rasa_project.desk.rasa_like import TOKEN
from tests.rasa_project.desk.warm_process import WarmProcess

START_SECONDS = 300.0  # of patience with a busy machine
_PASSWORD = re.compile(r"^ONE_TIME_PASSWORD (?P<name>\S+) (?P<password>\S+)$", re.MULTILINE)
HEADERS = {"X-Attune-Desk": "1"}


class RasaServer(Protocol):
    """A server whose conversations the desk receives, and where it reads them."""

    @property
    def url(self) -> str: ...
    @property
    def tracker_db(self) -> str: ...


class DeskProcess:
    """`python -m rasa_project.desk` on a free port, with its modules loaded beforehand.

    Args:
        rasa: The server whose conversations it receives.
        folder: Where its database goes.
    """

    def __init__(self, rasa: RasaServer, folder: Path) -> None:
        self.folder = folder
        self.port = free_ports(1)[0]
        self.environment = {
            **os.environ,
            "ATTUNE_RASA_URL": rasa.url,
            "ATTUNE_RASA_TOKEN": TOKEN,
            "ATTUNE_TRACKER_DB": rasa.tracker_db,
            "ATTUNE_DESK_DB": f"sqlite:///{folder / 'desk.db'}",
            "ATTUNE_DESK_PORT": str(self.port),
            "ATTUNE_DESK_CONFIG": str(folder / "desk.yml"),
        }
        self.configure("tell_place: false")  # what waiting customers hear is tested by itself
        self._process: WarmProcess | None = None

    def configure(self, content: str) -> None:
        """Write the desk's file, which it reads at its next start."""
        (self.folder / "desk.yml").write_text(content, encoding="utf-8")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def output(self) -> str:
        return (self.folder / "output").read_text(encoding="utf-8")

    async def start(self) -> None:
        log = self.folder / "output"
        self._process = WarmProcess("rasa_project.desk.__main__", (), self.environment, log)
        await asyncio.wait_for(self._healthy(), START_SECONDS)

    async def end(self, number: int = signal.SIGTERM) -> int:
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(number)
        return await self._process.wait()

    def one_time_password(self) -> str:
        return str(_PASSWORD.findall(self.output)[-1][1])

    async def run(self, *words: str, **environment: str) -> tuple[int, str]:
        """Run `python -m rasa_project.desk` to its end; return exit status and output."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "rasa_project.desk", *words,
            env={**self.environment, **environment},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        output, _ = await asyncio.wait_for(process.communicate(), START_SECONDS)
        assert process.returncode is not None
        return process.returncode, output.decode()

    async def user(self, *words: str, **environment: str) -> tuple[int, str]:
        """Run `attune desk user` to its end; return exit status and output."""
        log = self.folder / f"user-{uuid.uuid4().hex}"
        given = {**self.environment, **environment}
        process = WarmProcess("rasa_project.attune", ("desk", "user", *words), given, log)
        return await process.wait(), log.read_text(encoding="utf-8")

    async def add_agent(self, name: str, role: str = "agent") -> str:
        status, output = await self.user("add", name, "--role", role)
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

    @property
    def token(self) -> str:
        """What the cookie of the session holds."""
        return next(one.value for one in self.http.cookie_jar if one.key == "attune_desk")

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
