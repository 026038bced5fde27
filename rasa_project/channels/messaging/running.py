"""A channel at work in one server process."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from rasa_project.channels.messaging import hub, inbox
from rasa_project.channels.messaging.agent_typing import AgentTyping
from rasa_project.channels.messaging.answering import Answerer, OnNewMessage
from rasa_project.channels.messaging.inbox import Inbox
from rasa_project.channels.messaging.media.fetching import Fetcher
from rasa_project.channels.messaging.media.keeping import Keeping
from rasa_project.channels.messaging.media.shelf import Shelf
from rasa_project.channels.messaging.outbox import Outbox
from rasa_project.channels.messaging.provider import Provider
from rasa_project.channels.messaging.rasa_side import RasaSide
from rasa_project.channels.messaging.sending import Sender
from rasa_project.channels.messaging.turn import Reading, Turn

logger = logging.getLogger(__name__)

_AGAIN_SECONDS = 5.0


class Running:
    """Inbox and outbox of one channel, and who works through them.

    Args:
        provider: The channel.
        on_new_message: Passes a message to Rasa.
        rasa: Rasa besides.
        keeping: What is kept of the files that customers send; none for nothing.

    Raises:
        StartError: The database cannot be used.
    """

    def __init__(
        self,
        provider: Provider,
        on_new_message: OnNewMessage,
        rasa: RasaSide,
        keeping: Keeping | None,
    ) -> None:
        self.provider = provider
        self._hub = hub.enter()
        place = (self._hub.database, self._hub.presence)
        self.inbox = Inbox(*place, provider.name)
        self.outbox = Outbox(*place, provider)
        self.sender = Sender(provider, self.outbox)
        kinds = provider.fetches if keeping else frozenset()
        self.shelf = Shelf(*place, provider.name, kinds)
        self.fetcher = Fetcher(provider, self.shelf, keeping) if keeping else None
        self.answerer = Answerer(
            provider, self.inbox, self.outbox, rasa, on_new_message, self._note, self.sender.wake
        )
        self.typing = AgentTyping(provider, self._hub.database)
        self._loop = asyncio.get_running_loop()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to work."""
        work: dict[str, Callable[[], Awaitable[None]]] = {
            "answers": self.answerer.run,
            "messages": self.sender.run,
            "old entries": partial(hub.sweep, self._hub.database, self.provider.name),
        }
        if self.fetcher is not None and self.provider.fetches:
            work |= {"files": self.fetcher.run, "old files": self.fetcher.sweep}
        if type(self.provider).listen is not Provider.listen:
            work["deliveries"] = partial(self.provider.listen, self.take)
        self._tasks = [asyncio.create_task(self._keep_up(*each)) for each in work.items()]

    async def take(self, reading: Reading) -> None:
        """Keep a delivery, and have its turns answered."""
        inbox.described(reading.ignored, self.provider.name)
        if not reading.turns and not reading.receipts:
            return
        if await asyncio.to_thread(self.inbox.keep, reading):
            self.answerer.wake()

    def _note(self, turn: Turn) -> list[dict[str, Any]]:
        """Note the files of a turn, and have them fetched."""
        told = self.shelf.note(turn)
        if self.fetcher is not None and told:
            self._loop.call_soon_threadsafe(self.fetcher.wake)
        return told

    async def stop(self) -> None:
        """End the work; what is not done stays in the database."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.provider.http.close()
        await asyncio.to_thread(hub.leave, self._hub)

    async def _keep_up(self, what: str, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await work()
            except asyncio.CancelledError:
                raise
            except Exception:
                logger.exception("%s: the work on %s goes on.", self.provider.name, what)
            await asyncio.sleep(_AGAIN_SECONDS)
