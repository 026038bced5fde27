"""What is kept of the files that customers send on a channel, and where."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rasa_project.channels.desk_door import DeskDoor
from rasa_project.channels.files import settings
from rasa_project.channels.files.settings import FileSettings

_DAY: Final = 86_400.0
_DAYS: Final = 365.0  # as in the web chat, where nothing else is set


@dataclass(frozen=True)
class Keeping:
    """What is kept, and for how long.

    Attributes:
        settings: Limits, formats, the scanner and the folder.
        seconds: After which a file is deleted.
    """

    settings: FileSettings
    seconds: float


def read(options: Any, section: str) -> FileSettings | None:
    """Read a channel's own section `files`; none for `false`.

    Args:
        options: As it stands in the file.
        section: Where that is.

    Raises:
        InvalidConfigException: A key is unknown or a value of the wrong kind.
    """
    home = Path(os.environ.get("ATTUNE_HOME") or ".attune")
    return settings.read(options, home, f"Correct it in credentials.yml under {section}.")


def keeping_of(options: Any, section: str, neighbours: Iterable[Any]) -> Keeping | None:
    """Return what a channel keeps: as its own section says, else as the web chat's.

    Args:
        options: The channel's own section `files`; none where it has none.
        section: As above.
        neighbours: The server's channels.
    """
    chat = _web_chat(neighbours)
    days = _DAYS if chat is None else chat.history_days
    known = chat.files if chat is not None and options is None else read(
        {} if options is None else options, section
    )  # fmt: skip
    return None if known is None else Keeping(known, days * _DAY)


def door_of(neighbours: Iterable[Any]) -> DeskDoor:
    """Return the door by which the desk comes in, here as at the web chat."""
    chat = _web_chat(neighbours)
    token = os.environ.get("ATTUNE_RASA_TOKEN") or "" if chat is None else chat.desk_token
    return DeskDoor(token)


def _web_chat(neighbours: Iterable[Any]) -> Any:
    """Return the web chat's settings, where the server has one."""
    found = (getattr(one, "settings", None) for one in neighbours if one.name() == "webchat")
    return next(found, None)
