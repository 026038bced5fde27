"""Sends what is in the outbox: in order for a customer, at the pace that the provider allows."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Final

from rasa_project.channels.messaging.errors import MaybeSent, NotSent
from rasa_project.channels.messaging.outbox import Outbox
from rasa_project.channels.messaging.provider import Provider
from rasa_project.lanes import Lanes

logger = logging.getLogger(__name__)

PARALLEL: Final = 16  # customers at a time


class Sender:
    """Works through one channel's outbox.

    Args:
        provider: The channel.
        outbox: Its parts.
    """

    def __init__(self, provider: Provider, outbox: Outbox) -> None:
        self._provider = provider
        self._outbox = outbox
        self._lanes = Lanes(f"outbox of {provider.name}", outbox.heads, self._work, PARALLEL)
        self._next_at = 0.0

    def wake(self) -> None:
        """Say that there is something new to send."""
        self._lanes.wake()

    async def run(self) -> None:
        """Send for ever."""
        await self._lanes.run()

    async def _work(self, entry_id: int) -> None:
        errand = await asyncio.to_thread(self._outbox.begin, entry_id)
        if errand is None:
            return
        await self._wait_for_turn()
        try:
            remote_id = await self._provider.send(errand.to, errand.part)
        except (NotSent, MaybeSent) as error:
            await self._fail(entry_id, error)
        except Exception as error:  # an answer of another form than the provider documents
            logger.exception("%s: sending message %s failed.", self._provider.name, entry_id)
            await self._fail(entry_id, MaybeSent(repr(error)))
        else:
            await asyncio.to_thread(self._outbox.sent, entry_id, remote_id)

    async def _fail(self, entry_id: int, error: NotSent | MaybeSent) -> None:
        if isinstance(error, NotSent) and error.everyone and error.retry_after is not None:
            self._lanes.pause(self._provider.name, error.retry_after)
        await asyncio.to_thread(self._outbox.failed, entry_id, error)

    async def _wait_for_turn(self) -> None:
        """Keep the channel's own limit."""
        now = time.monotonic()
        at = max(now, self._next_at)
        self._next_at = at + 1.0 / self._provider.limits.per_second
        if at > now:
            await asyncio.sleep(at - now)
