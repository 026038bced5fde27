"""The whole of Attune as `python -m rasa_project` runs it, on free ports, for a test to talk to."""

from __future__ import annotations

import json
import os
import queue
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

from tests.ports import free_ports

START_SECONDS = 240
STOP_SECONDS = 60
STORE_SECONDS = 60
_ADDRESSES = re.compile(r"Ctrl-C stops everything")
_PASSWORD = re.compile(r"one-time password (?P<password>\S+?)\)?$", re.MULTILINE)
_ADDED = re.compile(r"^ONE_TIME_PASSWORD \S+ (\S+)$", re.MULTILINE)


class Service:
    """A running supervisor with its three processes.

    Args:
        project: Folder with a trained model.
    """

    def __init__(self, project: Path) -> None:
        self.project = project
        self.rasa_port, self.actions_port, self.desk_port = free_ports(3)
        self._lines: queue.Queue[str] = queue.Queue()
        self.output = ""
        self._process: subprocess.Popen[str] | None = None

    @property
    def rasa_url(self) -> str:
        """Address of the Rasa server."""
        return f"http://localhost:{self.rasa_port}"

    @property
    def shop_url(self) -> str:
        """Address of the shop page."""
        return f"{self.rasa_url}/webhooks/webchat/shop"

    @property
    def desk_url(self) -> str:
        """Address of the desk."""
        return f"http://localhost:{self.desk_port}"

    @property
    def token(self) -> str:
        """The token of Rasa's HTTP API."""
        kept = json.loads((self.project / ".attune" / "secrets.json").read_text(encoding="utf-8"))
        return str(kept["rasa_token"])

    def start(self) -> None:
        """Start everything and wait until the addresses are told."""
        command = [sys.executable, "-m", "rasa_project", "--project", str(self.project)]
        command += ["--port", str(self.rasa_port), "--actions-port", str(self.actions_port)]
        command += ["--desk-port", str(self.desk_port)]
        self._process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        threading.Thread(target=self._listen, args=(self._process,), daemon=True).start()
        self.wait_output(_ADDRESSES)

    def stop(self) -> int:
        """Press Ctrl-C and return the exit status."""
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        return self._process.wait(STOP_SECONDS)

    def kill(self) -> None:
        """Kill the supervisor hard; on Linux its processes go with it."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(STOP_SECONDS)

    def one_time_password(self) -> str:
        """Return the one-time password that was printed last."""
        return str(_PASSWORD.findall(self.output)[-1])

    def add_agent(self, name: str, role: str) -> str:
        """Let somebody in to the desk; return their one-time password."""
        command = [sys.executable, "-m", "rasa_project.attune", "desk", "user", "add", name]
        command += ["--role", role, "--project", str(self.project)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return str(_ADDED.findall(done.stdout)[-1])

    def wait_output(self, pattern: re.Pattern[str], seconds: float = START_SECONDS) -> str:
        """Wait until a new line of the output matches, and return that line."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            try:
                line = self._lines.get(timeout=left)
            except queue.Empty:
                break
            self.output += line
            if pattern.search(line):
                return line
            assert self._process is not None
        raise AssertionError(f"{pattern.pattern!r} did not come. Output so far:\n{self.output}")

    def pid_of(self, part: str) -> int:
        """Return the process id of a part by what its command line holds."""
        assert self._process is not None
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text()
        for pid in map(int, children.split()):
            if part in Path(f"/proc/{pid}/cmdline").read_bytes().decode().replace("\0", " "):
                return pid
        raise AssertionError(f"no child of the supervisor runs {part}")

    def kill_part(self, part: str) -> None:
        """Kill one process hard and wait until the supervisor has it running again."""
        os.kill(self.pid_of(part), signal.SIGKILL)
        self.wait_output(re.compile("ready after"))

    def tracker(self, conversation: str) -> dict[str, Any]:
        """Return a conversation's tracker with all its events."""
        query = f"token={self.token}&include_events=ALL"
        url = f"{self.rasa_url}/conversations/{conversation}/tracker?{query}"
        return dict(_json(urllib.request.Request(url)))

    def parse(self, text: str) -> dict[str, Any]:
        """Return what Rasa's NLU makes of a text outside any conversation."""
        url = f"{self.rasa_url}/model/parse?token={self.token}"
        body = json.dumps({"text": text}).encode()
        return dict(_json(urllib.request.Request(url, data=body)))

    def conversations(self) -> list[str]:
        """Return the ids of all conversations, in the order in which they began."""
        with sqlite3.connect(self.project / ".attune" / "tracker.db") as database:
            rows = database.execute(
                "SELECT sender_id FROM events GROUP BY sender_id ORDER BY MIN(id)"
            )
            return [row[0] for row in rows]

    def slot_becomes(self, name: str, value: Any) -> bool:
        """Say whether a slot of the conversation that began last gets a value before long.

        A customer reads an answer a moment before Rasa has stored the turn.
        """
        end = time.monotonic() + STORE_SECONDS
        while time.monotonic() < end:
            if self.tracker(self.conversations()[-1])["slots"][name] == value:
                return True
            time.sleep(0.2)
        return False

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self._lines.put(line)


def _json(request: urllib.request.Request) -> Any:
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)
