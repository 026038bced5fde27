"""Entries of several queues, each worked off in order."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from rasa_project.lanes import Head, Lanes, woken


async def test_an_entry_that_ends_while_the_store_is_read_is_not_begun_by_its_old_state() -> None:
    began: list[float] = []
    due, read_again, ended = [0.0], threading.Event(), threading.Event()

    def heads() -> list[Head]:
        found = [Head(1, "lane", "group", due[0])]
        if len(began) == 1 and not ended.is_set():
            read_again.set()
            ended.wait(5.0)  # what was found is old by now
            time.sleep(0.05)
        return found

    async def work(_entry: int) -> None:
        began.append(time.time())
        if len(began) == 1:
            lanes.wake()
            await asyncio.to_thread(read_again.wait, 5.0)
            due[0] = time.time() + 60.0  # it has to wait
            ended.set()

    lanes = Lanes("queue", heads, work, 4)
    running = asyncio.create_task(lanes.run())
    await asyncio.to_thread(ended.wait, 5.0)
    await asyncio.sleep(0.3)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert read_again.is_set() and len(began) == 1


async def test_a_rest_says_whether_its_event_came_in_time() -> None:
    event = asyncio.Event()
    assert not await woken(event, 0.01)
    asyncio.get_running_loop().call_soon(event.set)
    assert await woken(event, 60)
    assert await woken(event, 60)


async def test_a_cancellation_ends_a_rest_and_leaves_nothing_behind() -> None:
    resting = asyncio.create_task(woken(asyncio.Event(), 60))
    await asyncio.sleep(0)
    resting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await resting
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == {asyncio.current_task()}
