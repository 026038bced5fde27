"""`rasa run` with several forked workers, and clients that know which one they are at."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import websockets

from tests.ports import free_ports
from tests.project import ROOT
from tests.rasa_project.channels.webchat.serving import SECRET

_CHANNEL: Final = "rasa_project.channels.webchat.WebChatInput"
_START_SECONDS: Final = 180.0
_STOP_SECONDS: Final = 30.0
_HEARD_SECONDS: Final = 60.0


class RasaRun:
    """A server started by the command, in a folder of its own.

    Args:
        model: The model's file.
        folder: Has the messages, the conversations and the log.
        redis_port: Of the Redis that the workers share.
        workers: How many to ask for.
    """

    def __init__(self, model: str, folder: Path, redis_port: int, workers: int) -> None:
        self.port = free_ports(1)[0]
        self.url = f"http://127.0.0.1:{self.port}"
        self.store = f"sqlite:///{folder / 'webchat.db'}"
        self.log = folder / "log"
        redis = f"redis://127.0.0.1:{redis_port}/0"
        channel = {_CHANNEL: {"secret": SECRET, "store": self.store, "redis": redis}}
        endpoints = {
            "lock_store": {"type": "redis", "url": "127.0.0.1", "port": redis_port},
            "tracker_store": {
                "type": "SQL", "dialect": "sqlite", "db": str(folder / "tracker.db"),
            },
        }  # fmt: skip
        for name, content in (("credentials.yml", channel), ("endpoints.yml", endpoints)):
            (folder / name).write_text(json.dumps(content), encoding="utf-8")  # JSON is YAML
        command = [
            sys.executable, "-m", "rasa", "run", "--model", model, "--enable-api",
            "--interface", "127.0.0.1", "--port", str(self.port),
        ]  # fmt: skip
        environment = {
            "SANIC_WORKERS": str(workers), "PYTHONPATH": str(ROOT), "ATTUNE_HOME": str(folder),
        }  # fmt: skip
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=folder, env={**os.environ, **environment}, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def wait(self) -> None:
        """Wait until it serves."""
        deadline = time.monotonic() + _START_SECONDS
        while True:
            assert self.process.poll() is None and time.monotonic() < deadline, self.told()
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.url}/status"):
                return
            time.sleep(0.1)

    def told(self) -> str:
        """Return what it printed."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def stop(self) -> None:
        """End it with its workers."""
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(_STOP_SECONDS)
        with contextlib.suppress(ProcessLookupError):  # the group is its own
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def worker_of(self, client_port: int) -> int:
        """Return the process that has a connection, by the client's end of it."""
        ends = f":{self.port:04X}", f":{client_port:04X}"
        lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
        (inode,) = (
            fields[9]
            for fields in map(str.split, lines)
            if fields[1].endswith(ends[0]) and fields[2].endswith(ends[1])
        )
        (found,) = (pid for pid in self._processes() if f"socket:[{inode}]" in _opened_by(pid))
        return found

    def _processes(self) -> Iterator[int]:
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if os.getpgid(int(folder.name)) == self.process.pid:
                    yield int(folder.name)


def _opened_by(pid: int) -> set[str]:
    opened = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            opened.add(str(link.readlink()))
    return opened


class WebSocketClient:
    """A client that speaks Socket.IO over a WebSocket, as browsers do where workers share Redis."""

    def __init__(self) -> None:
        self.events: list[tuple[str, Any]] = []
        self.port = 0
        self._line: Any = None
        self._reader: asyncio.Task[None] | None = None
        self._numbers = itertools.count()
        self._answers: dict[int, asyncio.Future[Any]] = {}

    async def connect(self, url: str) -> None:
        """Connect, to whichever worker takes it."""
        address = f"{url.replace('http', 'ws', 1)}/socket.io/?EIO=4&transport=websocket"
        self._line = await websockets.connect(address)  # type: ignore[attr-defined]
        self.port = self._line.local_address[1]
        assert (await self._line.recv()).startswith("0")  # Engine.IO: open
        await self._line.send("40")  # Socket.IO: connect
        assert (await self._line.recv()).startswith("40")
        self._reader = asyncio.create_task(self._read())

    async def call(self, event: str, data: Any) -> Any:
        """Emit an event; return the acknowledgement."""
        number = next(self._numbers)
        self._answers[number] = asyncio.get_running_loop().create_future()
        await self._line.send(f"42{number}{json.dumps([event, data])}")
        return await asyncio.wait_for(self._answers[number], _HEARD_SECONDS)

    async def heard(self, event: str, count: int) -> list[Any]:
        """Wait for so many events of one name; return what all of them said."""
        deadline = time.monotonic() + _HEARD_SECONDS
        while True:
            told = [data for name, data in self.events if name == event]
            if len(told) >= count:
                return told
            assert time.monotonic() < deadline, self.events
            await asyncio.sleep(0.02)

    async def leave(self) -> None:
        """Close the connection."""
        if self._reader is not None:
            self._reader.cancel()
        if self._line is not None:
            await self._line.close()

    async def _read(self) -> None:
        async for frame in self._line:
            if frame == "2":  # Engine.IO: ping
                await self._line.send("3")
            elif frame.startswith("43"):
                digits = "".join(itertools.takewhile(str.isdigit, frame[2:]))
                answer = json.loads(frame[2 + len(digits) :])
                self._answers[int(digits)].set_result(answer[0] if answer else None)
            elif frame.startswith("42"):
                name, *data = json.loads(frame[2:])
                self.events.append((name, data[0] if data else None))
