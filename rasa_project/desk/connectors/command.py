"""`connector check NAME`: whether another desk can be reached and what is missing."""

from __future__ import annotations

import asyncio
import os
from typing import Final

from rasa_project.desk.connectors import registry, settings
from rasa_project.desk.connectors.connector import Finding
from rasa_project.errors import StartError

_MARKS: Final = {True: "ok     ", False: "WRONG  ", None: "look   "}


def check(name: str) -> int:
    """Print what was found.

    Returns:
        1 where something is wrong, else 0.

    Raises:
        StartError: There is no such connector, or its settings are wrong.
    """
    file = settings.read()
    chosen = tuple(listed for listed in file.listed if listed.name == name)
    if not chosen:
        known = ", ".join(listed.name for listed in file.listed) or "none"
        source = os.environ.get(settings.VARIABLE) or f"{settings.VARIABLE}, which is not set"
        raise StartError(f"There is no connector {name!r}. In {source}: {known}.")
    found = asyncio.run(findings(settings.ConnectorsFile(file.desk_url, chosen), name))
    for finding in found:
        print(f"{_MARKS[finding.ok]}{finding.says}")
    print(f"{_MARKS[None]}Its webhook must go to {file.desk_url}/connectors/{name}")
    return int(any(finding.ok is False for finding in found))


async def findings(file: settings.ConnectorsFile, name: str) -> list[Finding]:
    """Ask one of a file's connectors."""
    async with registry.opened(file) as connectors:
        return await connectors[name].check()
