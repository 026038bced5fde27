"""What a page of a chat's history costs: `python -m benchmarks.webchat.history`, JSON.

Read from Rasa's tracker, whole, as that is the only way to read one, and from the chat store.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from benchmarks import machine
from rasa_project.channels.webchat.store import Database, messages

TURNS = (20, 200, 1_000)
_REPEATS = 7
_PAGE = 50


async def main() -> None:
    """Fill both, time both, print one JSON object."""
    load = machine.warn_if_busy()
    with tempfile.TemporaryDirectory() as folder:
        trackers = SQLTrackerStore(Domain.empty(), db=str(Path(folder) / "tracker.db"))
        store = Database(f"sqlite:///{folder}/webchat.db")
        found = {}
        for turns in TURNS:
            name = f"conversation of {turns}"
            await trackers.save(_tracker(name, turns))
            await store.write(_fill, name, turns)
            found[turns] = {
                "tracker_ms": await _time(partial(trackers.retrieve_full_tracker, name)),
                "store_ms": await _time(partial(store.read, messages.page, name, _PAGE)),
            }
        store.close()
    print(json.dumps({"turns": found, "machine": machine.describe(), "load": load}))


def _tracker(name: str, turns: int) -> DialogueStateTracker:
    tracker = DialogueStateTracker(name, [])
    for number in range(turns):
        parsed = {"text": "hello", "intent": {"name": "greet", "confidence": 1.0}, "entities": []}
        said = UserUttered("hello", parsed["intent"], [], parsed, metadata={"message_id": number})
        for event in (ActionExecuted("action_listen"), said, BotUttered("Hello there.")):
            tracker.update(event)
    return tracker


def _fill(connection: Any, name: str, turns: int) -> None:
    for number in range(turns):
        turn = {"text": "hello", "metadata": {}}
        messages.append(connection, name, f"u{number}", {"text": "hello"}, turn)
        messages.append(connection, name, f"b{number}", {"text": "Hello there."})


async def _time(read: Callable[[], Awaitable[object]]) -> float:
    """Return the median milliseconds."""
    spans = []
    for _ in range(_REPEATS):
        began = time.perf_counter()
        await read()
        spans.append(1000 * (time.perf_counter() - began))
    return round(statistics.median(spans), 1)


if __name__ == "__main__":
    asyncio.run(main())
