"""Takes files in: received beside, judged, scanned, put in place, and only then known."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any, Final

from rasa_project.channels.files.intake import TOO_LARGE, Intake, NotTaken
from rasa_project.channels.files.settings import FileSettings
from rasa_project.channels.files.vault import Vault
from rasa_project.channels.webchat.refusals import Rejected
from rasa_project.channels.webchat.store import Database, files
from rasa_project.channels.webchat.tokens import new_id

logger = logging.getLogger(__name__)

# What has no row yet, no quota counts; so one conversation sends few at a time.
AT_ONCE: Final = 4
_WAIT_SECONDS: Final = 2.0
_FORGET_AT_ONCE: Final = 500


class Uploads:
    """The files of one channel.

    Args:
        settings: What is taken.
        store: Where their rows are.
    """

    def __init__(self, settings: FileSettings, store: Database) -> None:
        self.settings = settings
        self.vault = Vault(settings.folder)
        self._intake = Intake(settings, self.vault)
        self._store = store
        self._running: Counter[str] = Counter()

    async def take(
        self, parts: AsyncIterator[bytes], sender: str, owner: str, client: str, name: str
    ) -> dict[str, Any]:
        """Receive a file and return it described; the same once more where it came before.

        Args:
            parts: Its bytes.
            sender: The conversation.
            owner: `files.CUSTOMER` or `files.AGENT`.
            client: The page's id of it, the same when it is sent again.
            name: What it is called.

        Raises:
            Rejected: It is not taken; nothing is left of it.
        """
        before = await self._store.read(files.known, sender, owner, client)
        if before is not None:
            return before
        if self._running[sender] >= AT_ONCE:
            raise Rejected(None, "too_fast", _WAIT_SECONDS)
        day = self.settings.day_bytes
        await self._store.read(files.require_room, sender, owner, 1, day)
        self._running[sender] += 1
        try:
            return await self._take(parts, sender, owner, client, name)
        finally:
            self._running[sender] -= 1
            self._running += Counter()  # without those at none

    async def _take(
        self, parts: AsyncIterator[bytes], sender: str, owner: str, client: str, name: str
    ) -> dict[str, Any]:
        file_id = new_id()
        try:
            # What was put in place already stays, also where the row could not be written: nobody
            # knows whether it was; should there be none, the file is swept.
            async with self._intake.receive(parts, file_id, name) as found:
                await asyncio.to_thread(self.vault.seal, found.part, file_id)
                row = (file_id, sender, owner, client, found.name, found.mime_type, found.size)
                kept = await self._store.write(files.add, *row, self.settings.day_bytes)
        except NotTaken as refused:
            raise self._rejected(refused.reason) from None
        except Rejected:
            await asyncio.to_thread(self.vault.remove, file_id)
            raise
        if kept["id"] != file_id:  # the same file came twice at once
            await asyncio.to_thread(self.vault.remove, file_id)
        return kept

    def too_large(self) -> Rejected:
        """Say that a file is."""
        return Rejected(
            None, "file_too_large", megabytes=f"{self.settings.max_bytes / 1_000_000:g}"
        )

    def _rejected(self, reason: str) -> Rejected:
        return self.too_large() if reason == TOO_LARGE else Rejected(None, reason)

    async def sweep(self, keep_seconds: float) -> None:
        """Delete what is of no use any more: unsent, too old, or left by a kill."""
        for file_id in await self._store.write(files.forget, keep_seconds):
            await asyncio.to_thread(self.vault.remove, file_id)
        loop = asyncio.get_running_loop()

        def known(ids: list[str]) -> set[str]:
            found: set[str] = set()
            for at in range(0, len(ids), _FORGET_AT_ONCE):
                asked = self._store.read(files.known_among, ids[at : at + _FORGET_AT_ONCE])
                found |= asyncio.run_coroutine_threadsafe(asked, loop).result()
            return found

        if gone := await asyncio.to_thread(self.vault.sweep, known):
            logger.info("%d files that belong to no message were deleted.", gone)
