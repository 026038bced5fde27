"""Two Rasa servers with one trained model that share Redis."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from rasa.core.agent import Agent
from rasa.core.lock_store import RedisLockStore
from rasa.core.tracker_store import InMemoryTrackerStore

from tests.rasa_project.channels.webchat.serving import Server, serve

# Everybody comes from one address, and faster than people write.
UNLIMITED = [1_000_000, 1_000_000]
LIMITS = dict.fromkeys(
    ("session_messages", "address_messages", "address_sessions", "address_connections",
     "session_requests"), UNLIMITED,
)  # fmt: skip


@contextlib.asynccontextmanager
async def two_hosts(model: str, folder: Path, redis_port: int) -> AsyncIterator[list[Server]]:
    """Serve the model twice: two of everything but trackers, chat store and Redis."""
    options = {
        "store": f"sqlite:///{folder / 'webchat.db'}",
        "redis": f"redis://127.0.0.1:{redis_port}/0",
        "limits": LIMITS,
    }
    agents = []
    trackers = None
    for _ in range(2):
        agent = Agent.load(model)
        # Rasa's own database is not what is tried here; one that takes no time leaves more of it.
        trackers = agent.tracker_store = trackers or InMemoryTrackerStore(agent.domain)
        agent.lock_store = RedisLockStore("127.0.0.1", redis_port)
        agent.processor.tracker_store = agent.tracker_store
        agent.processor.lock_store = agent.lock_store
        agents.append(agent)
    async with serve(agents[0], options=options) as one, serve(agents[1], options=options) as other:
        yield [one, other]
