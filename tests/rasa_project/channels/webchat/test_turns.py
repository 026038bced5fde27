"""Several workers over one store and one of Rasa's lock stores."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace

import pytest
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain

from rasa_project.channels.webchat import turns
from rasa_project.channels.webchat.store import Database, messages
from rasa_project.channels.webchat.store.messages import Turn
from rasa_project.channels.webchat.turns import Turns


async def test_a_long_queue_outlives_the_lock_and_each_message_is_handled_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "_LOCK_SECONDS", 1.0)
    monkeypatch.setattr(turns, "_LOCK_POLL_SECONDS", 0.02)
    store = Database(f"sqlite:///{tmp_path / 'webchat.db'}")
    said = [f"message {number}" for number in range(12)]
    for text in said:
        await store.write(
            messages.append, "c", text, {"text": text}, {"text": text, "metadata": {}}
        )
    handled: list[str] = []
    over = asyncio.Event()

    async def handle(turn: Turn) -> None:
        handled.append(turn.text)
        await asyncio.sleep(0.2)

    async def ended(_thread: str, turn: Turn, _status: str) -> None:
        if turn.text == said[-1]:
            over.set()

    agent = SimpleNamespace(
        lock_store=InMemoryLockStore(), tracker_store=InMemoryTrackerStore(Domain.empty())
    )
    workers: list[Turns] = []
    while not over.is_set():  # one after the other starts and looks for what others left
        workers.append(Turns(store, lambda: agent, handle, ended))
        workers[-1].wake("c")
        await asyncio.sleep(0.4)
    assert (handled, await store.read(messages.unfinished)) == (said, [])
    for worker in workers:
        worker.stop()
    store.close()
