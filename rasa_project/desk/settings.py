"""What the desk is told by its environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from rasa_project.desk.people import policy
from rasa_project.desk.people.policy import AccessPolicy
from rasa_project.desk.queue import config
from rasa_project.desk.queue.config import DeskConfig
from rasa_project.desk.tickets import states
from rasa_project.errors import StartError

DEFAULT_HOST = "127.0.0.1"  # nothing listens beyond this machine unless the operator says so
DEFAULT_PORT = 5010
_SURVEY_ENDS = {"resolved": states.RESOLVED, "handed_back": states.BOT}


@dataclass(frozen=True)
class Settings:
    """Addresses and secrets of one desk.

    Attributes:
        rasa_url: Address of the Rasa server, without a slash at the end.
        rasa_token: Opens Rasa's HTTP API; empty where it asks for none.
        tracker_db: SQLAlchemy URL of Rasa's SQLite tracker store; empty where a broker is read.
        desk_db: SQLAlchemy URL of the desk's own store, SQLite or PostgreSQL.
        host: Interface to listen on.
        port: Port to listen on.
        access: Sessions, tokens, the audit log, and the identity provider.
        desk: Teams, hours, limits and targets.
        survey_after: Ends of tickets after which customers are asked how it was; none: never.
        event_broker: Address of the RabbitMQ queue that Rasa publishes to; empty without one.
    """

    rasa_url: str
    rasa_token: str
    tracker_db: str
    desk_db: str
    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    access: AccessPolicy = field(default_factory=AccessPolicy)
    desk: DeskConfig = field(default_factory=lambda: DeskConfig())
    survey_after: tuple[str, ...] = (states.RESOLVED,)
    event_broker: str = ""


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings.

    Raises:
        StartError: A variable is missing or makes no sense.
    """
    broker = _event_broker(environment)
    return Settings(
        rasa_url=_address(environment, "ATTUNE_RASA_URL"),
        rasa_token=environment.get("ATTUNE_RASA_TOKEN", ""),
        tracker_db="" if broker else _tracker_db(environment),
        desk_db=desk_db(environment),
        host=environment.get("ATTUNE_DESK_HOST", DEFAULT_HOST),
        port=_port(environment.get("ATTUNE_DESK_PORT", str(DEFAULT_PORT))),
        access=policy.from_environment(environment),
        desk=config.from_environment(environment),
        survey_after=_survey(environment.get("ATTUNE_SURVEY_AFTER", "resolved")),
        event_broker=broker,
    )


def desk_db(environment: Mapping[str, str] = os.environ) -> str:
    """Read the address of the desk's own store, all that managing agents needs."""
    return _database(
        environment,
        "ATTUNE_DESK_DB",
        ("sqlite", "postgresql"),
        "a SQLite file such as sqlite:///desk.db or a PostgreSQL database such as "
        "postgresql://attune@127.0.0.1/desk",
    )


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


def _database(
    environment: Mapping[str, str], name: str, backends: tuple[str, ...], what: str
) -> str:
    value = _given(environment, name)
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):  # a port that is no number is a plain ValueError
        url = None
    if url is None or url.get_backend_name() not in backends or not url.database:
        shown = value if url is None or url.password is None else repr(url)
        raise StartError(f"{name} must be {what}. {_got(shown)}")
    return value


def _tracker_db(environment: Mapping[str, str]) -> str:
    what = (
        "a SQLite file such as sqlite:///rasa.db. Only there are events numbered in the order in "
        "which they were stored; elsewhere one could be missed, so let Rasa publish to RabbitMQ "
        "and name the queue in ATTUNE_EVENT_BROKER"
    )
    return _database(environment, "ATTUNE_TRACKER_DB", ("sqlite",), what)


def _event_broker(environment: Mapping[str, str]) -> str:
    value = environment.get("ATTUNE_EVENT_BROKER", "").strip()
    if value and (urlsplit(value).scheme not in {"amqp", "amqps"} or not urlsplit(value).hostname):
        raise StartError(
            "ATTUNE_EVENT_BROKER must be a RabbitMQ queue such as "
            "amqp://user:password@127.0.0.1:5672/?queue=attune-desk."
        )
    return value


def _port(value: str) -> int:
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise StartError(f"ATTUNE_DESK_PORT must be a port from 1 to 65535. {_got(value)}")
    return int(value)


def _survey(value: str) -> tuple[str, ...]:
    names = [name for name in value.replace(",", " ").split() if name != "none"]
    if unknown := [name for name in names if name not in _SURVEY_ENDS]:
        raise StartError(
            f"ATTUNE_SURVEY_AFTER must be none, or one or both of {', '.join(_SURVEY_ENDS)}. "
            f"{_got(unknown[0])}"
        )
    return tuple(_SURVEY_ENDS[name] for name in dict.fromkeys(names))


def _got(value: str) -> str:
    return f"Received: {value!r}."
