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
from functools import partial
from typing import Any

from sqlalchemy import func, select

from rasa_project.desk.changes import Changes
from rasa_project.desk.models import Message, OutboxEntry
from rasa_project.desk.rasa_client import MaybeDelivered, NotDelivered, RasaClient
from rasa_project.desk.store import Store

logger = logging.getLogger(__name__)

# With the waits below this is three quarters of an hour: longer than a restart or an upgrade.
MAX_ATTEMPTS = 50
_FIRST_WAIT_SECONDS = 0.5
_LONGEST_WAIT_SECONDS = 60.0
_IDLE_SECONDS = 5.0
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
        max_attempts: After so many failures an entry is given up and the ones behind it go on.
    """

    def __init__(self, store: Store, rasa: RasaClient, max_attempts: int = MAX_ATTEMPTS) -> None:
        self._store = store
        self._rasa = rasa
        self._max_attempts = max_attempts
        self._new = asyncio.Event()
        self._busy: dict[str, asyncio.Task[None]] = {}

    def wake(self) -> None:
        """Say that there is something new to send."""
        self._new.set()

    async def run(self, publish: Publish) -> None:
        """Send for ever.

        Args:
            publish: Told of the changes after each attempt.
        """
        try:
            while True:
                self._new.clear()
                await self._sleep_or_wake(await self._start_due(publish))
        finally:
            for task in self._busy.values():
                task.cancel()

    async def _sleep_or_wake(self, seconds: float) -> None:
        """Return when there is something new, at the latest after some seconds.

        Not by `wait_for`: Python 3.10's loses a cancellation that comes as its future is done.
        """
        woken = asyncio.create_task(self._new.wait())
        try:
            await asyncio.wait({woken}, timeout=seconds)
        finally:
            woken.cancel()

    async def _start_due(self, publish: Publish) -> float:
        """Begin an attempt for each conversation that is due; return the seconds until the next."""
        try:
            heads = await asyncio.to_thread(self._heads)
        except Exception:  # a locked or full disk passes; the outbox must go on then
            logger.exception("The outbox cannot be read; the desk tries again.")
            return _IDLE_SECONDS
        now, wait = time.time(), _IDLE_SECONDS
        for entry_id, conversation, due in heads:
            if conversation in self._busy:
                continue
            if due > now:
                wait = min(wait, due - now)
            elif len(self._busy) < _MAX_PARALLEL:
                task = asyncio.create_task(self._attempt(entry_id, publish))
                self._busy[conversation] = task
                task.add_done_callback(partial(self._free, conversation))
        return wait

    def _free(self, conversation: str, _task: asyncio.Task[None]) -> None:
        self._busy.pop(conversation, None)
        self._new.set()

    def _heads(self) -> list[Any]:
        """Return each conversation's first pending entry; the ones behind wait for it."""
        first = (
            select(func.min(OutboxEntry.id))
            .where(OutboxEntry.state == "pending")
            .group_by(OutboxEntry.conversation_id)
        )
        entry = select(OutboxEntry.id, OutboxEntry.conversation_id, OutboxEntry.next_attempt_at)
        with self._store.read() as session:
            return list(session.execute(entry.where(OutboxEntry.id.in_(first))).all())

    async def _attempt(self, entry_id: int, publish: Publish) -> None:
        try:
            attempt = await asyncio.to_thread(self._begin, entry_id)
            if attempt is None:
                return
            error = await self._send(attempt)
            await publish(await asyncio.to_thread(self._finish, attempt, error))
        except asyncio.CancelledError:
            raise
        except Exception:
            logger.exception("Sending entry %s of the outbox failed; it is tried again.", entry_id)
            await asyncio.sleep(_FIRST_WAIT_SECONDS)

    def _begin(self, entry_id: int) -> _Attempt | None:
        with self._store.write() as session:
            entry = session.get(OutboxEntry, entry_id)
            if entry.state != "pending":
                return None  # its events were read in Rasa's table meanwhile
            look_first = entry.uncertain
            entry.attempts += 1
            entry.uncertain = True
            return _Attempt(
                entry.id, entry.conversation_id, entry.message_id, entry.events, look_first
            )

    async def _send(self, attempt: _Attempt) -> Exception | None:
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

    def _finish(self, attempt: _Attempt, error: Exception | None) -> Changes:
        with self._store.write() as session:
            entry = session.get(OutboxEntry, attempt.entry_id)
            if error is None:
                entry.state, entry.sent_at, entry.error = "sent", entry.sent_at or time.time(), None
            elif entry.state == "pending":
                self._put_off(entry, error)
            query = select(Message.id).where(Message.message_id == entry.message_id)
            return Changes(tickets={entry.ticket_id}, messages={session.scalar(query)})

    def _put_off(self, entry: OutboxEntry, error: Exception) -> None:
        entry.error = str(error)
        entry.uncertain = isinstance(error, MaybeDelivered)
        hopeless = isinstance(error, NotDelivered) and error.hopeless
        if hopeless or entry.attempts >= self._max_attempts:
            entry.state = "dead"
            logger.error("Message %s is given up: %s", entry.message_id, error)
            return
        entry.next_attempt_at = time.time() + wait_seconds(entry.attempts)
        if entry.attempts == 1:
            logger.warning("Message %s waits for Rasa: %s", entry.message_id, error)
