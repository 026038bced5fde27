from __future__ import annotations

import shutil
import socket
from collections import namedtuple
from pathlib import Path

import pytest

from rasa_project import preflight
from rasa_project.preflight import PreflightError
from rasa_project.settings import Settings
from tests.ports import free_ports

Usage = namedtuple("Usage", "total used free")


def test_a_wrong_python_is_told_with_the_right_one() -> None:
    preflight.check_python((3, 10))
    with pytest.raises(PreflightError, match=r"runs on Python 3\.10.*Received: 3\.12"):
        preflight.check_python((3, 12))


def test_a_folder_without_a_project_names_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "config.yml").touch()
    with pytest.raises(PreflightError, match=r"has no domain\.yml, endpoints\.yml, credentials"):
        preflight.check_project(tmp_path)


def test_a_full_disk_is_told_before_anything_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**9, 10**9, 5 * 2**20))
    with pytest.raises(PreflightError, match=r"has 5 MiB free, and 300 MiB are needed"):
        preflight.check_disk(tmp_path / ".attune")


def test_a_file_where_the_state_folder_should_be_is_told(tmp_path: Path) -> None:
    (tmp_path / ".attune").touch()
    with pytest.raises(PreflightError, match=r"\.attune cannot be made"):
        preflight.check_disk(tmp_path / ".attune")


def test_a_taken_port_is_told_with_the_flag_that_moves_it() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(
            PreflightError, match=rf"Port {port} for the desk is taken.*--desk-port"
        ):
            preflight.check_port(port, "the desk", "--desk-port")


def test_a_sound_project_passes(tmp_path: Path) -> None:
    for name in ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml"):
        (tmp_path / name).touch()
    preflight.check(Settings(tmp_path, *free_ports(3)))
    assert (tmp_path / ".attune" / "logs").is_dir()
