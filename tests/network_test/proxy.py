"""A TCP proxy that does to connections what bad networks do."""

from __future__ import annotations

import asyncio
import contextlib
import random
from dataclasses import dataclass, field

_CHUNK_BYTES = 4096


@dataclass
class Faults:
    """How bad the network is; a share is of connections, or of chunks where it says so.

    Attributes:
        delay: The longest that a chunk is held up, seconds; connections overtake one another.
        refused: Connections that are cut before anything passes.
        cut: Chunks in whose middle the connection is cut, in both directions.
        swallowed: Chunks after which a direction carries nothing more, though the line stands.
        stall: How long a swallowing line stands before it is cut, seconds.
    """

    delay: float = 0.02
    refused: float = 0.05
    cut: float = 0.01
    swallowed: float = 0.002
    stall: float = 3.0


@dataclass
class Proxy:
    """Listens on a port of the loopback and passes on to servers in turn.

    Args:
        targets: Ports of the servers.
        chance: Makes the decisions.
        faults: How bad the network is; None for a good one.
    """

    targets: list[int]
    chance: random.Random
    faults: Faults | None = field(default_factory=Faults)
    counts: dict[str, int] = field(
        default_factory=lambda: {"connections": 0, "refused": 0, "cut": 0, "swallowed": 0}
    )
    port: int = 0
    _server: asyncio.Server | None = None
    _lines: set[asyncio.Task[None]] = field(default_factory=set)

    async def start(self) -> None:
        """Begin to listen."""
        self._server = await asyncio.start_server(self._take, "127.0.0.1", 0, backlog=512)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Cut every line and listen no more."""
        if self._server is not None:
            self._server.close()
        for line in self._lines:
            line.cancel()
        await asyncio.gather(*self._lines, return_exceptions=True)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._lines.add(task)
        task.add_done_callback(self._lines.discard)
        try:
            await self._carry(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            _cut(writer)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.counts["connections"] += 1
        if self.faults is not None and self.chance.random() < self.faults.refused:
            self.counts["refused"] += 1
            return
        target = self.targets[self.counts["connections"] % len(self.targets)]
        there, back = await asyncio.open_connection("127.0.0.1", target)
        try:
            ways = [self._pass(reader, back), self._pass(there, writer)]
            tasks = [asyncio.create_task(way) for way in ways]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        finally:
            _cut(back)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(_CHUNK_BYTES):
            if self.faults is not None and not await self._harm(chunk, writer, self.faults):
                return
            if self.faults is None:
                writer.write(chunk)
            await writer.drain()

    async def _harm(self, chunk: bytes, writer: asyncio.StreamWriter, faults: Faults) -> bool:
        """Pass a chunk on as the network lets it; False where it ends the line."""
        await asyncio.sleep(self.chance.random() * faults.delay)
        fate = self.chance.random()
        if fate < faults.cut:
            self.counts["cut"] += 1
            writer.write(chunk[: self.chance.randrange(len(chunk))])  # mid-frame
            with contextlib.suppress(OSError):
                await writer.drain()
            return False
        if fate < faults.cut + faults.swallowed:
            self.counts["swallowed"] += 1
            await asyncio.sleep(self.chance.random() * faults.stall)
            return False
        writer.write(chunk)
        return True


def _cut(writer: asyncio.StreamWriter) -> None:
    """End a line without a word, as a network that goes away does."""
    transport = writer.transport
    with contextlib.suppress(Exception):
        transport.abort()
