"""Tells the web chat how its customers stand in line, whenever that changes.

What is told is the present state and never a message: what was lost on the way is told with the
next round, and everything again each minute, because the chat believes it for three.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any, Final

import aiohttp

from rasa_project.desk.outbound.rasa_client import RasaClient
from rasa_project.desk.queue import standings, teams
from rasa_project.desk.queue.config import DeskConfig
from rasa_project.desk.queue.standings import Standing
from rasa_project.desk.store.database import Store
from rasa_project.lanes import woken

logger = logging.getLogger(__name__)

ROUND_SECONDS: Final = 1.0
AGAIN_SECONDS: Final = 60.0
_PATH: Final = "webchat/desk/standings"
_AT_ONCE: Final = 200
_SECONDS: Final = 10.0
_SETTLE_SECONDS: Final = 0.2  # several changes at once are one round
_AFTER_FAULT_SECONDS: Final = 5.0
# A desk that was killed may have left the chat with what holds no more.
_LOOKS_BACK_SECONDS: Final = 600.0


class StandingSender:
    """Goes its rounds.

    Args:
        store: The desk's store.
        config: The desk's file.
        rasa: Where the chat is.
        present: Gives the ids of the agents who are there.
        anybody: Says whether anybody is there.
    """

    def __init__(
        self,
        store: Store,
        config: DeskConfig,
        rasa: RasaClient,
        present: Callable[[], set[int]],
        anybody: Callable[[], bool],
    ) -> None:
        self._store = store
        self._config = config
        self._rasa = rasa
        self._present = present
        self._anybody = anybody
        self._told: dict[str, tuple[Standing, float]] = {}
        self._fresh = True
        self._new = asyncio.Event()

    def wake(self) -> None:
        """Say that something has changed."""
        self._new.set()

    async def run(self) -> None:
        """Go rounds for ever."""
        while True:
            self._new.clear()
            pause = ROUND_SECONDS
            try:
                await self._round()
            except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
                logger.debug("How customers stand is told later: %r", error)
                pause = _AFTER_FAULT_SECONDS
            except Exception:  # a locked or full disk passes
                logger.exception("How customers stand could not be read; the desk tries again.")
            if await woken(self._new, pause):
                await asyncio.sleep(_SETTLE_SECONDS)

    async def _round(self) -> None:
        now = time.time()
        stand, ended = await asyncio.to_thread(
            self._read, now, self._present(), self._anybody(), self._fresh
        )
        news: dict[str, Standing | None] = dict.fromkeys({*self._told, *ended} - stand.keys())
        for conversation, standing in stand.items():
            told, at = self._told.get(conversation, (None, 0.0))
            if standing != told or now - at > AGAIN_SECONDS:
                news[conversation] = standing
        items = list(news.items())
        for begin in range(0, len(items), _AT_ONCE):
            await self._tell(dict(items[begin : begin + _AT_ONCE]), now)
        self._fresh = False

    def _read(
        self, now: float, present: set[int], anybody: bool, fresh: bool
    ) -> tuple[dict[str, Standing], list[str]]:
        with self._store.read() as session:
            work = teams.all_work(session)
            here = {agent_id: work[agent_id] for agent_id in present if agent_id in work}
            found = standings.of_all(session, self._config, now, here, anybody)
            ended = standings.ended_since(session, now - _LOOKS_BACK_SECONDS) if fresh else []
            return found, ended

    async def _tell(self, news: dict[str, Any], now: float) -> None:
        timeout = aiohttp.ClientTimeout(total=_SECONDS)
        told = {"standings": news}
        async with self._rasa.ask("POST", _PATH, json=told, timeout=timeout) as answer:
            if answer.status != 200:  # a Rasa without the web chat, or one that knows of no queue
                raise aiohttp.ClientError(f"Rasa answered {answer.status}.")
        for conversation, standing in news.items():
            if standing is None:
                self._told.pop(conversation, None)
            else:
                self._told[conversation] = (standing, now)
