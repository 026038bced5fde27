from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from rasa_project.process import ManagedProcess, ProcessEndedError, Program
from tests.ports import free_ports

pytestmark = pytest.mark.services

SERVER = """
import http.server, sys
class Healthy(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
print("PASSWORD xyz"); print("serving"); sys.stdout.flush()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Healthy).serve_forever()
"""
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + SERVER


def program(code: str, port: int) -> Program:
    return Program(
        "test server",
        [sys.executable, "-c", code, str(port)],
        f"http://127.0.0.1:{port}/",
        on_line=lambda line: None if line.startswith("PASSWORD") else line,
    )


async def running(code: str, folder: Path) -> ManagedProcess:
    process = ManagedProcess(program(code, free_ports(1)[0]), folder, folder / "log")
    await process.start()
    await process.wait_healthy(20)
    return process


async def test_a_healthy_program_serves_and_stops_when_asked(tmp_path: Path) -> None:
    process = await running(SERVER, tmp_path)
    await process.stop()
    assert "was ended by signal 15" in await process.wait_end()


async def test_a_line_that_must_not_be_kept_is_not_in_the_log(tmp_path: Path) -> None:
    process = await running(SERVER, tmp_path)
    await process.stop()
    await process.wait_end()
    assert "serving" in (tmp_path / "log").read_text()
    assert "PASSWORD" not in (tmp_path / "log").read_text()


async def test_a_program_that_dies_is_told_with_its_last_words(tmp_path: Path) -> None:
    process = ManagedProcess(program("raise SystemExit('no luck')", 1), tmp_path, tmp_path / "log")
    await process.start()
    with pytest.raises(ProcessEndedError, match=r"(?s)test server .*exit code 1.*no luck"):
        await process.wait_healthy(20)


async def test_a_program_that_never_answers_is_told(tmp_path: Path) -> None:
    process = ManagedProcess(
        program("import time; time.sleep(60)", free_ports(1)[0]), tmp_path, tmp_path / "log"
    )
    await process.start()
    with pytest.raises(ProcessEndedError, match="did not answer within 1 seconds"):
        await process.wait_healthy(1)
    await process.stop()


async def test_a_program_killed_hard_is_told_by_its_signal(tmp_path: Path) -> None:
    process = await running(SERVER, tmp_path)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    assert "was ended by signal 9" in await process.wait_end()


async def test_a_program_that_ignores_the_request_is_made_to_stop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rasa_project.process.STOP_SECONDS", 0.5)
    process = await running(STUBBORN, tmp_path)
    await process.stop()
    assert "was ended by signal 9" in await process.wait_end()


async def test_a_very_long_line_does_not_end_the_log(tmp_path: Path) -> None:
    code = "print('x' * 3_000_000); print('after')"
    process = ManagedProcess(program(code, 1), tmp_path, tmp_path / "log")
    await process.start()
    await process.wait_end()
    await asyncio.sleep(0)
    assert (tmp_path / "log").read_text().splitlines()[-1] == "after"
