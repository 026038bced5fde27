"""A real RabbitMQ server for tests: in a temporary folder, on the loopback, ended by its pid."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from tests.ports import free_ports

START_SECONDS = 120.0
STOP_SECONDS = 60.0
# Debian's program of the same name on the path changes the user; this one runs as whoever we are.
_PROGRAM = "/usr/lib/rabbitmq/bin/rabbitmq-server"


class MissingBrokerError(RuntimeError):
    """There is no RabbitMQ on this machine; the message says what to install."""


class RabbitmqServer:
    """A broker with a node name, a data folder and a name server of its own."""

    def __init__(self) -> None:
        if not Path(_PROGRAM).exists() or shutil.which("epmd") is None:
            raise MissingBrokerError(
                "These tests need RabbitMQ. Install it with `apt-get install rabbitmq-server`, "
                "or leave such tests out with `-m 'not services'`."
            )
        self.port, distribution, names = free_ports(3)
        self._names = str(names)
        self._folder = Path(tempfile.mkdtemp(prefix="attune-rabbitmq-"))
        for name in ("enabled_plugins", "rabbitmq.conf"):
            (self._folder / name).write_text("[].\n" if name == "enabled_plugins" else "")
        self._environment = {
            **os.environ,
            "HOME": str(self._folder),
            "ERL_EPMD_PORT": self._names,
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"attune{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(distribution),
            "RABBITMQ_MNESIA_BASE": str(self._folder / "data"),
            "RABBITMQ_LOG_BASE": str(self._folder / "log"),
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_CONFIG_FILE": str(self._folder / "rabbitmq"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._folder / "enabled_plugins"),
        }
        self._processes: list[subprocess.Popen[bytes]] = []

    @property
    def url(self) -> str:
        """Its address, with the user that may come from this machine alone."""
        return f"amqp://guest:guest@127.0.0.1:{self.port}/"

    def start(self) -> None:
        """Serve; what was stored before is there again."""
        epmd = ["epmd", "-port", self._names, "-address", "127.0.0.1"]
        for command in (epmd, [_PROGRAM]):
            with (self._folder / "output").open("ab") as output:
                process = subprocess.Popen(
                    command, env=self._environment, cwd=self._folder, stdout=output,
                    stderr=output, stdin=subprocess.DEVNULL, start_new_session=True,
                )  # fmt: skip
            self._processes.append(process)
        self._wait()

    def kill(self) -> None:
        """Kill broker and name server hard, each with what it started."""
        self._end(signal.SIGKILL)

    def remove(self) -> None:
        """Leave nothing behind."""
        self._end(signal.SIGTERM)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _end(self, number: int) -> None:
        for process in reversed(self._processes):
            try:
                os.killpg(process.pid, number)
                process.wait(STOP_SECONDS)
            except ProcessLookupError:
                pass
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(STOP_SECONDS)
        self._processes.clear()

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._processes[-1].poll() is not None or time.monotonic() > deadline:
                raise AssertionError((self._folder / "output").read_text())
            time.sleep(0.2)

    def _answers(self) -> bool:
        """Say whether it speaks AMQP; the port is open a moment earlier."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), 2) as connection:
                connection.sendall(b"AMQP\x00\x00\x09\x01")
                return connection.recv(1) != b""
        except OSError:
            return False
