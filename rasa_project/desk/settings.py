"""What the desk is told by its environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from rasa_project.desk.errors import StartError

DEFAULT_HOST = "127.0.0.1"  # nothing listens beyond this machine unless the operator says so
DEFAULT_PORT = 5010


@dataclass(frozen=True)
class Settings:
    """Addresses and secrets of one desk.

    Attributes:
        rasa_url: Address of the Rasa server, without a slash at the end.
        rasa_token: Opens Rasa's HTTP API; empty where it asks for none.
        tracker_db: SQLAlchemy URL of Rasa's SQLite tracker store.
        desk_db: SQLAlchemy URL of the desk's own store.
        host: Interface to listen on.
        port: Port to listen on.
    """

    rasa_url: str
    rasa_token: str
    tracker_db: str
    desk_db: str
    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings.

    Raises:
        StartError: A variable is missing or makes no sense.
    """
    return Settings(
        rasa_url=_address(environment, "ATTUNE_RASA_URL"),
        rasa_token=environment.get("ATTUNE_RASA_TOKEN", ""),
        tracker_db=_sqlite(environment, "ATTUNE_TRACKER_DB"),
        desk_db=desk_db(environment),
        host=environment.get("ATTUNE_DESK_HOST", DEFAULT_HOST),
        port=_port(environment.get("ATTUNE_DESK_PORT", str(DEFAULT_PORT))),
    )


def desk_db(environment: Mapping[str, str] = os.environ) -> str:
    """Read the address of the desk's own store, all that managing agents needs."""
    return _sqlite(environment, "ATTUNE_DESK_DB")


def _given(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "").strip()
    if not value:
        raise StartError(
            f"The environment variable {name} is not set. `python -m rasa_project` sets it; "
            "set it yourself where you start the desk alone."
        )
    return value


def _address(environment: Mapping[str, str], name: str) -> str:
    value = _given(environment, name)
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise StartError(f"{name} must be an address such as http://127.0.0.1:5005. {_got(value)}")
    return value.rstrip("/")


def _sqlite(environment: Mapping[str, str], name: str) -> str:
    value = _given(environment, name)
    try:
        url = make_url(value)
    except ArgumentError:
        url = None
    if url is None or url.get_backend_name() != "sqlite" or not url.database:
        raise StartError(f"{name} must be a SQLite file such as sqlite:///desk.db. {_got(value)}")
    return value


def _port(value: str) -> int:
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise StartError(f"ATTUNE_DESK_PORT must be a port from 1 to 65535. {_got(value)}")
    return int(value)


def _got(value: str) -> str:
    return f"Received: {value!r}."
