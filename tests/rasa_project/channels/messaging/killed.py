"""A Rasa server with one channel in a process of its own, to be killed.

`python -m tests.rasa_project.channels.messaging.killed MODEL TRACKERS CHANNEL SETTINGS`; it prints
the address of its webhook.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from rasa.core.agent import Agent
from rasa.core.tracker_store import SQLTrackerStore

from tests.rasa_project.channels.messaging.fake_service import FakeService
from tests.rasa_project.channels.messaging.serving import serve


class Elsewhere(FakeService):
    """The service as the server knows it: by its settings."""

    def __init__(self, name: str, channel: str, settings: dict[str, Any]) -> None:
        super().__init__()
        self.name, self.channel, self._settings = name, channel, settings

    def settings(self) -> dict[str, Any]:
        return self._settings


def agent_with(model: str, trackers: str) -> Agent:
    """The agent, with conversations in a file."""
    agent = Agent.load(model)
    agent.tracker_store = SQLTrackerStore(agent.domain, dialect="sqlite", db=trackers)
    assert agent.processor is not None
    agent.processor.tracker_store = agent.tracker_store
    return agent


async def main(model: str, trackers: str, name: str, channel: str, settings: str) -> None:
    service = Elsewhere(name, channel, json.loads(settings))
    async with serve(agent_with(model, trackers), [service]):
        print("WEBHOOK", service.hook, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
