"""Pages of a shop that has the chat on them, in a real browser in front of a real server."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from playwright.async_api import BrowserContext, Locator, Page, Route

from tests.rasa_project.channels.webchat.serving import Server, conversation_of

HIDDEN_TITLE = "Shop"
DESK_TOKEN = "a token of the desk's"


@dataclass
class Shop:
    """One browser's visit to pages that a test writes.

    Attributes:
        page: Where the visit happens.
        requests: The paths that the page asked for since it was opened.
        complaints: Errors of scripts and violations of the page's policy.
    """

    server: Server
    context: BrowserContext
    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    files: dict[str, tuple[str, str, dict[str, str]]] = field(default_factory=dict)

    async def open_for_business(self) -> None:
        await self.context.route(f"{self.server.url}/pages/**", self._answer)
        self.page.on("request", lambda request: self.requests.append(_path(request.url)))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda line: self._listen(line.text))

    def put(self, name: str, body: str, kind: str = "text/html", **headers: str) -> None:
        """Put a file at `/pages/<name>` of the server's own origin."""
        self.files[name] = (body, f"{kind}; charset=utf-8", headers)

    async def visit(
        self, body: str, *, head: str = "", policy: str = "", name: str = "",
        headers: dict[str, str] | None = None,
    ) -> None:  # fmt: skip
        """Open a page; `{api}` in it stands for the channel's address."""
        html = (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{HIDDEN_TITLE}'
            f"</title>{head}</head><body><main><h1>A shop</h1>{body}</main></body></html>"
        )
        headers = {**(headers or {}), **({"Content-Security-Policy": policy} if policy else {})}
        name = name or "index.html"
        self.files[name] = (html.replace("{api}", self.api), "text/html; charset=utf-8", headers)
        self.requests.clear()
        await self.page.goto(f"{self.server.url}/pages/{name}")

    async def visit_with_tag(self, attributes: str = "", **options: Any) -> None:
        await self.visit(f'<script src="{{api}}/attune.js" {attributes}></script>', **options)

    @property
    def api(self) -> str:
        return f"{self.server.url}/webhooks/webchat"

    @property
    def chat(self) -> Locator:
        return self.page.locator("attune-chat")

    @property
    def bubbles(self) -> Locator:
        return self.chat.locator(".bubble")

    @property
    def input(self) -> Locator:
        return self.page.get_by_role("textbox", name="Your message")

    async def open(self) -> None:
        await self.page.get_by_role("button", name="Open the chat").click()

    async def say(self, text: str) -> None:
        await self.input.fill(text)
        await self.input.press("Enter")

    async def conversation(self) -> str:
        """Return Rasa's id of the conversation."""
        token = await self.page.evaluate(
            "Object.entries(localStorage).find(([key]) => key.startsWith('attune-session'))[1]"
        )
        return conversation_of(str(token))

    async def turns(self, count: int) -> list[dict[str, Any]]:
        """Return the events of the customer's messages once Rasa has taken so many."""
        events: list[dict[str, Any]] = []
        while len(events) < count:
            events = await self.server.user_events(await self.conversation())
            await asyncio.sleep(0.05)
        return events

    async def sent(self, count: int) -> list[str]:
        """Return the customer's messages once Rasa has taken so many."""
        return [event["text"] for event in await self.turns(count)]

    async def hear(self, *events: dict[str, Any]) -> None:
        """Let bot, agent or desk say something."""
        for event in events:
            said = {"event": "bot", **event}
            assert await self.server.append(await self.conversation(), [said]) == 200

    async def stand(self, standing: dict[str, Any] | None) -> None:
        """Let the desk say how the customer stands who waits."""
        told = {"standings": {await self.conversation(): standing}}
        headers = {"Authorization": f"Bearer {DESK_TOKEN}"}
        url = f"{self.api}/desk/standings"
        async with (
            aiohttp.ClientSession(headers=headers) as http,
            http.post(url, json=told) as answer,
        ):
            assert answer.status == 200

    async def tell(self, event: str, data: dict[str, Any]) -> None:
        """Let the server tell its pages something that is no message."""
        await self.server.channel._sio.emit(event, data)

    def _listen(self, line: str) -> None:
        if "Content Security Policy" in line or "Trusted" in line:
            self.complaints.append(line)

    async def _answer(self, route: Route) -> None:
        name = _path(route.request.url).removeprefix("/pages/")
        if name not in self.files:
            await route.fulfill(status=404, body="")
            return
        body, kind, headers = self.files[name]
        await route.fulfill(body=body, headers={**headers, "Content-Type": kind})


def _path(url: str) -> str:
    return "/" + url.split("/", 3)[3].split("?")[0]
