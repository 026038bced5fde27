"""Looks for viruses in a file before anybody gets it: by a command, or by ClamAV's daemon."""

from __future__ import annotations

import asyncio
import logging
import struct
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

logger = logging.getLogger(__name__)

_CHUNK_BYTES: Final = 256 * 1024
# What ClamAV's own programs end with; others that look for viruses keep to it.
_CLEAN, _INFECTED = 0, 1
_FILE: Final = "{file}"
_OUTPUT_CHARACTERS: Final = 300


class Infected(Exception):
    """Something harmful was found; the message names it."""


class NotScanned(Exception):
    """Nobody could look; the message says why."""


class Scanner(Protocol):
    """Looks at one file."""

    async def check(self, path: Path) -> None:
        """Return where a file is clean.

        Raises:
            Infected: It is not.
            NotScanned: It could not be looked at.
        """


class NoScanner:
    """Where the operator has set none."""

    async def check(self, path: Path) -> None:
        """See `Scanner`."""


class Command:
    """A program that ends with 0 for a clean file and with 1 for an infected one.

    Args:
        words: The program and its arguments; `{file}` stands for the file's path, which comes last
            where it is left out.
        seconds: How long it may take.
    """

    def __init__(self, words: list[str], seconds: float) -> None:
        self._words = words if any(_FILE in word for word in words) else [*words, _FILE]
        self._seconds = seconds

    async def check(self, path: Path) -> None:
        """See `Scanner`."""
        words = [word.replace(_FILE, str(path)) for word in self._words]
        pipe = asyncio.subprocess.PIPE
        try:
            process = await asyncio.create_subprocess_exec(
                *words, stdin=asyncio.subprocess.DEVNULL, stdout=pipe, stderr=pipe
            )
        except OSError as error:
            raise NotScanned(f"{words[0]} cannot be run: {error.strerror}.") from error
        try:
            out, err = await asyncio.wait_for(process.communicate(), self._seconds)
        except BaseException as error:
            if process.returncode is None:
                process.kill()
                await process.wait()
            if isinstance(error, asyncio.TimeoutError):
                raise NotScanned(f"{words[0]} took more than {self._seconds:g} s.") from error
            raise
        said = (out + err).decode("utf-8", "replace").strip()[-_OUTPUT_CHARACTERS:]
        if process.returncode == _INFECTED:
            raise Infected(said)
        if process.returncode != _CLEAN:
            raise NotScanned(f"{words[0]} ended with {process.returncode}: {said}")


class Clamd:
    """ClamAV's daemon, asked by `INSTREAM`, so that it needs no right to the file.

    Args:
        address: `unix:/run/clamav/clamd.ctl` or `tcp://127.0.0.1:3310`.
        seconds: How long it may take.
    """

    def __init__(self, address: str, seconds: float) -> None:
        self._address = address
        self._seconds = seconds

    async def check(self, path: Path) -> None:
        """See `Scanner`."""
        try:
            answer = await asyncio.wait_for(self._ask(path), self._seconds)
        except (OSError, EOFError, asyncio.TimeoutError) as error:
            raise NotScanned(f"clamd at {self._address} does not answer: {error!r}.") from error
        if answer.endswith(" FOUND"):
            raise Infected(answer.removesuffix(" FOUND").removeprefix("stream: "))
        if not answer.endswith(" OK"):
            raise NotScanned(f"clamd at {self._address} says: {answer[:_OUTPUT_CHARACTERS]}")

    async def _ask(self, path: Path) -> str:
        reader, writer = await self._connect()
        try:
            writer.write(b"zINSTREAM\0")
            with path.open("rb") as file:
                while chunk := await asyncio.to_thread(file.read, _CHUNK_BYTES):
                    writer.write(struct.pack("!I", len(chunk)) + chunk)
                    await writer.drain()
            writer.write(struct.pack("!I", 0))
            await writer.drain()
            return (await reader.read(_CHUNK_BYTES)).decode("utf-8", "replace").strip("\0\n ")
        finally:
            writer.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._address.startswith("unix:"):
            return await asyncio.open_unix_connection(self._address.removeprefix("unix:"))
        parts = urlsplit(self._address)
        return await asyncio.open_connection(parts.hostname, parts.port)


def scanner(setting: Any, seconds: float) -> Scanner:
    """Make what the setting `scan` asks for.

    Raises:
        ValueError: It is neither a command nor the address of a daemon; says what it must be.
    """
    if setting is None:
        return NoScanner()
    command = setting.get("command") if isinstance(setting, dict) else None
    address = setting.get("clamd") if isinstance(setting, dict) else None
    if isinstance(command, list) and command and all(isinstance(one, str) for one in command):
        return Command(command, seconds)
    if isinstance(address, str) and _is_address(address):
        return Clamd(address, seconds)
    raise ValueError(
        "`scan` must be `command: [clamdscan, --fdpass]` or `clamd: unix:/run/clamav/clamd.ctl` or "
        f"`clamd: tcp://127.0.0.1:3310`. Received: {setting!r}."
    )


def _is_address(address: str) -> bool:
    if address.startswith("unix:"):
        return address.removeprefix("unix:").startswith("/")
    try:
        parts = urlsplit(address)
        return parts.scheme == "tcp" and bool(parts.hostname and parts.port)
    except ValueError:
        return False
