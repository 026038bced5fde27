"""Reads `endpoints.yml` as far as the supervisor acts on it, and writes what Rasa starts with."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from ruamel.yaml import YAML

from rasa_project.preflight import PreflightError
from rasa_project.settings import LOOPBACK, Settings

_LOCAL_HOSTS = {LOOPBACK, "localhost"}


@dataclass(frozen=True)
class Endpoints:
    """What `endpoints.yml` says, as far as the supervisor acts on it.

    Attributes:
        file: The endpoints file Rasa is started with.
        tracker_db: SQLAlchemy URL of the tracker store that the desk reads; empty with a broker.
        runs_actions: Whether the action server is ours to start (its host is this machine).
        event_broker: Address of the RabbitMQ queue that the desk reads; empty without one.
    """

    file: Path
    tracker_db: str
    runs_actions: bool
    event_broker: str = ""


def prepare(settings: Settings) -> Endpoints:
    """Write `.attune/endpoints.yml`, the project's own with the action server's actual port.

    Raises:
        PreflightError: The tracker store is not one that the desk can follow.
    """
    yaml = YAML()
    content = yaml.load((settings.project / "endpoints.yml").read_text(encoding="utf-8")) or {}
    action_endpoint = content.get("action_endpoint") or {}
    local = urlsplit(action_endpoint.get("url", "")).hostname in _LOCAL_HOSTS
    if local:
        action_endpoint["url"] = f"http://{LOOPBACK}:{settings.actions_port}/webhook"
    file = settings.home / "endpoints.yml"
    with file.open("w", encoding="utf-8") as out:
        yaml.dump(content, out)
    broker = _event_broker(content.get("event_broker") or {})
    tracker_db = "" if broker else _tracker_db(settings, content.get("tracker_store") or {})
    return Endpoints(file, tracker_db, local, broker)


def _tracker_db(settings: Settings, store: dict[str, Any]) -> str:
    """Return the SQLAlchemy URL of the SQLite tracker store.

    Its autoincrement ids are a durable stream in commit order; other databases do not promise that.
    """
    if str(store.get("type", "")).lower() != "sql" or store.get("dialect") != "sqlite":
        raise PreflightError(
            "`tracker_store` in endpoints.yml must be `type: SQL`, `dialect: sqlite` for the desk "
            f"to follow it. Received: type={store.get('type')}, dialect={store.get('dialect')}. "
            "With another store add an `event_broker` of `type: pika`, whose queue the desk reads."
        )
    path = settings.project / str(store.get("db", "rasa.db"))
    path.parent.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{path}"


def _event_broker(broker: dict[str, Any]) -> str:
    """Return the address of the first queue of Rasa's `pika` event broker; empty without one."""
    if str(broker.get("type", "")).lower() != "pika":
        return ""
    queues = broker.get("queues") or []
    queue = queues if isinstance(queues, str) else next(iter(queues), "")
    if not queue:
        raise PreflightError(
            "`event_broker` in endpoints.yml names no queue for the desk to read. Add "
            "`queues: [attune-desk]`."
        )
    given = {name: _expanded(broker.get(name)) for name in ("url", "username", "password", "port")}
    if given["url"].startswith("amqp"):
        return f"{given['url']}{'&' if '?' in given['url'] else '?'}queue={quote(str(queue))}"
    user = ":".join(quote(given[name] or "guest", safe="") for name in ("username", "password"))
    return f"amqp://{user}@{given['url']}:{given['port'] or 5672}/?queue={quote(str(queue))}"


def _expanded(value: object) -> str:
    """Put environment variables in, as Rasa does."""
    return "" if value is None else os.path.expandvars(str(value))
