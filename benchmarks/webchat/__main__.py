"""How many customers a server serves, beside Rasa's own channel: `python -m benchmarks.webchat`.

Both channels serve the same model, each in a process of its own with a SQLite tracker store, to
the same plain socket.io clients over WebSockets; they take turns, so that both have the machine as
it is. Memory is that of the server's process with all sessions open, less that with one.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from benchmarks import machine
from benchmarks.webchat.bot import train
from benchmarks.webchat.server import CHANNELS

WEB: Final = Path(__file__).parents[2] / "rasa_project" / "web"
START_SECONDS: Final = 300.0
_SATURATING: Final = 20  # who write as soon as they are answered


def main() -> None:
    """Measure both, and print the table or one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.webchat", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object, nothing else")
    parser.add_argument("--sessions", type=int, default=1_000, help="open at the same time")
    parser.add_argument("--rate", type=float, default=5.0, help="messages a second, of all")
    parser.add_argument("--seconds", type=float, default=60.0, help="of each measurement")
    given = parser.parse_args()
    load = machine.warn_if_busy()
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(sys.stderr):
        model = train(Path(folder))
        program = _build(Path(folder))
        found = {name: _measure(name, model, program, given) for name in CHANNELS}
    result = {
        "sessions": given.sessions,
        "rate": given.rate,
        "channels": found,
        "machine": machine.describe(),
        "load": load,
        "versions": machine.versions(["rasa", "python-socketio", "sanic"]),
    }
    print(json.dumps(result) if given.json else _table(result))


def _measure(name: str, model: str, program: Path, given: argparse.Namespace) -> dict[str, Any]:
    print(f"measuring {name}", file=sys.stderr)
    with (
        tempfile.TemporaryDirectory() as folder,
        _server(model, name, Path(folder)) as (pid, url),
        _customers(program) as customers,
    ):
        customers.ask(do="connect", server=url, sessions=1)
        customers.ask(do="pace", rate=5, seconds=5)  # warms up
        before = _kilobytes(pid)
        customers.ask(do="connect", server=url, sessions=given.sessions)
        memory = (_kilobytes(pid) - before) / max(1, given.sessions - 1)
        spans = customers.ask(do="pace", rate=given.rate, seconds=given.seconds)
        fast = customers.ask(do="saturate", sessions=_SATURATING, seconds=given.seconds)
        customers.ask(do="leave")
    hundredths = statistics.quantiles(spans, n=100)
    return {
        "p50_ms": round(hundredths[49], 1),
        "p99_ms": round(hundredths[98], 1),
        "messages_a_second": round(len(fast) / given.seconds, 1),
        "memory_a_session_kb": round(memory, 1),
        "messages": len(spans) + len(fast),
    }


class _Customers:
    """The program that plays the customers, asked line by line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, **command: Any) -> Any:
        """Have something done; returns what it says of it."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            sys.exit("The program that plays the customers has ended; see above.")
        return json.loads(answer)


@contextlib.contextmanager
def _customers(program: Path) -> Iterator[_Customers]:
    process = subprocess.Popen(
        ["node", str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield _Customers(process)
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def _server(model: str, name: str, folder: Path) -> Iterator[tuple[int, str]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "benchmarks.webchat.server", model, name, str(port)]
    paths = os.pathsep.join([str(WEB.parents[1]), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": paths, "ATTUNE_HOME": str(folder)}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        _wait(process, port, folder / "log")
        yield process.pid, f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        if process.poll() is not None:
            sys.exit(f"The server ended:\n{log.read_text()[-3000:]}")
        time.sleep(0.2)
    sys.exit("The server did not start in time.")


def _kilobytes(pid: int) -> int:
    """Return the memory of a process that is its own or shared, as Linux counts it."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise RuntimeError(f"Process {pid} has no memory.")


def _build(folder: Path) -> Path:
    program = folder / "load.mjs"
    command = ["node_modules/.bin/rolldown", "network-test/load.ts", "--file", str(program)]
    command += ["--format", "esm", "--platform", "node"]
    subprocess.run(command, cwd=WEB, check=True, stdout=sys.stderr)
    return program


def _table(result: dict[str, Any]) -> str:
    lines = [
        f"{result['sessions']} sessions, {result['rate']:g} messages a second; {result['machine']}"
    ]
    lines.append("channel    p50 ms   p99 ms   most messages/s   kB/session")
    for name, one in result["channels"].items():
        lines.append(
            f"{name:9}{one['p50_ms']:8}{one['p99_ms']:9}{one['messages_a_second']:18}"
            f"{one['memory_a_session_kb']:13}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
