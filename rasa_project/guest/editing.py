"""Changes to somebody's files: shown as a diff, and held to say what was meant and nothing else."""

from __future__ import annotations

import copy
import difflib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa_project.guest import insertion, yaml_file
from rasa_project.guest.yaml_file import ProjectError


@dataclass(frozen=True)
class Change:
    """One file as it is and as it will be.

    Attributes:
        path: The file.
        before: `None` where it is a new file.
        after: The whole text.
        private: Only its owner may read it, from now on at the latest.
    """

    path: Path
    before: str | None
    after: str
    private: bool = False

    def diff(self, folder: Path) -> str:
        """Give the change as a unified diff, paths relative to the project's folder."""
        name = self.path.relative_to(folder).as_posix()
        lines = difflib.unified_diff(
            (self.before or "").splitlines(),
            self.after.splitlines(),
            "/dev/null" if self.before is None else f"a/{name}",
            f"b/{name}",
            lineterm="",
        )
        return "\n".join(lines)


def edited(
    path: Path,
    text: str,
    edit: Callable[[str], str],
    meant: Callable[[dict[str, Any]], Any],
    name: str,
    page: str = "README.md",
) -> str:
    """Edit text, and hold that it then says what was meant and nothing else.

    Args:
        path: The file, for the message.
        text: What it holds.
        edit: Puts the line into text.
        meant: Makes the same change to the parsed content.
        name: What is added, for the message.
        page: Where the message sends those who have to do it by hand.

    Raises:
        ProjectError: The file is laid out so that the line cannot be put in safely.
    """
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    plain = text.removeprefix(mark)
    before = yaml_file.parse(plain, path, "safe") or {}
    expected = copy.deepcopy(before)
    meant(expected)
    why = "it is laid out in an unusual way"
    after = plain
    try:
        after = edit(plain)
    except insertion.InsertionError as error:
        why = str(error)
    if not _says(after, path, expected):
        raise ProjectError(
            f"{name} cannot be added to {path} without rewriting it: {why}. Write the file with "
            f"one item a line, or add the line by hand; {page} shows where."
        )
    return mark + after


def _says(text: str, path: Path, expected: Any) -> bool:
    """Tell whether text parses to what is expected.

    It does not where two lists share an anchor, for one: a line then changes both.
    """
    try:
        return bool(yaml_file.parse(text, path, "safe") == expected)
    except ProjectError:
        return False
