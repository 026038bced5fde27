"""Reads `endpoints.yml` as far as the supervisor acts on it, and writes what Rasa starts with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ruamel.yaml import YAML

from rasa_project.preflight import PreflightError
from rasa_project.settings import LOOPBACK, Settings

_LOCAL_HOSTS = {LOOPBACK, "localhost"}


@dataclass(frozen=True)
class Endpoints:
    """What `endpoints.yml` says, as far as the supervisor acts on it.

    Attributes:
        file: The endpoints file Rasa is started with.
        tracker_db: SQLAlchemy URL of the tracker store, which the desk reads.
        runs_actions: Whether the action server is ours to start (its host is this machine).
    """

    file: Path
    tracker_db: str
    runs_actions: bool


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
    return Endpoints(file, _tracker_db(settings, content.get("tracker_store") or {}), local)


def _tracker_db(settings: Settings, store: dict[str, Any]) -> str:
    """Return the SQLAlchemy URL of the SQLite tracker store.

    Its autoincrement ids are a durable stream in commit order; other databases do not promise that.
    """
    if str(store.get("type", "")).lower() != "sql" or store.get("dialect") != "sqlite":
        raise PreflightError(
            "`tracker_store` in endpoints.yml must be `type: SQL`, `dialect: sqlite` for the desk "
            f"to follow it. Received: type={store.get('type')}, dialect={store.get('dialect')}."
        )
    path = settings.project / str(store.get("db", "rasa.db"))
    path.parent.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{path}"
