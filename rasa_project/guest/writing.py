"""Writes changed files whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from rasa_project.guest.editing import Change
from rasa_project.guest.yaml_file import ProjectError

_PART = ".attune-part"


def write(changes: Sequence[Change]) -> None:
    """Write the changes: all are laid beside their files first, then take their places.

    Raises:
        ProjectError: One cannot be written; every file is then as it was.
    """
    parts: list[tuple[Path, Path]] = []
    done: list[tuple[Path, Change]] = []
    target = Path()
    try:
        for change in changes:
            target = change.path.resolve()  # a link stays a link
            parts.append((target, _lay_beside(target, change)))
        for (target, part), change in zip(parts, changes, strict=True):
            part.replace(target)
            done.append((target, change))
    except OSError as error:
        for written, change in done:
            _put_back(written, change)
        raise ProjectError(
            f"{target} cannot be written ({error.strerror}). Give this user the right to write "
            "there, or free what is in the way. Nothing was changed."
        ) from error
    finally:
        for _, part in parts:
            part.unlink(missing_ok=True)


def _lay_beside(target: Path, change: Change) -> Path:
    """Write the text into a file beside its target, with the target's permissions."""
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(13, "it is read-only", str(target))
    part = target.with_name(target.name + _PART)
    try:
        with open(part, "wb", opener=_private if change.private else None) as file:
            file.write(change.after.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        if target.exists() and not change.private:
            shutil.copymode(target, part)
    except OSError:
        if part.is_file():
            part.unlink()
        raise
    return part


def _private(path: str, flags: int) -> int:
    """Open a file that nobody else could read at any moment."""
    Path(path).unlink(missing_ok=True)  # left by a kill, perhaps with other rights
    return os.open(path, flags | os.O_EXCL, 0o600)


def _put_back(path: Path, change: Change) -> None:
    if change.before is None:
        path.unlink()
    else:
        path.write_bytes(change.before.encode("utf-8"))
