"""What must hold before anything starts: each thing that does not is told in one sentence."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from pathlib import Path

from rasa_project.settings import LOOPBACK, Settings

# A trained model takes about 30 MB and the databases grow slowly; below this SQLite soon fails.
MINIMUM_FREE_MIB = 300
_PROJECT_FILES = ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml")


class PreflightError(Exception):
    """Something outside Attune must be put right first; the message says what and how."""


def check(settings: Settings) -> None:
    """Check Python, project folder, disk and ports, in this order.

    Raises:
        PreflightError: The first thing that does not hold.
    """
    check_python(sys.version_info[:2])
    check_project(settings.project)
    check_disk(settings.home)
    for port, what, flag in (
        (settings.rasa_port, "the Rasa server", "--port"),
        (settings.actions_port, "the action server", "--actions-port"),
        (settings.desk_port, "the agent desk", "--desk-port"),
    ):
        check_port(port, what, flag)


def check_python(version: tuple[int, ...]) -> None:
    """Hold Python to 3.10, the newest that Rasa 3.6 runs on."""
    if version != (3, 10):
        found = ".".join(map(str, version))
        raise PreflightError(
            f"Attune runs on Python 3.10, the newest that Rasa 3.6 supports. Received: {found}. "
            "`make run` finds or asks for the right one."
        )


def check_project(project: Path) -> None:
    """Hold that the folder is a Rasa project with everything a start needs."""
    missing = [name for name in _PROJECT_FILES if not (project / name).is_file()]
    if missing:
        raise PreflightError(
            f"{project} has no {', '.join(missing)}. Start from the project's folder, "
            "or name it with --project."
        )


def check_disk(home: Path) -> None:
    """Make the state folder and hold that it can be written and has room."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        (home / "logs").mkdir(exist_ok=True)
    except OSError as error:
        raise PreflightError(f"{home} cannot be made: {error.strerror}.") from error
    if not os.access(home, os.W_OK):
        raise PreflightError(f"{home} cannot be written. Give this user the right to write there.")
    free_mib = shutil.disk_usage(home).free // 2**20
    if free_mib < MINIMUM_FREE_MIB:
        raise PreflightError(
            f"The disk that holds {home} has {free_mib} MiB free, and {MINIMUM_FREE_MIB} MiB are "
            "needed so that no conversation is lost. Make room, then start again."
        )


def check_port(port: int, what: str, flag: str) -> None:
    """Hold that nobody listens on the port yet."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise PreflightError(
                f"Port {port} for {what} is taken ({error.strerror}). Stop the other program "
                f"(`lsof -i :{port}` names it), or choose another port with {flag}."
            ) from error
