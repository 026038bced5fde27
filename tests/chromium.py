"""Finds the Chromium that browser tests drive, or gets one; never skips a test in silence."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Without these, Chromium keeps calling home, which a closed network answers with long waits.
ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def arguments() -> list[str]:
    """Return Chromium's arguments; root has no sandbox to run in."""
    return [*ARGUMENTS, "--no-sandbox"] if os.geteuid() == 0 else ARGUMENTS


def find() -> str:
    """Return the path of a Chromium: the PATH's, else Debian's, else Playwright's download.

    Raises:
        RuntimeError: None was found or could be installed; the message says what to do.
    """
    return _on_path() or _from_debian() or _from_playwright() or _fail()


def _on_path() -> str | None:
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def _from_debian() -> str | None:
    """Install Debian's package where this user may."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    packages = ["chromium", "fonts-noto-cjk", "fonts-noto-color-emoji"]
    for command in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        if subprocess.run(["apt-get", "-q", *command], env=environment).returncode != 0:
            return None
    return _on_path()


def _from_playwright() -> str | None:
    """Let Playwright download the build it is made for."""
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    if subprocess.run(command).returncode != 0:
        return None
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _fail() -> str:
    raise RuntimeError(
        "The browser tests need Chromium: install it (Debian: apt-get install chromium) "
        "so that `chromium` is on the PATH, then run `make test` again."
    )
