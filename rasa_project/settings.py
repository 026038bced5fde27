"""Where a running Attune keeps its things: folders, addresses and secrets, in one place."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

LOOPBACK = "127.0.0.1"  # nothing listens beyond this machine unless the operator says so
RASA_PORT = 5005
ACTIONS_PORT = 5055
DESK_PORT = 5010
_SECRET_BYTES = 32


@dataclass(frozen=True)
class Settings:
    """What the supervisor needs to know before it starts anything.

    Attributes:
        project: Folder that holds `config.yml`, `endpoints.yml` and `actions/`.
        rasa_port: Port of the Rasa server, which also serves the widget and the shop page.
        actions_port: Port of the action server.
        desk_port: Port of the agent desk.
    """

    project: Path
    rasa_port: int = RASA_PORT
    actions_port: int = ACTIONS_PORT
    desk_port: int = DESK_PORT

    @property
    def home(self) -> Path:
        """Folder of the run-time state: databases, logs, secrets."""
        return self.project / ".attune"

    @property
    def logs(self) -> Path:
        """Folder with one log file a process."""
        return self.home / "logs"

    @property
    def models(self) -> Path:
        """Folder of trained Rasa models."""
        return self.project / "models"

    @property
    def rasa_url(self) -> str:
        """Address of the Rasa server."""
        return f"http://localhost:{self.rasa_port}"

    @property
    def desk_url(self) -> str:
        """Address of the agent desk."""
        return f"http://localhost:{self.desk_port}"

    @property
    def desk_db(self) -> str:
        """SQLAlchemy URL of the desk's own database."""
        return f"sqlite:///{self.home / 'desk.db'}"

    @property
    def shop_url(self) -> str:
        """Address of the demo shop page with the chat widget."""
        return f"{self.rasa_url}/webhooks/webchat/shop"


@dataclass(frozen=True)
class Secrets:
    """The secret that an installation's programs share, made once and kept.

    Attributes:
        rasa_token: Opens Rasa's HTTP API (`?token=`).
    """

    rasa_token: str


def load_secrets(home: Path) -> Secrets:
    """Return the installation's secrets; an environment variable goes before the kept file.

    The file `secrets.json` is made on first use and readable by its owner only.

    Args:
        home: Folder of the run-time state; it exists.

    Raises:
        ValueError: The file is there but is not what this function wrote.
    """
    path = home / "secrets.json"
    if not path.exists():
        _write_new(path, {name: secrets.token_urlsafe(_SECRET_BYTES) for name in _NAMES})
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return Secrets(**{name: os.environ.get(_NAMES[name]) or kept[name] for name in _NAMES})
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise ValueError(
            f"{path} is damaged ({error!r}). Delete it and start again: a new secret is made."
        ) from error


_NAMES = {"rasa_token": "ATTUNE_RASA_TOKEN"}


def _write_new(path: Path, content: dict[str, str]) -> None:
    """Write a file that only its owner may read; whole or not at all, also when killed midway."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
