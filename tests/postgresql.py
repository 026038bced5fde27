"""A real PostgreSQL server for tests: in a temporary folder, on the loopback, ended by its pid."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg2

from tests.ports import free_ports

START_SECONDS = 60.0
STOP_SECONDS = 30.0
_TEMPLATE = "template_of_the_tests"
_SERVANT = "postgres"  # the server refuses to run as root


class MissingServerError(RuntimeError):
    """There is no PostgreSQL on this machine; the message says what to install."""


class PostgresqlServer:
    """A server without durability: the tests kill the desk, not the machine."""

    def __init__(self) -> None:
        self.port = free_ports(1)[0]
        self._folder = Path(tempfile.mkdtemp(prefix="attune-postgresql-"))
        self._as: dict[str, Any] = {}
        if os.getuid() == 0:
            servant = pwd.getpwnam(_SERVANT)
            self._as = {"user": servant.pw_uid, "group": servant.pw_gid, "extra_groups": []}
            os.chown(self._folder, servant.pw_uid, servant.pw_gid)
        self._numbers = itertools.count(1)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Make the cluster where there is none, and serve."""
        data = self._folder / "data"
        if not data.exists():
            self._run(find("initdb"), "-D", data, "-U", "attune", "-A", "trust", "-N", "-E", "UTF8")
        command = [find("postgres"), "-D", str(data), "-p", str(self.port), "-h", "127.0.0.1"]
        command += ["-k", str(self._folder), "-c", "fsync=off", "-c", "max_connections=60"]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, cwd=self._folder, **self._as
            )
        self._wait()

    def stop(self, number: int = signal.SIGINT) -> None:
        """End the server; SIGINT cuts off who is connected."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(STOP_SECONDS)

    def remove(self) -> None:
        """Leave nothing behind."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, database: str) -> str:
        """Return the SQLAlchemy URL of a database."""
        return f"postgresql://attune@127.0.0.1:{self.port}/{database}"

    def empty_database(self) -> str:
        """Make a database without tables; return its URL."""
        return self._make("template0")

    def copy_of_template(self, fill: Callable[[str], None]) -> str:
        """Make a copy of a database that `fill` has made the tables of, once; return its URL."""
        if not self.ask("SELECT 1 FROM pg_database WHERE datname = %s", _TEMPLATE):
            self._make("template0", _TEMPLATE)
            fill(self.url(_TEMPLATE))
        return self._make(_TEMPLATE)

    def ask(self, query: str, *values: Any, database: str = "postgres") -> list[Any]:
        """Run a query outside any transaction."""
        connection = psycopg2.connect(self.url(database))
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(query, values)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def _make(self, template: str, name: str | None = None) -> str:
        name = name or f"desk_{next(self._numbers)}"
        self.ask(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self.ask("SELECT 1")
                return
            except psycopg2.OperationalError:
                assert self._process is not None
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise AssertionError((self._folder / "log").read_text()) from None
                time.sleep(0.05)

    def _run(self, *command: Any) -> None:
        done = subprocess.run(
            command, cwd=self._folder, capture_output=True, text=True, check=False, **self._as
        )
        assert done.returncode == 0, done.stderr


def find(program: str) -> str:
    """Return the path of one of the server's programs; Debian keeps them off the path.

    Raises:
        MissingServerError: It is not installed.
    """
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
    found = shutil.which(program) or (str(places[-1]) if places else None)
    if found is None:
        raise MissingServerError(
            f"These tests need PostgreSQL's `{program}`. Install it with "
            "`apt-get install postgresql`, or leave such tests out with `-m 'not services'`."
        )
    return found
