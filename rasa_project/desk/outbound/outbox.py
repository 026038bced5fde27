"""Sends the outbox to Rasa: in order within a conversation, each entry exactly once.

An entry is marked uncertain before its request leaves. If the outcome stays unknown, whether
because Rasa failed midway or because the desk was killed, the next attempt first looks for the
entry's message id in the conversation.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from rasa_project.desk.outbound.rasa_client import MaybeDelivered, NotDelivered, RasaClient
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import Message, OutboxEntry
from rasa_project.desk.tickets.changes import Changes
from rasa_project.lanes import Head, Lanes

logger = logging.getLogger(__name__)

# With the waits below this is three quarters of an hour: longer than a restart or an upgrade.
MAX_ATTEMPTS = 50
_FIRST_WAIT_SECONDS = 0.5
_LONGEST_WAIT_SECONDS = 60.0
# Knocking at a closed door costs nothing, and the customer waits for a Rasa that is back.
_CLOSED_DOOR_SECONDS = 1.0
GIVE_UP_SECONDS = 45 * 60.0  # of a Rasa that cannot be reached at all
_MAX_PARALLEL = 8  # conversations at a time; Rasa handles requests one after the other anyway

Publish = Callable[[Changes], Awaitable[None]]


@dataclass(frozen=True)
class _Attempt:
    entry_id: int
    conversation: str
    message_id: str
    events: list[dict[str, Any]]
    look_first: bool


def wait_seconds(attempts: int) -> float:
    """Return how long to wait after a number of failed attempts, from half a second to a minute."""
    return float(min(_LONGEST_WAIT_SECONDS, _FIRST_WAIT_SECONDS * 2 ** min(attempts - 1, 10)))


class OutboxSender:
    """Works through the outbox.

    Args:
        store: The desk's store.
        rasa: Where entries go.
        publish: Told of the changes after each attempt.
        max_attempts: After so many failures an entry is given up and the ones behind it go on.
    """

    def __init__(
        self, store: Store, rasa: RasaClient, publish: Publish, max_attempts: int = MAX_ATTEMPTS
    ) -> None:
        self._store = store
        self._rasa = rasa
        self._publish = publish
        self._max_attempts = max_attempts
        self._lanes = Lanes("outbox", self._heads, self._attempt, _MAX_PARALLEL)

    def wake(self) -> None:
        """Say that there is something new to send."""
        self._lanes.wake()

    async def run(self) -> None:
        """Send for ever."""
        await self._lanes.run()

    def _heads(self) -> list[Head]:
        """Return each conversation's first pending entry; the ones behind wait for it."""
        first = (
            select(func.min(OutboxEntry.id))
            .where(OutboxEntry.state == "pending")
            .group_by(OutboxEntry.conversation_id)
        )
        entry = select(OutboxEntry.id, OutboxEntry.conversation_id, OutboxEntry.next_attempt_at)
        with self._store.read() as session:
            rows = session.execute(entry.where(OutboxEntry.id.in_(first))).all()
        return [Head(row[0], row[1], "rasa", row[2]) for row in rows]

    async def _attempt(self, entry_id: int) -> None:
        attempt = await asyncio.to_thread(self._begin, entry_id)
        if attempt is not None:
            error = await self._send(attempt)
            await self._publish(await asyncio.to_thread(self._finish, attempt, error))

    def _begin(self, entry_id: int) -> _Attempt | None:
        with self._store.write() as session:
            entry = session.get(OutboxEntry, entry_id)
            if entry is None or entry.state != "pending":
                return None  # its events were read in Rasa's table meanwhile, or it was erased
            look_first = entry.uncertain
            entry.attempts += 1
            entry.uncertain = True
            return _Attempt(
                entry.id, entry.conversation_id, entry.message_id, entry.events, look_first
            )

    async def _send(self, attempt: _Attempt) -> NotDelivered | MaybeDelivered | None:
        """Return None once Rasa has the events, else what went wrong."""
        try:
            if attempt.look_first and await self._rasa.has_said(
                attempt.conversation, attempt.message_id
            ):
                return None
            await self._rasa.append(attempt.conversation, attempt.events)
        except (NotDelivered, MaybeDelivered) as error:
            return error
        return None

    def _finish(self, attempt: _Attempt, error: NotDelivered | MaybeDelivered | None) -> Changes:
        with self._store.write() as session:
            entry = session.get(OutboxEntry, attempt.entry_id)
            # Its customer was erased; SQLite gives the number to another entry then.
            if entry is None or entry.message_id != attempt.message_id:
                return Changes()
            if error is None:
                entry.state, entry.sent_at, entry.error = "sent", entry.sent_at or time.time(), None
            elif entry.state == "pending":
                self._put_off(entry, error)
            query = select(Message.id).where(Message.message_id == entry.message_id)
            return Changes(tickets={entry.ticket_id}, messages={session.scalar(query)})

    def _put_off(self, entry: OutboxEntry, error: NotDelivered | MaybeDelivered) -> None:
        if entry.error is None:
            logger.warning("Message %s waits for Rasa: %s", entry.message_id, error)
        entry.error = str(error)
        entry.uncertain = isinstance(error, MaybeDelivered)
        if error.unreachable:
            entry.attempts -= 1  # Rasa was not asked
        if self._is_in_vain(entry, error):
            entry.state = "dead"
            logger.error("Message %s is given up: %s", entry.message_id, error)
            return
        wait = _CLOSED_DOOR_SECONDS if error.unreachable else wait_seconds(entry.attempts)
        entry.next_attempt_at = time.time() + wait

    def _is_in_vain(self, entry: OutboxEntry, error: NotDelivered | MaybeDelivered) -> bool:
        if error.unreachable:
            return bool(time.time() - entry.created_at > GIVE_UP_SECONDS)
        hopeless = isinstance(error, NotDelivered) and error.hopeless
        return hopeless or bool(entry.attempts >= self._max_attempts)
