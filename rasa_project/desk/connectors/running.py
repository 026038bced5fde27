"""The connectors of a running desk: fed, sending and receiving."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from rasa_project.desk.connectors import feed, registry
from rasa_project.desk.connectors.inbox import ConnectorInbox
from rasa_project.desk.connectors.sender import ConnectorSender, Publish
from rasa_project.desk.connectors.settings import ConnectorsFile
from rasa_project.desk.store.database import Store


@dataclass(frozen=True)
class Connectors:
    """What the desk holds of them.

    Attributes:
        names: Of those in use.
        sender: Sends what is stored.
        inbox: Takes webhooks.
    """

    names: frozenset[str]
    sender: ConnectorSender
    inbox: ConnectorInbox

    def work(self) -> list[Coroutine[Any, Any, None]]:
        """Return what has to run as long as the desk does."""
        return [self.sender.run(), self.inbox.run()] if self.names else []


@asynccontextmanager
async def open_connectors(
    file: ConnectorsFile, store: Store, publish: Publish
) -> AsyncIterator[Connectors]:
    """Give the connectors, fed by every change of the store from here on.

    Raises:
        StartError: A connector's settings are wrong.
    """
    async with registry.opened(file) as found:
        sender = ConnectorSender(store, found, file.desk_url, publish)
        loop = asyncio.get_running_loop()

        def wake() -> None:
            loop.call_soon_threadsafe(sender.wake)

        if found:
            feed.attach(store, tuple(found), wake)
        yield Connectors(frozenset(found), sender, ConnectorInbox(store, found, publish))
