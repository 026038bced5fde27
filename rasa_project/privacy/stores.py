"""Finds the stores of a project that know customers, and opens those that can be reached."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlalchemy.exc import DatabaseError

from emotion_component.errors import EmotionError
from rasa_project.channels.messaging import database as messaging
from rasa_project.channels.messaging.erasing import ChannelRows
from rasa_project.channels.webchat.erasing import ChatRows
from rasa_project.conversations import source, sql_store
from rasa_project.conversations.erasing import SqlEvents
from rasa_project.desk import settings as desk_settings
from rasa_project.desk.store.database import Store
from rasa_project.errors import StartError
from rasa_project.settings import Settings

CHANNEL: Final = "rasa_project.channels.webchat.WebChatInput"
TRACKER: Final = "Rasa's tracker store"
BROKER: Final = "Rasa's event broker"
_BROKER_FILE: Final = "events.db"  # Rasa's default for its SQL event broker
_NAMES: Final = {"redis": "redistrackerstore", "mongod": "mongotrackerstore"}
# What to do where the rows are in nobody's reach here; the id takes the place of {id}.
_BY_HAND: Final = {
    "redis": "redis-cli DEL '{prefix}tracker:{id}'",
    "mongod": "mongosh {db} --eval 'db.{collection}.deleteMany({{sender_id: \"{id}\"}})'",
    "dynamo": "aws dynamodb delete-item --table-name {table_name} "
    '--key \'{{"sender_id": {{"S": "{id}"}}}}\'',
}
_DEFAULTS: Final = {"db": "rasa", "collection": "conversations", "table_name": "states"}


@dataclass
class Stores:
    """The stores of a project; none stands for one that the project does not use.

    Attributes:
        events: Rasa's own tables of events, by what they are.
        channels: The messaging channels.
        desk: The agents' desk.
        chat: The web chat.
        by_hand: What is in nobody's reach here, and what to do, with `{id}` for a conversation.
    """

    events: dict[str, SqlEvents] = field(default_factory=dict)
    channels: ChannelRows | None = None
    desk: Store | None = None
    chat: ChatRows | None = None
    by_hand: dict[str, str] = field(default_factory=dict)

    def all(self) -> list[Any]:
        """Return those that are open."""
        each = [*self.events.values(), self.channels, self.desk, self.chat]
        return [one for one in each if one is not None]

    def close(self) -> None:
        """Let go of all of them."""
        for one in self.all():
            one.close()


@contextmanager
def faults_told() -> Iterator[None]:
    """Say in a sentence what a database did wrong.

    Raises:
        EmotionError: It is locked for too long, away, or damaged.
    """
    try:
        yield
    except DatabaseError as error:
        cause = str(error.orig).strip().splitlines()[0]
        raise EmotionError(
            f"A store cannot be used: {cause}. What is gone is gone; run the command again for "
            "the rest."
        ) from error


def open_stores(project: Path) -> Stores:
    """Open what a project has.

    Args:
        project: Folder with credentials.yml and endpoints.yml.

    Raises:
        EmotionError: A file cannot be read, or a store not be opened.
    """
    # As `python -m rasa_project` does; a relative address of a store means a place in the project.
    os.environ.setdefault("ATTUNE_HOME", str(project.resolve() / ".attune"))
    stores = Stores()
    try:
        _open_events(stores, project)
        chat, folders = _channels(project)
        stores.desk = _desk(project)
        stores.channels = _messaging(project, folders)
        if chat is not None:
            stores.chat = ChatRows(chat)
            stores.chat.open()
    except StartError as error:
        stores.close()
        raise EmotionError(str(error)) from error
    except BaseException:
        stores.close()
        raise
    return stores


def _open_events(stores: Stores, project: Path) -> None:
    tracker = source.endpoint(project, "tracker_store")
    if tracker is not None:
        kind = str(tracker["type"]).lower()
        if kind == "sql":
            where = sql_store.address(tracker, project)
            stores.events[TRACKER] = SqlEvents(where)
        else:
            stores.by_hand[f"{TRACKER} of type {kind}"] = _advice(kind, tracker)
    broker = source.endpoint(project, "event_broker")
    kind = "" if broker is None else str(broker["type"]).lower()
    if broker is not None and kind == "sql":
        where = sql_store.address(broker, project, _BROKER_FILE)
        stores.events[BROKER] = SqlEvents(where)
    elif broker is not None and kind == "file":
        path = broker.get("path", "rasa_event.log")
        stores.by_hand[f"{BROKER}'s file"] = f"Take the lines with {{id}} out of {path}."
    elif kind not in ("", "pika"):
        stores.by_hand[f"{BROKER} of type {kind}"] = (
            "It keeps what it has of {id} as long as it is told to: end that there."
        )


def _advice(kind: str, tracker: dict[str, Any]) -> str:
    kind = next((short for short, long in _NAMES.items() if kind == long), kind)
    advice = _BY_HAND.get(kind)
    if advice is None:
        return "It has to be told to delete {id}."
    prefix = tracker.get("key_prefix")
    values = {**_DEFAULTS, **tracker, "id": "{id}", "prefix": f"{prefix}:" if prefix else ""}
    return advice.format(**values)


def _channels(project: Path) -> tuple[Any, list[Path]]:
    """Return the web chat's settings, none without one, and the folders of all channels' files."""
    # Rasa takes seconds to import, which no other subcommand shall wait for.
    from rasa.shared.exceptions import RasaException
    from rasa.shared.utils.io import read_config_file

    from rasa_project.channels.webchat.settings import Settings as ChatSettings

    path = project / "credentials.yml"
    try:
        sections = (read_config_file(path) if path.exists() else {}) or {}
        chat = ChatSettings(sections[CHANNEL] or {}) if CHANNEL in sections else None
    except RasaException as error:
        raise EmotionError(f"{path} cannot be used: {error}") from error
    folders = {Path(os.environ["ATTUNE_HOME"]) / "files"}
    if chat is not None and chat.files is not None:
        folders.add(chat.files.folder)
    for section in sections.values():
        files = section.get("files") if isinstance(section, dict) else None
        if isinstance(files, dict) and files.get("folder"):
            folders.add(Path(str(files["folder"])))
    return chat, sorted(folders)


def _messaging(project: Path, folders: list[Path]) -> ChannelRows | None:
    address = messaging.address(project)
    if _is_missing(address):
        return None
    return ChannelRows(messaging.Database(address), folders)


def _desk(project: Path) -> Store | None:
    """Open the database that the launcher gives the desk, brought up to date."""
    address = Settings(project.resolve()).desk_db
    if "ATTUNE_DESK_DB" in os.environ:
        address = desk_settings.desk_db()
    if _is_missing(address):
        return None
    store = Store(address)
    store.open()
    return store


def _is_missing(address: str) -> bool:
    scheme, _, path = address.partition(":///")
    return scheme.startswith("sqlite") and not Path(path).is_file()
