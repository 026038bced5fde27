"""A carrier's tracking service on loopback, well or unwell."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

Behaviour = Callable[[web.Request], Awaitable[web.StreamResponse]]


class CarrierServer:
    """Answers for parcels.

    Attributes:
        scans: Answers by order number; 404 for any other.
        behaviours: What the next requests meet instead, one each.
        asked: The order numbers asked for, one a request.
    """

    def __init__(self) -> None:
        self.scans: dict[str, Any] = {}
        self.behaviours: list[Behaviour] = []
        self.asked: list[str] = []
        self._runner: web.AppRunner | None = None
        self._stopped = asyncio.Event()

    async def start(self) -> str:
        """Listen on a free port; return the address."""
        app = web.Application()
        app.router.add_get("/parcels/{number}", self._answer)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0]
        return f"http://{host}:{port}"

    async def stop(self) -> None:
        self._stopped.set()
        assert self._runner is not None
        await self._runner.cleanup()

    async def fail(self, request: web.Request) -> web.StreamResponse:
        return web.Response(status=500, text="Traceback (most recent call last): ...")

    async def refuse(self, request: web.Request) -> web.StreamResponse:
        return web.Response(status=429)

    async def hang(self, request: web.Request) -> web.StreamResponse:
        await self._stopped.wait()
        return web.Response()

    async def cut(self, request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    async def cut_short(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b'{"scanned_on": "20')
        return await self.cut(request)

    def say(self, text: str) -> Behaviour:
        async def said(request: web.Request) -> web.StreamResponse:
            return web.Response(text=text, content_type="text/html")

        return said

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        number = request.match_info["number"]
        self.asked.append(number)
        if self.behaviours:
            return await self.behaviours.pop(0)(request)
        if number in self.scans:
            return web.json_response(self.scans[number])
        return web.Response(status=404)
