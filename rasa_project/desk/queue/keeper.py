"""Keeps the queue: takes in who arrives, wakes what was put off, minds the clocks, tells customers.

Everything it knows stands in the store, and each round is one transaction; so after a kill it goes
on where it was, and nothing is told or counted twice.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import select

from rasa_project.desk.queue import absence, snooze, teams, timers, waiting
from rasa_project.desk.queue.config import DeskConfig
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import Ticket
from rasa_project.desk.tickets import states
from rasa_project.desk.tickets.changes import Changes
from rasa_project.lanes import woken

logger = logging.getLogger(__name__)

ROUND_SECONDS = 1.0
_SETTLE_SECONDS = 0.05  # several changes at once are one round

Publish = Callable[[Changes], Awaitable[None]]


class QueueKeeper:
    """Goes its rounds.

    Args:
        store: The desk's store.
        config: The desk's file.
        present: Gives the ids of the agents who are there.
        anybody: Says whether anybody is there.
        wake_sender: Called when there is something to send.
    """

    def __init__(
        self,
        store: Store,
        config: DeskConfig,
        present: Callable[[], set[int]],
        anybody: Callable[[], bool],
        wake_sender: Callable[[], None],
    ) -> None:
        self._store = store
        self._config = config
        self._present = present
        self._anybody = anybody
        self._wake_sender = wake_sender
        self._new = asyncio.Event()

    def wake(self) -> None:
        """Say that something has changed."""
        self._new.set()

    async def run(self, publish: Publish) -> None:
        """Go rounds for ever.

        Args:
            publish: Told of the changes after each round.
        """
        while True:
            self._new.clear()
            try:
                changes = await asyncio.to_thread(
                    self.round, time.time(), self._present(), self._anybody()
                )
                if changes:
                    self._wake_sender()
                    await publish(changes)
            except Exception:  # a locked or full disk passes; the queue must go on then
                logger.exception("A round of the queue failed; the desk tries again.")
            if await woken(self._new, ROUND_SECONDS):
                await asyncio.sleep(_SETTLE_SECONDS)

    def round(self, now: float, present: set[int], anybody: bool) -> Changes:
        """Do what is due, in one transaction.

        Args:
            now: Seconds since 1970.
            present: The ids of the agents who are there.
            anybody: Whether anybody is there.

        Returns:
            What changed.
        """
        config = self._config
        with self._store.write() as session:
            changes = enter(session, config, now)
            changes |= snooze.wake_due(session, now)
            changes |= timers.follow(session, config, now)
            changes |= absence.take_contacts(session)
            why = absence.reason(config, now, anybody)
            if why is not None:
                if config.tell_absence:
                    changes |= absence.tell(session, config, now, why)
            elif config.tell_place:
                work = teams.all_work(session)
                here = {agent_id: work[agent_id] for agent_id in present if agent_id in work}
                changes |= waiting.tell(session, now, here)
        return changes


def enter(session: Any, config: DeskConfig, now: float) -> Changes:
    """Give each new ticket its team and its first timer."""
    changes = Changes()
    query = select(Ticket).where(Ticket.state.in_(states.OPEN), Ticket.entered_at.is_(None))
    for ticket in session.scalars(query).all():
        ticket.team = ticket.team or teams.team_of(config, ticket.conversation)
        ticket.entered_at = now
        timers.start(session, config, ticket, timers.FIRST, ticket.opened_at)
        changes.tickets.add(ticket.id)
    return changes
