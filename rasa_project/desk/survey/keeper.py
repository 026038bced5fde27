"""Sees to it that customers are asked, whoever closed their ticket and however the desk ended."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Final

from rasa_project.desk.store.database import Store
from rasa_project.desk.survey import asking
from rasa_project.desk.tickets.changes import Changes

logger = logging.getLogger(__name__)

_LOOK_SECONDS: Final = 5.0

Publish = Callable[[Changes], Awaitable[None]]


class SurveyKeeper:
    """Asks after each ticket that ended in a way after which customers are asked.

    What is due is read from the store, so nothing is forgotten with the process, and the row that
    is written with the question keeps it from being asked twice.

    Args:
        store: The desk's store.
        after: How a ticket must have ended; empty turns the survey off.
    """

    def __init__(self, store: Store, after: tuple[str, ...]) -> None:
        self._store = store
        self._after = after

    async def run(self, publish: Publish) -> None:
        """Ask for ever.

        Args:
            publish: Told of the changes after each question; it also has the outbox sent.
        """
        while self._after:
            try:
                for changes in await asyncio.to_thread(self.ask):
                    await publish(changes)
            except Exception:  # a locked or full disk passes; what is due stays due
                logger.exception("Customers could not be asked; the desk tries again.")
            await asyncio.sleep(_LOOK_SECONDS)
        await asyncio.Event().wait()  # a part of the desk that ends would end the desk

    def ask(self) -> list[Changes]:
        """Ask all that are due, each in a transaction of its own."""
        with self._store.read() as session:
            tickets = asking.due(session, self._after, time.time())
        return [self._ask(ticket) for ticket in tickets]

    def _ask(self, ticket: int) -> Changes:
        with self._store.write() as session:
            return asking.ask(session, ticket, self._after)
