"""`deploy/setup` and the Makefile, tried as a new user would."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NEEDED_TOOLS = ("sh", "dirname", "df", "awk", "cat", "cksum")


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A checkout on a machine that has a shell and no Python."""
    shutil.copytree(ROOT / "deploy", tmp_path / "deploy")
    for name in ("requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "bin").mkdir()
    for tool in NEEDED_TOOLS:
        found = shutil.which(tool)
        assert found is not None
        (tmp_path / "bin" / tool).symlink_to(found)
    return tmp_path


def setup(checkout: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    variables = {"PATH": str(checkout / "bin"), "HOME": str(checkout), **environment}
    return subprocess.run(
        [str(checkout / "deploy" / "setup")], env=variables, capture_output=True, text=True
    )


def script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


def test_a_machine_without_python_310_is_told_what_to_install(bare: Path) -> None:
    result = setup(bare)
    assert result.returncode == 1
    assert "no Python 3.10 was found, and Rasa 3.6 needs it" in result.stderr
    assert not (bare / ".venv").exists()


def test_a_shim_that_does_not_run_is_passed_over(bare: Path) -> None:
    script(bare / "bin" / "python3.10", "echo 'pyenv: python3.10: command not found' >&2; exit 127")
    assert "no Python 3.10 was found" in setup(bare).stderr


def test_a_full_disk_is_told_before_anything_is_installed(bare: Path) -> None:
    (bare / "bin" / "df").unlink()
    script(bare / "bin" / "df", "echo head; echo '/dev/x 9 9 102400 99% /'")
    result = setup(bare)
    assert result.returncode == 1
    assert "this disk has 100 MiB free and the packages need 4394 MiB" in result.stderr


def test_help_lists_the_targets() -> None:
    listed = subprocess.run(
        ["make", "-s", "help"], cwd=ROOT, env=os.environ, capture_output=True, text=True, check=True
    ).stdout
    named = [line.split()[1] for line in listed.splitlines()]
    assert {"run", "setup", "test", "check", "help"} <= set(named)


def test_lock_files_name_no_address() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        assert "://" not in (ROOT / name).read_text(encoding="utf-8")
    for lock in (ROOT / "rasa_project").rglob("package-lock.json"):
        if "node_modules" not in lock.parts:
            assert "://registry" not in lock.read_text(encoding="utf-8")
