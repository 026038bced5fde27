"""One more channel in somebody's credentials.yml."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from rasa_project.guest import insertion, yaml_file
from rasa_project.guest.editing import Change, edited
from rasa_project.guest.yaml_file import ProjectError, YamlFile

NAME: Final = "credentials.yml"


def read(folder: Path) -> YamlFile | None:
    """Read the file, `None` where there is none.

    Raises:
        ProjectError: There is no such folder, or the file is not YAML that can be read.
    """
    if not folder.is_dir():
        raise ProjectError(f"No folder at {folder}. Name a Rasa project's with --project.")
    path = folder / NAME
    return yaml_file.read(path, folder) if path.exists() or path.is_symlink() else None


def require_free(file: YamlFile | None, section: str, name: str) -> None:
    """Hold that a channel's address is free.

    Args:
        file: What `read` gave.
        section: The channel's class.
        name: The channel's name, which is also that of Rasa's own channel for the service.

    Raises:
        ProjectError: The channel is there already, or another one at its address.
    """
    if file is None:
        return
    if section in file.content:
        at = file.at(section)
        raise ProjectError(
            f"The channel {name} is there already, in {file.path}, line {at.line}. Change it "
            f"there, or take it out first; `attune channel check {name}` says whether it works."
        )
    if name in file.content:
        raise ProjectError(
            f"{file.path}, line {file.at(name).line}, has Rasa's own channel {name}, which would "
            f"answer at the same address, /webhooks/{name}/webhook. Take that section out first."
        )


def with_channel(
    file: YamlFile | None, folder: Path, section: str, values: Mapping[str, Any]
) -> Change:
    """Work out the file with one more channel, everything else as it stands.

    Args:
        file: What `read` gave.
        folder: The project's folder.
        section: The channel's class.
        values: Its settings, secrets as `${NAME}`.

    Raises:
        ProjectError: The file is laid out so that the channel cannot be put in safely.
    """
    path = folder / NAME
    text = file.text if file else ""
    after = edited(
        path,
        text,
        lambda old: insertion.put_mapping_at_end(old, section, values),
        lambda content: content.update({section: dict(values)}),
        section,
        "docs/channels.md",
    )
    return Change(path, file.text if file else None, after)
