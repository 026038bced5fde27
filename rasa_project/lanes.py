"""Works through stored queues side by side, each of them in order."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

logger = logging.getLogger(__name__)

_IDLE_SECONDS: Final = 5.0
_FAULT_SECONDS: Final = 1.0


@dataclass(frozen=True)
class Head:
    """The first entry of a queue.

    Attributes:
        id: The entry.
        lane: The queue; no two of its entries are worked on at a time.
        group: Queues of a group share a limit and a pause.
        due: Seconds since 1970 before which it rests.
    """

    id: int
    lane: Hashable
    group: str
    due: float


class Lanes:
    """The worker.

    Args:
        name: What the log calls the queues.
        heads: Reads the first entry of each queue from the store; called on a thread.
        work: Works on one entry; what it raises is logged, and the entry tried again.
        parallel: Entries of a group at a time.
    """

    def __init__(
        self,
        name: str,
        heads: Callable[[], list[Head]],
        work: Callable[[int], Awaitable[None]],
        parallel: int,
    ) -> None:
        self._name = name
        self._heads = heads
        self._work = work
        self._parallel = parallel
        self._new = asyncio.Event()
        self._busy: dict[Hashable, tuple[str, asyncio.Task[None]]] = {}
        self._paused: dict[str, float] = {}

    def wake(self) -> None:
        """Say that there is something new."""
        self._new.set()

    def pause(self, group: str, seconds: float) -> None:
        """Leave a group alone for a while."""
        self._paused[group] = max(self._paused.get(group, 0.0), time.time() + seconds)

    async def run(self) -> None:
        """Work for ever."""
        try:
            while True:
                self._new.clear()
                await woken(self._new, await self._start_due())
        finally:
            for _, task in self._busy.values():
                task.cancel()

    async def _start_due(self) -> float:
        """Begin what is due; return the seconds until the next."""
        before = set(self._busy)
        try:
            heads = await asyncio.to_thread(self._heads)
        except Exception:  # a locked or full disk passes
            logger.exception("The %s cannot be read; the desk tries again.", self._name)
            return _IDLE_SECONDS
        now, wait = time.time(), _IDLE_SECONDS
        running = Counter(group for group, _ in self._busy.values())
        for head in heads:
            due = max(head.due, self._paused.get(head.group, 0.0))
            # Who ended while the store was read may stand there as before its end; it is read anew.
            if head.lane in self._busy or head.lane in before:
                continue
            if due > now:
                wait = min(wait, due - now)
            elif running[head.group] < self._parallel:
                running[head.group] += 1
                task = asyncio.create_task(self._try(head.id))
                self._busy[head.lane] = (head.group, task)
                task.add_done_callback(partial(self._free, head.lane))
        return wait

    async def _try(self, entry_id: int) -> None:
        try:
            await self._work(entry_id)
        except asyncio.CancelledError:
            raise
        except Exception:
            logger.exception("Entry %s of the %s failed; it is tried again.", entry_id, self._name)
            await asyncio.sleep(_FAULT_SECONDS)

    def _free(self, lane: Hashable, _task: Any) -> None:
        self._busy.pop(lane, None)
        self._new.set()


async def woken(event: asyncio.Event, seconds: float) -> bool:
    """Rest until there is something new; say whether the event came in time."""
    # Not by `wait_for`: Python 3.10's loses a cancellation that comes as its future is done.
    waiting = asyncio.create_task(event.wait())
    try:
        await asyncio.wait({waiting}, timeout=seconds)
        return event.is_set()
    finally:
        waiting.cancel()
