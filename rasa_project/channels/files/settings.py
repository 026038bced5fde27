"""The part `files` of a channel's section of `credentials.yml`, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from rasa.shared.exceptions import InvalidConfigException

from rasa_project.attachments import MOST
from rasa_project.channels.files import formats, scanning
from rasa_project.channels.files.formats import FORMATS
from rasa_project.channels.files.scanning import NoScanner, Scanner

DEFAULTS: Final[dict[str, Any]] = {
    "folder": None,  # where they are kept; `files` in the state folder
    "max_megabytes": 10,  # of one file; a phone's photo has 3 to 6
    "day_megabytes": 100,  # of all that one conversation sends in 24 hours
    "types": None,  # extensions such as [jpg, png, pdf]; all that are known
    "link_hours": 24,  # how long an address opens a file
    "public_url": None,  # https address of this server, for channels that fetch what agents send
    "scan": None,  # {command: [...]} or {clamd: unix:/... or tcp://...}
    "scan_seconds": 60,  # how long that may take
}
_MEGABYTE: Final = 1_000_000
_HOUR: Final = 3_600.0


@dataclass(frozen=True)
class FileSettings:
    """What is taken, and where it goes.

    Attributes:
        folder: Where files are kept.
        max_bytes: Of one file.
        day_bytes: Of one conversation in 24 hours.
        types: MIME types.
        link_seconds: How long an address opens a file.
        public_url: Of this server, without a slash at the end; empty where nobody says.
        scanner: Looks for viruses.
    """

    folder: Path
    max_bytes: int
    day_bytes: int
    types: tuple[str, ...]
    link_seconds: float
    public_url: str = ""
    scanner: Scanner = field(default_factory=NoScanner)

    def told(self) -> dict[str, Any]:
        """Return what a page has to know: `max_bytes`, `accept` (extensions), `most` (files)."""
        ends = ",".join(formats.accepted(self.types))
        return {"max_bytes": self.max_bytes, "accept": ends, "most": MOST}


def read(options: Any, home: Path, place: str) -> FileSettings | None:
    """Read the section; None where `files: false` takes none.

    Args:
        options: As it stands in the file.
        home: The state folder.
        place: Where to correct what is wrong, as a sentence.

    Raises:
        InvalidConfigException: A key is unknown or a value of the wrong kind.
    """
    if options is False:
        return None
    if not isinstance(options, Mapping) or options.keys() - DEFAULTS.keys():
        raise InvalidConfigException(
            f"`files` must be false, or a section with {', '.join(DEFAULTS)}. "
            f"Received: {options!r}. {place}"
        )
    given = {**DEFAULTS, **options}
    try:
        return FileSettings(
            Path(given["folder"] or home / "files"),
            int(_positive(given, "max_megabytes") * _MEGABYTE),
            int(_positive(given, "day_megabytes") * _MEGABYTE),
            _types(given["types"]),
            _positive(given, "link_hours") * _HOUR,
            _address(given["public_url"]),
            scanning.scanner(given["scan"], _positive(given, "scan_seconds")),
        )
    except (TypeError, ValueError) as error:
        raise InvalidConfigException(f"In `files`: {error} {place}") from error


def _positive(given: Mapping[str, Any], key: str) -> float:
    value = given[key]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value <= 0:
        raise ValueError(f"`{key}` must be a number above 0. Received: {value!r}.")
    return float(value)


def _types(given: Any) -> tuple[str, ...]:
    if given is None:
        return tuple(FORMATS)
    known = {end.lstrip("."): kind for kind, ends in FORMATS.items() for end in ends}
    names = given if isinstance(given, list) and given else [None]
    wanted = [str(one).lower().lstrip(".") for one in names]
    if set(wanted) - known.keys():
        raise ValueError(f"`types` must be a list of {', '.join(known)}. Received: {given!r}.")
    return tuple(dict.fromkeys(known[one] for one in wanted))


def _address(given: Any) -> str:
    if given is None:
        return ""
    parts = urlsplit(given) if isinstance(given, str) else None
    if parts is None or parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ValueError(
            "`public_url` must be an address such as https://chat.shop.example. "
            f"Received: {given!r}."
        )
    return str(given).rstrip("/")
