"""Brings customers' files: beside their turns, again after outages, kept once they are whole."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from contextlib import aclosing
from typing import Final

from rasa_project.channels.files.intake import UNSCANNED, Intake, NotTaken
from rasa_project.channels.files.vault import Vault
from rasa_project.channels.messaging.errors import MaybeSent, NotSent
from rasa_project.channels.messaging.media.keeping import Keeping
from rasa_project.channels.messaging.media.shelf import Errand, Shelf
from rasa_project.channels.messaging.provider import Provider
from rasa_project.lanes import Lanes

logger = logging.getLogger(__name__)

PARALLEL: Final = 4  # files of a channel at a time
# Beside the files of the web chat, which sweeps what it does not know from its own folder.
FOLDER: Final = "channels"
_SWEEP_SECONDS: Final = 3_600.0
_AT_ONCE: Final = 500


class Fetcher:
    """Works through one channel's files.

    Args:
        provider: The channel.
        shelf: Its files.
        keeping: What is taken, where it goes, and for how long.
    """

    def __init__(self, provider: Provider, shelf: Shelf, keeping: Keeping) -> None:
        self._provider = provider
        self._shelf = shelf
        self._keep_seconds = keeping.seconds
        self.settings = keeping.settings
        self.vault = Vault(keeping.settings.folder / FOLDER)
        self._intake = Intake(keeping.settings, self.vault)
        self._lanes = Lanes(f"files of {provider.name}", shelf.heads, self._work, PARALLEL)

    def wake(self) -> None:
        """Say that there is something new to fetch."""
        self._lanes.wake()

    async def run(self) -> None:
        """Fetch for ever."""
        await self._lanes.run()

    async def sweep(self) -> None:
        """Delete what is too old and what a kill has left, for ever."""
        while True:
            try:
                await asyncio.to_thread(self._forget)
            except Exception:
                logger.exception("%s: old files could not be deleted.", self._provider.name)
            await asyncio.sleep(_SWEEP_SECONDS)

    async def _work(self, number: int) -> None:
        errand = await asyncio.to_thread(self._shelf.begin, number, self.settings.day_bytes)
        if errand is None:
            return
        try:
            await self._fetch(errand)
        except NotTaken as refused:
            if refused.reason == UNSCANNED:
                await asyncio.to_thread(self._shelf.postpone, number, refused.reason)
            else:
                await asyncio.to_thread(self._shelf.give_up, number, refused.reason)
        except NotSent as error:
            await self._fail(number, error)
        except MaybeSent as error:
            await asyncio.to_thread(self._shelf.postpone, number, str(error))
        except Exception as error:  # a full disk, or an answer of no documented form
            logger.exception("%s: a file could not be fetched.", self._provider.name)
            await asyncio.to_thread(self._shelf.postpone, number, repr(error))

    async def _fetch(self, errand: Errand) -> None:
        # A part of a name of its own: what a kill has left must not stand in the way.
        part_name = f"{errand.id}{secrets.token_hex(4)}"
        async with aclosing(self._provider.fetch(errand.source)) as parts:
            arriving = self._intake.receive(parts, part_name, errand.source.name)
            async with arriving as found:
                await asyncio.to_thread(self.vault.seal, found.part, errand.id)
                await asyncio.to_thread(
                    self._shelf.keep, errand.number, found.name, found.mime_type, found.size
                )

    async def _fail(self, number: int, error: NotSent) -> None:
        if error.hopeless:
            await asyncio.to_thread(self._shelf.give_up, number, str(error))
            return
        if error.everyone and error.retry_after is not None:
            self._lanes.pause(self._provider.name, error.retry_after)
        await asyncio.to_thread(self._shelf.postpone, number, str(error), error.retry_after)

    def _forget(self) -> None:
        for file_id in self._shelf.forget(time.time() - self._keep_seconds):
            self.vault.remove(file_id)
        if gone := self.vault.sweep(self._known):
            logger.info("%d files that belong to no message were deleted.", gone)

    def _known(self, ids: list[str]) -> set[str]:
        found: set[str] = set()
        for at in range(0, len(ids), _AT_ONCE):
            found |= self._shelf.known_among(ids[at : at + _AT_ONCE])
        return found
