"""Which server processes are alive: what a dead one had begun, another one takes over."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
from pathlib import Path
from typing import Any, Final

from sqlalchemy import delete, select

from rasa_project.channels.messaging.database import Database
from rasa_project.channels.messaging.tables import Worker

logger = logging.getLogger(__name__)

# Longer than a machine under load may stop for; a dead process elsewhere is noticed after it.
ALIVE_SECONDS: Final = 30.0
_BEAT_SECONDS: Final = 5.0
_FORGOTTEN_SECONDS: Final = 24 * 3600.0


class Presence:
    """This process among those that share a database.

    Args:
        database: The shared database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self.id = f"{_place()}|{os.getpid()}|{secrets.token_hex(8)}"

    def start(self) -> None:
        """Say that this process lives, and go on saying so.

        On a thread of its own: Rasa holds up the event loop while it thinks.
        """
        self._beat()
        self._thread = threading.Thread(target=self._go_on, name="channels", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Say that this process is gone."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
        try:
            with self._database.write() as session:
                session.execute(delete(Worker).where(Worker.id == self.id))
        except Exception:
            logger.exception("The channels' database could not be told that this server ends.")

    def _go_on(self) -> None:
        while not self._ended.wait(_BEAT_SECONDS):
            try:
                self._beat()
            except Exception:
                logger.exception("The channels' database cannot be written.")

    def _beat(self) -> None:
        now = time.time()
        with self._database.write() as session:
            session.merge(Worker(id=self.id, alive_until=now + ALIVE_SECONDS))
            old = Worker.alive_until < now - _FORGOTTEN_SECONDS
            session.execute(delete(Worker).where(old))


def living(session: Any) -> list[str]:
    """Return the ids of the processes that live."""
    query = select(Worker.id).where(Worker.alive_until >= time.time())
    return [name for name in session.scalars(query) if not _is_dead_here(name)]


def _is_dead_here(name: str) -> bool:
    """Say whether a process is known to be dead without waiting: one of this very system."""
    place, number, _ = name.split("|")
    if place != _place() or not place:
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _place() -> str:
    """Name the system in which process numbers mean the same; empty where nobody can tell."""
    try:
        return f"{socket.gethostname()}/{Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""
