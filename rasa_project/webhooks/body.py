"""The raw body of a request to a streaming route."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from sanic.request import Request


async def parts(request: Request, silent_seconds: float | None = None) -> AsyncIterator[bytes]:
    """Give the body piece by piece, as it comes in.

    Args:
        request: Of which nothing was read.
        silent_seconds: How long nothing may come; none for as long as the server allows.

    Raises:
        asyncio.TimeoutError: Nothing came for so long.
    """
    while request.stream is not None:
        part = await asyncio.wait_for(request.stream.read(), silent_seconds)
        if not part:
            return
        yield part


async def read_body(request: Request, limit: int) -> bytes | None:
    """Return the body, or none where it exceeds the limit.

    Args:
        request: Of which nothing was read.
        limit: In bytes.
    """
    found: list[bytes] = []
    size = 0
    async for part in parts(request):
        size += len(part)
        if size > limit:
            return None
        found.append(part)
    return b"".join(found)
