"""Files of a training that a kill must not leave half written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path


def keep(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file beside its place, then put it there: a kill leaves the old one or the new one.

    Args:
        path: The file; its folder is made where it is missing.
        write: Writes the file that it is given, whose name ends as that of `path` does.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.stem}-fresh{path.suffix}")
    write(fresh)
    fresh.replace(path)
