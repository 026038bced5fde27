"""The database and the presence that all channels of a server process share."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from typing import Final

from sqlalchemy import delete

from rasa_project.channels.messaging.database import Database, address
from rasa_project.channels.messaging.presence import Presence
from rasa_project.channels.messaging.tables import Outgoing, Received

logger = logging.getLogger(__name__)

# Longer than any provider delivers again, and as long as an old button works.
DONE_SECONDS: Final = 30 * 24 * 3600.0
DEAD_SECONDS: Final = 90 * 24 * 3600.0
_SWEEP_SECONDS: Final = 3600.0


class Hub:
    """What the channels of one process have in common.

    Args:
        url: SQLAlchemy URL of the database.
    """

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self.database.open()
        self.presence = Presence(self.database)
        self.presence.start()

    def close(self) -> None:
        """Say that this process works no more, and let go of the database."""
        self.presence.stop()
        self.database.close()


# By process as well: a server forks its workers after it has made the channels.
_hubs: dict[tuple[int, str], Hub] = {}
_users: dict[Hub, int] = {}


def enter() -> Hub:
    """Return this process's hub, opened for the first who asks.

    Raises:
        StartError: The database cannot be used.
    """
    key = (os.getpid(), address())
    if key not in _hubs:
        _hubs[key] = Hub(key[1])
    hub = _hubs[key]
    _users[hub] = _users.get(hub, 0) + 1
    return hub


def leave(hub: Hub) -> None:
    """Say that one of those who asked is done; the last one closes it."""
    _users[hub] -= 1
    if _users[hub]:
        return
    del _users[hub]
    for key in [key for key, value in _hubs.items() if value is hub]:
        del _hubs[key]
    hub.close()


async def sweep(database: Database, channel: str) -> None:
    """Forget what a channel has dealt with long ago, for ever."""
    while True:
        try:
            await asyncio.to_thread(forget, database, channel, time.time())
        except Exception:
            logger.exception("%s: what is old could not be deleted.", channel)
        await asyncio.sleep(_SWEEP_SECONDS)


def forget(database: Database, channel: str, now: float) -> None:
    """Delete what ended long before a time."""
    with database.write() as session:
        for entry in (Received, Outgoing):
            for state, kept in (("done", DONE_SECONDS), ("dead", DEAD_SECONDS)):
                old = [entry.channel == channel, entry.state == state]
                session.execute(delete(entry).where(*old, entry.ended_at < now - kept))
