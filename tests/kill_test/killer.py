"""Kills one process again and again: as it works, as it starts, and between the two."""

from __future__ import annotations

import asyncio
import contextlib
import random
from dataclasses import dataclass

from tests.kill_test.installation import Installation


@dataclass(frozen=True)
class Plan:
    """How a process is killed.

    Attributes:
        kills: How often.
        rest_seconds: At most so long it is left in peace before the next time.
        start_seconds: Within so many seconds of its start it is killed where it is not let start.
        aim_seconds: At most so long after somebody has just asked for something.
    """

    kills: int
    rest_seconds: float
    start_seconds: float
    aim_seconds: float


# Of the kills of a process: these hit it while it starts, and these right after a request.
_WHILE_STARTING = 0.2
_AIMED = 0.6


class Killer:
    """Kills a process by a plan.

    Args:
        installation: The processes.
        name: Which of them.
        plan: How.
        chance: Decides when.
    """

    def __init__(
        self, installation: Installation, name: str, plan: Plan, chance: random.Random
    ) -> None:
        self.name = name
        self.kills = 0
        self._installation = installation
        self._plan = plan
        self._chance = chance
        self._request = asyncio.Event()

    def hear(self) -> None:
        """Take note that somebody asks for something."""
        self._request.set()

    async def run(self) -> None:
        """Kill as often as planned; leave the process running."""
        starting = False
        while self.kills < self._plan.kills:
            await asyncio.sleep(await self._moment(starting))
            await self._installation.kill(self.name)
            self.kills += 1
            await self._installation.begin(self.name)
            starting = self._chance.random() < _WHILE_STARTING and self.kills < self._plan.kills
            if not starting:
                await self._installation.ready(self.name)

    async def _moment(self, starting: bool) -> float:
        """Return how long to wait now; first wait for a request, if that is the aim."""
        if starting:
            return self._chance.uniform(0, self._plan.start_seconds)
        rest = self._chance.uniform(0, self._plan.rest_seconds)
        if self._chance.random() >= _AIMED:
            return rest
        await asyncio.sleep(rest)
        self._request.clear()
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._request.wait(), self._plan.rest_seconds)
        return self._chance.uniform(0, self._plan.aim_seconds)
