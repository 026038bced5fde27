"""The turns of Rasa: one at a time in each thread, in order, each message once.

What a customer says is stored before anybody is told that it arrived; from there it is handed to
Rasa, by this process or, should it die, by the one that finds it left.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

from rasa.core.lock_store import LOCK_LIFETIME

from rasa_project.channels.trackers import has_heard
from rasa_project.channels.webchat.store import Database, messages
from rasa_project.channels.webchat.store.messages import Turn

logger = logging.getLogger(__name__)

# A database that restarts is back by then; longer, and the customer has to hear of it.
RETRY_PAUSES: Final = (0.5, 3.0)
# Rasa breaks its own lock after LOCK_LIFETIME; ours goes around it.
_LOCK_SECONDS: Final = LOCK_LIFETIME + 5
_LOCK_POLL_SECONDS: Final = 0.1

Handle = Callable[[Turn], Awaitable[None]]
Over = Callable[[str, Turn, str], Awaitable[None]]


class Turns:
    """Takes the messages that wait, thread by thread.

    Args:
        store: Where they wait.
        agent: Gives Rasa's agent.
        handle: Has Rasa answer one message; it returns when the turn is over.
        over: Told the thread, the turn and how it ended, handled or failed.
    """

    def __init__(
        self, store: Database, agent: Callable[[], Any], handle: Handle, over: Over
    ) -> None:
        self._store = store
        self._agent = agent
        self._handle = handle
        self._over = over
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()

    def wake(self, thread: str) -> None:
        """See to it that what waits in a thread is taken."""
        if thread in self._tasks:
            self._again.add(thread)
            return
        task = asyncio.create_task(self._drain(thread))
        self._tasks[thread] = task
        task.add_done_callback(lambda _: self._ended(thread))

    async def recover(self, seconds: float = 0.0) -> None:
        """Take up what has waited for longer than so many seconds, because its server died."""
        for thread in await self._store.read(messages.unfinished, seconds):
            self.wake(thread)

    def stop(self) -> None:
        """Leave what is under way to whoever recovers it."""
        for task in self._tasks.values():
            task.cancel()

    def _ended(self, thread: str) -> None:
        del self._tasks[thread]
        if thread in self._again:
            self._again.discard(thread)
            self.wake(thread)

    async def _drain(self, thread: str) -> None:
        try:
            while await self._take_next(thread):
                pass
        except Exception:
            logger.exception("What waits in the chat %s is taken up again later.", thread)

    async def _take_next(self, thread: str) -> bool:
        """Take the next message that waits in a thread; says whether there was one."""
        # Several workers may have heard of the same thread; Rasa's lock store knows of all. Its
        # locks lapse, so one is taken for each turn: many together may last longer.
        async with self._lock(thread) as lock:
            self._hold(lock)
            turn = await self._store.write(messages.claim, thread)
            if turn is not None:
                await self._take(thread, turn)
        return turn is not None

    def _hold(self, lock: Any) -> None:
        """Have the lock's time begin now: Rasa counts the waiting for it, too."""
        lock.tickets[0].expires = time.time() + _LOCK_SECONDS
        self._agent().lock_store.save_lock(lock)

    def _lock(self, thread: str) -> Any:
        locks = self._agent().lock_store
        return locks.lock(f"webchat {thread}", _LOCK_SECONDS, _LOCK_POLL_SECONDS)

    async def _take(self, thread: str, turn: Turn) -> None:
        status = "failed"
        for attempt, pause in enumerate((*RETRY_PAUSES, None)):
            try:
                if not ((turn.again or attempt) and await self._is_known(turn)):
                    await self._handle(turn)
                status = "handled"
                break
            except Exception:
                logger.exception("A message of conversation %s failed.", turn.sender)
            if pause is not None:
                await asyncio.sleep(pause)
        await self._store.write(
            messages.finish, turn.key, "done" if status == "handled" else status
        )
        await self._over(thread, turn, status)

    async def _is_known(self, turn: Turn) -> bool:
        return await has_heard(self._agent(), turn.sender, turn.message_id)
