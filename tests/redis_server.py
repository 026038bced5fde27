"""A real Redis server for tests: in a temporary folder, on the loopback, ended by its pid."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from tests.ports import free_ports

START_SECONDS = 30.0
STOP_SECONDS = 20.0


class MissingRedisError(RuntimeError):
    """There is no Redis on this machine; the message says what to install."""


class RedisServer:
    """A server that keeps nothing on disk."""

    def __init__(self) -> None:
        program = shutil.which("redis-server")
        if program is None:
            raise MissingRedisError(
                "These tests need Redis. Install it with `apt-get install redis-server`, or leave "
                "such tests out with `-m 'not services'`."
            )
        self._program = program
        self.port = free_ports(1)[0]
        self._folder = Path(tempfile.mkdtemp(prefix="attune-redis-"))
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Serve, with nothing in it."""
        options = {"--port": str(self.port), "--bind": "127.0.0.1", "--save": "", "--dir": "."}
        command = [self._program, *(part for option in options.items() for part in option)]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self._folder)
        deadline = time.monotonic() + START_SECONDS
        while not self._serves():
            assert self._process.poll() is None and time.monotonic() < deadline, (
                self._folder / "log"
            ).read_text()
            time.sleep(0.02)

    def stop(self) -> None:
        """End the server."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(STOP_SECONDS)
            self._process = None

    def remove(self) -> None:
        """Leave nothing behind."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _serves(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as line:
                line.sendall(b"PING\r\n")
                return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False
