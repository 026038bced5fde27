"""What the routes work with: the store, off the event loop, and those who hear of changes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rasa_project.desk.http.door import Door
from rasa_project.desk.http.live import Live
from rasa_project.desk.outbound.outbox import OutboxSender
from rasa_project.desk.outbound.rasa_client import RasaClient
from rasa_project.desk.people.policy import AccessPolicy
from rasa_project.desk.people.sessions import Sessions
from rasa_project.desk.queue.config import DeskConfig
from rasa_project.desk.store.database import Store
from rasa_project.desk.tickets.changes import Changes


@dataclass(frozen=True)
class Workshop:
    """The parts of a running desk.

    Attributes:
        store: The desk's store.
        sender: Woken when there is something to send.
        live: Told of every change.
        policy: What the operator decided about access.
        sessions: Of signed-in browsers.
        door: Lets in who may come.
        rasa: The server whose conversations come here.
        config: Teams, hours, limits and targets.
        connectors: Names of the other desks.
    """

    store: Store
    sender: OutboxSender
    live: Live
    policy: AccessPolicy
    sessions: Sessions
    door: Door
    rasa: RasaClient
    config: DeskConfig = field(default_factory=lambda: DeskConfig())
    connectors: frozenset[str] = frozenset()

    async def read(self, load: Callable[..., Any], *values: Any) -> Any:
        """Call `load(session, *values)` with a session that changes nothing."""

        def read() -> Any:
            with self.store.read() as session:
                return load(session, *values)

        return await asyncio.to_thread(read)

    async def write(self, change: Callable[..., Any], *values: Any) -> Any:
        """Call `change(session, *values)` in one transaction that nobody sees live."""

        def write() -> Any:
            with self.store.write() as session:
                return change(session, *values)

        return await asyncio.to_thread(write)

    async def change(self, change: Callable[..., Changes], *values: Any) -> Changes:
        """Call `change(session, *values)` in one transaction, then send and show what it made."""
        changes: Changes = await self.write(change, *values)
        self.sender.wake()
        await self.live.publish(changes)
        return changes
