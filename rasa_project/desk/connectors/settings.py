"""Which other desks there are: `connectors.yml`, checked; secrets come from the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import BaseModel, Extra, ValidationError, validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from rasa_project.errors import StartError

VARIABLE: Final = "ATTUNE_CONNECTORS"
_SECRET: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,38}")
_LOOPBACK: Final = {"localhost", "127.0.0.1", "::1"}


class Secret(str):
    """A value that stands in the environment and nowhere else; it never shows in a log."""

    @classmethod
    def __get_validators__(cls) -> Any:
        """Tell pydantic how to check it."""
        yield cls._check

    @classmethod
    def _check(cls, value: Any) -> Secret:
        if isinstance(value, Secret):
            return value
        match = _SECRET.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            raise ValueError("must be the name of an environment variable, such as ${MY_TOKEN}")
        found = os.environ.get(match[1], "").strip()
        if not found:
            raise ValueError(f"the environment variable {match[1]} is not set")
        return cls(found)

    def __repr__(self) -> str:
        return "Secret(...)"


class ConnectorSettings(BaseModel):
    """What every connector is told.

    Attributes:
        url: Address of the other desk, without a slash at the end.
        language: In which its agents read our notes, `en` or `zh`.
    """

    url: str
    language: str = "en"

    class Config:
        """A key that nobody knows is a typing mistake."""

        extra = Extra.forbid
        allow_mutation = False

    @validator("url")
    def _address(cls, value: str) -> str:  # pydantic's own form
        parts = urlsplit(value)
        plain = parts.scheme == "http" and parts.hostname in _LOOPBACK
        if not parts.netloc or not (parts.scheme == "https" or plain):
            raise ValueError("must be an https address, or http on this machine")
        return value.rstrip("/")

    @validator("language")
    def _known(cls, value: str) -> str:
        if value not in {"en", "zh"}:
            raise ValueError("must be en or zh")
        return value


@dataclass(frozen=True)
class Listed:
    """One connector as it stands in the file.

    Attributes:
        name: Its key; webhooks arrive at `/connectors/<name>`.
        type: Which service.
        values: Its own settings, unchecked.
    """

    name: str
    type: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class ConnectorsFile:
    """The whole file.

    Attributes:
        desk_url: Where agents open our desk, without a slash at the end.
        listed: The connectors in their order.
    """

    desk_url: str
    listed: tuple[Listed, ...] = ()


def read(environment: Mapping[str, str] = os.environ) -> ConnectorsFile:
    """Read the file that the environment names; none named means no connectors.

    Raises:
        StartError: It cannot be read or says something that makes no sense.
    """
    name = environment.get(VARIABLE, "").strip()
    if not name:
        return ConnectorsFile("")
    try:
        # Every value stays a text: where Rasa is loaded, it puts secrets into safe YAML by itself.
        content = YAML(typ="base").load(Path(name).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise StartError(
            f"The connectors in {name} cannot be read: {error}. {VARIABLE} names it."
        ) from error
    return _file(content, name)


def checked(model: type[ConnectorSettings], listed: Listed) -> ConnectorSettings:
    """Check one connector's settings.

    Raises:
        StartError: One is missing or wrong.
    """
    try:
        return model(**{str(key): value for key, value in listed.values.items()})
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise StartError(
            f"`{field}` of the connector {listed.name} {_worded(first['msg'])}. "
            f"Set it in the file that {VARIABLE} names."
        ) from error


def _worded(message: str) -> str:
    return {
        "field required": "is missing",
        "extra fields not permitted": "is no setting of it",
    }.get(message, message)


def _file(content: Any, name: str) -> ConnectorsFile:
    if not isinstance(content, dict) or not isinstance(content.get("connectors"), dict):
        raise StartError(f"{name} must hold `desk_url` and a list `connectors`, by name.")
    desk_url = content.get("desk_url")
    if not isinstance(desk_url, str) or urlsplit(desk_url).scheme not in {"http", "https"}:
        raise StartError(f"`desk_url` in {name} must be the address at which agents open the desk.")
    listed = tuple(_listed(key, values, name) for key, values in content["connectors"].items())
    return ConnectorsFile(desk_url.rstrip("/"), listed)


def _listed(key: Any, values: Any, name: str) -> Listed:
    if not isinstance(key, str) or not _NAME.fullmatch(key) or not isinstance(values, dict):
        raise StartError(
            f"A connector in {name} must be named by letters a-z, digits and hyphens, and hold its "
            f"settings. Received: {key!r}."
        )
    kind = values.get("type", key)
    return Listed(key, str(kind), {k: v for k, v in values.items() if k != "type"})
