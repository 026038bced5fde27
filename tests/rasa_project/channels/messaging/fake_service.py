"""What the imitations of messaging services share: a server, faults, and deliveries to a webhook.

Each imitation answers as the service's public documentation says, checks the token of every
request, and delivers again until it is answered with a 2xx.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp import web

MAX_DELIVERIES = 40
RETRY_SECONDS = 0.1  # theirs are minutes


@dataclass
class Delivery:
    """A request to the webhook."""

    body: bytes
    headers: dict[str, str]


class FakeService:
    """A messaging service on a free port.

    Attributes:
        faults: What goes wrong with the next messages: `fail` (500, not sent), `cut` (sent, but
            the answer is lost), `limit` (429), `down` (503).
        hook: Where it delivers.
        times: How often each delivery is made, whatever the answer was.
        held: Deliveries that wait to be made out of order, while it is a list.
        sent: What customers have on their screens, in order: customer and content.
        courtesies: Typing and the like.
        statuses: What the answers to deliveries were.
        asked_too_early: Requests within a time in which it wanted to be left alone.
        files: What customers sent along, by the service's name for it.
        file_faults: What goes wrong with the next downloads: `down` (503), `cut` (half of it
            comes), `half` (likewise, and nothing more), `hang` (nothing comes).
        downloads: How often a file was asked for.
        halves: How many were given by half.
        more: Settings besides the usual ones.
    """

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.hook = ""
        self.times = 1
        self.held: list[Delivery] | None = None
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.courtesies: list[dict[str, Any]] = []
        self.statuses: list[int] = []
        self.asked_too_early = 0
        self.files: dict[str, bytes] = {}
        self.file_faults: list[str] = []
        self.downloads = 0
        self.halves = 0
        self.more: dict[str, Any] = {}
        self.retry_after = 1
        self.url = ""
        self._free_at = 0.0
        self._number = 0
        self._runner: web.AppRunner | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    # What each imitation says of itself.

    name = ""
    knows_doubles = False  # what is sent again after a lost answer shows once
    numbers_buttons = False  # what can be chosen stands below the text, with numbers
    channel = ""  # module and class of the channel
    starts_servers = False  # of others, for which the machine needs programs
    by_webhook = True  # it delivers by itself; others are asked

    def settings(self) -> dict[str, Any]:
        """Its section in `credentials.yml`."""
        raise NotImplementedError

    def routes(self) -> list[web.RouteDef]:
        raise NotImplementedError

    def delivery(self, event: Any) -> Delivery:
        """A signed request."""
        raise NotImplementedError

    def written(self, customer: str, text: str) -> Any:
        """The event of a customer who writes."""
        raise NotImplementedError

    def pressed(self, customer: str, title: str) -> Any:
        """The event of a customer who presses the button of this title."""
        raise NotImplementedError

    def pictured(self, customer: str, content: bytes) -> Any:
        """The event of a customer who sends a picture without words."""
        raise NotImplementedError

    def forgeries(self, good: Delivery) -> list[Delivery]:
        """The same without what shows that it is the service's."""
        shown: list[dict[str, str]] = [{}]
        shown += [dict.fromkeys(good.headers, words) for words in ("wrong", "ü")]
        return [Delivery(good.body, headers) for headers in shown]

    def limited(self) -> web.Response:
        """How it asks to be left alone."""
        raise NotImplementedError

    def texts(self, customer: str) -> list[str]:
        """What a customer reads."""
        raise NotImplementedError

    # What they share.

    async def start(self, port: int = 0) -> None:
        app = web.Application()
        app.add_routes(self.routes())
        self._runner = web.AppRunner(app, handle_signals=False)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        self.url = f"http://127.0.0.1:{port}"

    async def end(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._runner:
            await self._runner.cleanup()

    def next_number(self) -> int:
        self._number += 1
        return self._number

    async def happens(self, event: Any) -> None:
        """Deliver an event, again and again until it is taken."""
        delivery = self.delivery(event)
        if self.held is not None:
            self.held.append(delivery)
            return
        await self.deliver(delivery)

    def conversation(self, customer: str) -> str:
        """Rasa's id of a customer's conversation."""
        return f"{self.name}:{customer}"

    async def says(self, customer: str, text: str) -> None:
        await self.happens(self.written(customer, text))

    async def presses(self, customer: str, title: str) -> None:
        await self.happens(self.pressed(customer, title))

    async def deliver(self, delivery: Delivery) -> None:
        await asyncio.gather(*(self._deliver(delivery) for _ in range(self.times)))

    async def _deliver(self, delivery: Delivery) -> None:
        for _ in range(MAX_DELIVERIES):
            try:
                status = (await self.post(delivery.body, delivery.headers))[0]
            except aiohttp.ClientError:
                status = 0
            self.statuses.append(status)
            if status // 100 == 2:
                return
            await asyncio.sleep(RETRY_SECONDS)

    async def post(self, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        """Send one request to the webhook."""
        async with (
            aiohttp.ClientSession() as http,
            http.post(self.hook, data=body, headers=headers) as answer,
        ):
            return answer.status, await answer.text()

    async def in_turn(self, show: Callable[[], web.Response]) -> web.StreamResponse:
        """Do what a message asks, unless something is to go wrong."""
        if time.monotonic() < self._free_at:
            self.asked_too_early += 1
            return self.limited()
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "limit":
            self._free_at = time.monotonic() + self.retry_after
            return self.limited()
        if fault in {"fail", "down"}:
            return web.Response(status=500 if fault == "fail" else 503, text="Server error")
        answer = show()
        if fault == "cut":
            raise ConnectionResetError("the answer is lost")
        return answer

    def keep(self, content: bytes) -> str:
        """Keep a file; return the service's name for it."""
        name = f"file{self.next_number()}"
        self.files[name] = content
        return name

    async def give(self, request: web.Request, name: str, **headers: str) -> web.StreamResponse:
        """Give out a file, unless something is to go wrong."""
        self.downloads += 1
        fault = self.file_faults.pop(0) if self.file_faults else ""
        if fault == "hang":
            await asyncio.sleep(3600)
        if fault == "down":
            return web.Response(status=503, text="Server error")
        if name not in self.files:
            return web.Response(status=404, text="Not found")
        content = self.files[name]
        if fault not in {"cut", "half"}:
            return web.Response(body=content, content_type="image/png", headers=headers)
        answer = web.StreamResponse(headers={**headers, "Content-Length": str(len(content))})
        await answer.prepare(request)
        await answer.write(content[: len(content) // 2])
        self.halves += 1
        if fault == "half":
            await asyncio.sleep(3600)
        assert request.transport is not None
        request.transport.abort()
        return answer

    async def read(self, customer: str, count: int) -> list[str]:
        """Wait until a customer has so many messages; a moment longer for one too many."""
        for _ in range(1_000):
            if len(self.texts(customer)) >= count:
                break
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        return self.texts(customer)


def as_json(content: Any, status: int = 200) -> web.Response:
    return web.Response(status=status, text=json.dumps(content), content_type="application/json")
