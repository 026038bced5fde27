"""Finds where stored conversations are: the project's tracker store, a file, a database's URL."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, Final

from rasa_project.conversations import rasa_store, sql_store
from rasa_project.conversations.conversation import ConversationsError, Source
from rasa_project.conversations.exports import ExportedFile
from rasa_project.guest import yaml_file

_SQLITE_HEADER: Final = b"SQLite format 3\0"
_VARIABLE: Final = re.compile(r"\$\{[^}]*\}")
_ENDPOINTS: Final = "endpoints.yml"


def open_source(project: Path, named: str | None = None) -> Source:
    """Open stored conversations for reading.

    Args:
        project: The folder that Rasa is started from.
        named: A JSON file, an SQLite file, or the URL of a database; `None` for the tracker store
            of the project's endpoints.yml.

    Raises:
        ConversationsError: There is nothing to read there.
        ProjectError: endpoints.yml cannot be read.
    """
    if named is None:
        return _of_project(project)
    if "://" in named:
        return sql_store.from_url(named, project)
    return _of_file(Path(named))


def _of_file(path: Path) -> Source:
    if path.is_dir():
        raise ConversationsError(f"--from must name a file. Received: {path}, which is a folder.")
    if not path.is_file():
        raise ConversationsError(f"There is no file at {path}. Correct --from.")
    with path.open("rb") as file:
        is_database = file.read(len(_SQLITE_HEADER)) == _SQLITE_HEADER
    return sql_store.from_file(path) if is_database else ExportedFile(path)


def _of_project(project: Path) -> Source:
    path = project / _ENDPOINTS
    if not path.is_file():
        raise ConversationsError(
            f"{path} does not exist, so the tracker store is unknown. Name the project's folder "
            "with --project, or a file of conversations with --from."
        )
    settings = endpoint(project, "tracker_store")
    if settings is None:
        raise ConversationsError(
            f"{path} names no `tracker_store`: the bot keeps its conversations in memory, where "
            "they are lost when it stops. Add one there, or name a file of conversations with "
            "--from."
        )
    if str(settings["type"]).lower() == "sql":
        return sql_store.from_endpoint(settings, project)
    return rasa_store.from_endpoint(settings, project)


def endpoint(project: Path, name: str) -> dict[str, Any] | None:
    """Return what endpoints.yml says of a neighbour of Rasa's; none where it says no type.

    Raises:
        ConversationsError: It names a variable that the environment lacks.
        ProjectError: The file cannot be read.
    """
    path = project / _ENDPOINTS
    if not path.is_file():
        return None
    section = yaml_file.read(path, project).section(name)
    if not section.get("type"):
        return None
    return {str(key): _filled_in(value, path) for key, value in section.items()}


def _filled_in(value: Any, path: Path) -> Any:
    """Fill in `${VARIABLES}` of the environment, as Rasa does."""
    # Where Rasa is loaded, ruamel reads such a value as an object that holds the text.
    text = value if isinstance(value, str) else getattr(value, "value", None)
    if not isinstance(text, str):
        return value
    filled = os.path.expandvars(text)
    missing = _VARIABLE.search(filled)
    if missing:
        raise ConversationsError(
            f"{path} names {missing.group()}, which the environment lacks. Set it as it is set "
            "where the bot runs."
        )
    return filled
