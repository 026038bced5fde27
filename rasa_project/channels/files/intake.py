"""Receives a file beside the others: held to a size, judged, scanned, and stripped of metadata."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rasa_project.channels.files import formats, stripping
from rasa_project.channels.files.scanning import Infected, NotScanned
from rasa_project.channels.files.settings import FileSettings
from rasa_project.channels.files.stripping import BrokenPicture
from rasa_project.channels.files.vault import Vault

logger = logging.getLogger(__name__)

TOO_LARGE: Final = "file_too_large"
EMPTY: Final = "file_empty"
TYPE: Final = "file_type"
INFECTED: Final = "file_infected"
UNSCANNED: Final = "file_unscanned"


class NotTaken(Exception):
    """A file is not taken.

    Attributes:
        reason: `TOO_LARGE`, `EMPTY`, `TYPE`, `INFECTED`, or `UNSCANNED`, which passes.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Arrival:
    """A file that may be put in place.

    Attributes:
        part: Where it lies until then.
        name: As it was called, with an extension that fits.
        mime_type: By its content.
        size: Bytes.
    """

    part: Path
    name: str
    mime_type: str
    size: int


class Intake:
    """Takes what the settings allow.

    Args:
        settings: What that is.
        vault: Where files go.
    """

    def __init__(self, settings: FileSettings, vault: Vault) -> None:
        self._settings = settings
        self._vault = vault

    @contextlib.asynccontextmanager
    async def receive(
        self, parts: AsyncIterator[bytes], part_name: str, name: str
    ) -> AsyncIterator[Arrival]:
        """Give a file that has arrived whole; what is not put in place by the end is deleted.

        Args:
            parts: Its bytes.
            part_name: An id of our own, which no other part has.
            name: What it is called.

        Raises:
            NotTaken: It is not taken; nothing is left of it.
        """
        part: Path | None = None
        try:
            part = await self._write(parts, part_name)
            found = await self._judge(part, name)
            await self._scan(part)
            size = await self._strip(part, found.mime_type)
            yield Arrival(part, found.name, found.mime_type, size)
        finally:
            if part is not None:
                with contextlib.suppress(OSError):
                    part.unlink(missing_ok=True)

    async def _write(self, parts: AsyncIterator[bytes], part_name: str) -> Path:
        path, file = await asyncio.to_thread(self._vault.begin, part_name)
        size = 0
        try:
            async for chunk in parts:
                size += len(chunk)
                if size > self._settings.max_bytes:
                    raise NotTaken(TOO_LARGE)
                await asyncio.to_thread(file.write, chunk)
            await asyncio.to_thread(file.close)
            if size == 0:
                raise NotTaken(EMPTY)
        except BaseException:
            file.close()
            path.unlink(missing_ok=True)
            raise
        return path

    async def _judge(self, part: Path, name: str) -> formats.Format:
        try:
            return await asyncio.to_thread(formats.judge, part, name, self._settings.types)
        except formats.UnknownFormat:
            raise NotTaken(TYPE) from None

    async def _strip(self, part: Path, mime_type: str) -> int:
        try:
            return await asyncio.to_thread(stripping.strip, part, mime_type)
        except BrokenPicture:
            raise NotTaken(TYPE) from None

    async def _scan(self, part: Path) -> None:
        try:
            await self._settings.scanner.check(part)
        except Infected as error:
            logger.warning("A file was refused: %s", error)
            raise NotTaken(INFECTED) from None
        except NotScanned as error:
            logger.error("A file cannot be scanned, so it is not taken: %s", error)
            raise NotTaken(UNSCANNED) from None
