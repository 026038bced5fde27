"""What the imitations of other help desks share: a server, faults, and webhooks that they send.

Each imitation answers as the service's public documentation says, checks the token of every
request, and sends a webhook for whatever happens at it, whoever did it.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from typing import Any, ClassVar

import aiohttp
from aiohttp import web


class FakeDesk:
    """A help desk on a free port.

    Attributes:
        faults: What goes wrong with the next changes: `fail_before`, `fail_after`, `cut_after`,
            `limit` (429), `refuse` (422), `token` (401).
        hook: Where it sends its webhooks; nowhere while empty.
        times: How often each webhook is sent.
        held: Webhooks that wait to be sent out of order, while it is a list.
        refused: What the answers to webhooks were, other than 2xx.
    """

    name = "webhook"
    calm = "low"  # how it names our lowest urgency
    safe_methods = ("GET",)

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.hook = ""
        self.times = 1
        self.held: list[Any] | None = None
        self.refused: list[int] = []
        self.asked_too_early = 0
        self.port = 0
        self._free_at = 0.0
        self._runner: web.AppRunner | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    # What each imitation says of itself.

    secrets: ClassVar[dict[str, str]] = {}

    def settings(self) -> dict[str, Any]:
        """Its entry in `connectors.yml`."""
        raise NotImplementedError

    def routes(self) -> list[web.RouteDef]:
        raise NotImplementedError

    def allowed(self, request: web.Request) -> bool:
        raise NotImplementedError

    def signed(self, event: Any, delivery: str, sent_at: float) -> tuple[dict[str, str], bytes]:
        """Headers and body of a webhook."""
        raise NotImplementedError

    def shown(self) -> list[dict[str, Any]]:
        """Its tickets as its agents see them: customer's words, notes, level, open or not."""
        raise NotImplementedError

    def first(self) -> int:
        """The number of its first ticket."""
        raise NotImplementedError

    async def answer(self, ticket: int, person: str, text: str) -> None:
        raise NotImplementedError

    async def note(self, ticket: int, person: str, text: str) -> None:
        raise NotImplementedError

    async def resolve(self, ticket: int, person: str) -> None:
        raise NotImplementedError

    async def hand_back(self, ticket: int, person: str) -> None:
        raise NotImplementedError

    # The server.

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        app = web.Application(middlewares=[self._guard], client_max_size=2**24)
        app.add_routes(self.routes())
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    async def end(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await self.stop()

    @web.middleware
    async def _guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if not self.allowed(request):
            return web.json_response({"error": "Invalid Access Token"}, status=401)
        if request.method in self.safe_methods or self.reads(request):
            answer: web.StreamResponse = await handler(request)
            return answer
        if time.monotonic() < self._free_at:
            self.asked_too_early += 1
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "limit":
            self._free_at = time.monotonic() + 1.0
            return web.json_response({}, status=429, headers={"Retry-After": "1"})
        early = {"fail_before": 500, "refuse": 422, "token": 401}.get(fault)
        if early:
            return web.json_response({"error": fault}, status=early)
        done: web.StreamResponse = await handler(request)
        if fault == "fail_after":
            return web.json_response({"error": fault}, status=500)
        if fault == "cut_after":
            assert request.transport is not None
            request.transport.abort()
        return done

    def reads(self, request: web.Request) -> bool:
        """Say whether a request only asks, though its method is POST."""
        return False

    # Webhooks.

    async def emit(self, event: Any, delivery: str | None = None) -> None:
        """Send a webhook, again until it was taken, as often as `times` says."""
        delivery = delivery or str(uuid.uuid4())
        if self.held is not None:
            self.held.append((event, delivery))
        elif self.hook:
            task = asyncio.create_task(self._deliver(event, delivery))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def release(self, order: list[int] | None = None) -> None:
        """Send what was held, in an order of one's own."""
        held, self.held = self.held or [], None
        for index in order if order is not None else range(len(held)):
            await self._deliver(*held[index])

    async def _deliver(self, event: Any, delivery: str) -> None:
        for _ in range(self.times):
            for _attempt in range(400):
                headers, body = self.signed(event, delivery, time.time())
                if await self.post(headers, body) < 300:
                    break
                await asyncio.sleep(0.05)

    async def post(self, headers: dict[str, str], body: bytes) -> int:
        """Send a request to the webhook's address and return the status, 599 for none."""
        try:
            async with (
                aiohttp.ClientSession() as http,
                http.post(self.hook, data=body, headers=headers) as answer,
            ):
                await answer.read()
        except aiohttp.ClientError:
            return 599
        if answer.status >= 300:
            self.refused.append(answer.status)
        return answer.status


async def until(condition: Any, what: str = "it did not happen") -> None:
    """Wait until something holds."""
    for _ in range(600):
        if condition():
            return
        await asyncio.sleep(0.05)
    raise AssertionError(what)
