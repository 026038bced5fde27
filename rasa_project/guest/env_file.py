"""A file of environment variables for secrets: read by nobody else, and kept out of git."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from rasa_project.guest import yaml_file
from rasa_project.guest.editing import Change
from rasa_project.guest.yaml_file import ProjectError

_LINE: Final = re.compile(r"\s*(?:export\s+)?(?P<name>[A-Za-z_]\w*)=(?P<value>.*)")


def read(path: Path) -> dict[str, str]:
    """Return the variables that a file sets, none where there is no file.

    Raises:
        ProjectError: It cannot be read, or a value's quotes do not close.
    """
    if not path.exists():
        return {}
    found: dict[str, str] = {}
    for number, line in enumerate(yaml_file.read_text(path).splitlines(), 1):
        if match := _LINE.fullmatch(line):
            try:
                found[match["name"]] = "".join(shlex.split(match["value"], comments=True)[:1])
            except ValueError:
                raise ProjectError(f"{path}, line {number}: a quote does not close.") from None
    return found


def changes(path: Path, values: Mapping[str, str]) -> list[Change]:
    """Work out the file with further variables, and a `.gitignore` that names it where one must.

    Args:
        path: The file; it need not be there.
        values: By name; none of them is in it. Any characters but line breaks and NUL.

    Raises:
        ProjectError: git keeps the file already, or it cannot be read.
    """
    if not values:
        return []
    if not path.parent.is_dir():
        raise ProjectError(f"No folder at {path.parent} for the secrets' file.")
    before = yaml_file.read_text(path) if path.exists() else None
    text = before or ""
    text += "" if not text or text.endswith("\n") else "\n"
    text += "".join(f"{name}={shlex.quote(value)}\n" for name, value in values.items())
    return [*_kept_out_of_git(path), Change(path, before, text, private=True)]


def _kept_out_of_git(path: Path) -> list[Change]:
    """Add the file to its folder's `.gitignore` where git would take it."""
    folder = path.resolve().parent
    if not any((each / ".git").exists() for each in (folder, *folder.parents)):
        return []
    if _git(folder, "ls-files", "--error-unmatch", path.name) == 0:
        raise ProjectError(
            f"git keeps {path} already, and with it everything that is written there. Name "
            "another file for the secrets."
        )
    if _git(folder, "check-ignore", "-q", path.name) == 0:
        return []
    ignore = folder / ".gitignore"
    before = yaml_file.read_text(ignore) if ignore.exists() else None
    text = before or ""
    text += "" if not text or text.endswith("\n") else "\n"
    # git reads some signs as patterns.
    name = re.sub(r"([\\*?\[\]#! ])", r"\\\1", path.name)
    return [Change(ignore, before, f"{text}/{name}\n")]


def _git(folder: Path, *words: str) -> int | None:
    """Ask git; `None` where there is none on this machine."""
    program = shutil.which("git")
    if program is None:
        return None
    command = [program, "-C", str(folder), *words]
    return subprocess.run(command, capture_output=True, check=False).returncode
