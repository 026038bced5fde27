"""How many Sanic workers a project asks Rasa for."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from rasa_project.guest.findings import Place

VARIABLE: Final = "SANIC_WORKERS"
# .env, Dockerfile, shell: NAME=4. Compose: NAME: "4". Kubernetes: a line `value:` below the name.
_ASKED: Final = re.compile(
    rf"^(?!\s*#).*\b{VARIABLE}[\"']?(?:\s*[:=]|[ \t]*\r?\n\s*value:|[ \t]+)\s*[\"']?(\d+)",
    re.MULTILINE,
)
_STARTERS: Final = (
    ".env",
    "*.env",
    "Dockerfile*",
    "docker-compose*.y*ml",
    "compose*.y*ml",
    "Procfile",
    "Makefile",
    "*.sh",
    "*.service",
)
_FOLDERS: Final = (".", "deploy", "deployment", "docker", "k8s", "kubernetes")


def asked_workers(folder: Path) -> tuple[int, Place]:
    """Find the largest number of workers that the environment or a file for starting asks for.

    Returns:
        The number, 1 where nothing asks, and where it was found.
    """
    found = [(_number(os.environ.get(VARIABLE, "")), Place("environment"))]
    for path in _files(folder):
        text = path.read_text("utf-8", "replace")
        for match in _ASKED.finditer(text):
            line = text[: match.start(1)].count("\n") + 1
            found.append((_number(match[1]), Place(path.relative_to(folder).as_posix(), line)))
    return max(found, key=lambda each: each[0])


def _number(value: str) -> int:
    return int(value) if value.isdecimal() else 1


def _files(folder: Path) -> Iterator[Path]:
    for name in _FOLDERS:
        patterns = _STARTERS if name == "." else (*_STARTERS, "*.y*ml")
        for pattern in patterns:
            yield from sorted(path for path in (folder / name).glob(pattern) if path.is_file())
