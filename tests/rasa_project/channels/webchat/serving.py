"""A real Rasa server with the webchat channel, in the test's own event loop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import tempfile
import uuid
import weakref
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import jwt
import rasa.core.run
import socketio
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.utils import AvailableEndpoints
from sanic import Sanic

from rasa_project.channels.webchat import WebChatInput

SECRET = "a secret of the tests alone, long enough"
# Servers of one agent, one after the other or side by side, share what was said, as hosts do.
_FOLDERS: weakref.WeakKeyDictionary[Agent, tempfile.TemporaryDirectory[str]] = (
    weakref.WeakKeyDictionary()
)
Wrap = Callable[[UserMessage, Callable[[UserMessage], Awaitable[Any]]], Awaitable[Any]]


class FaultyInput(WebChatInput):
    """The channel with something put between it and Rasa: a delay or a fault."""

    def __init__(self, options: dict[str, Any], between: Wrap) -> None:
        super().__init__(options)
        self._between = between

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Any:
        return super().blueprint(lambda message: self._between(message, on_new_message))


@dataclass
class Server:
    """A running server: its address, its channel and its agent."""

    url: str
    port: int
    channel: WebChatInput
    agent: Agent

    async def tracker(self, conversation: str) -> dict[str, Any]:
        async with (
            aiohttp.ClientSession() as http,
            http.get(
                f"{self.url}/conversations/{conversation}/tracker?include_events=ALL"
            ) as answer,
        ):
            tracker: dict[str, Any] = await answer.json()
            return tracker

    async def user_events(self, conversation: str) -> list[dict[str, Any]]:
        events = (await self.tracker(conversation))["events"]
        return [event for event in events if event["event"] == "user"]

    async def append(self, conversation: str, events: list[dict[str, Any]]) -> int:
        """Does what the desk does to speak in a conversation."""
        url = f"{self.url}/conversations/{conversation}/tracker/events"
        query = "output_channel=latest&execute_side_effects=true"
        async with (
            aiohttp.ClientSession() as http,
            http.post(f"{url}?{query}", json=events) as answer,
        ):
            return answer.status


@contextlib.asynccontextmanager
async def serve(
    agent: Agent,
    *,
    port: int = 0,
    options: dict[str, Any] | None = None,
    between: Wrap | None = None,
    endpoints: AvailableEndpoints | None = None,
) -> AsyncIterator[Server]:
    """Serves Rasa's HTTP API and the channel on a free port of the loopback interface.

    `endpoints` are those of another model that is loaded while it serves.
    """
    folder = _FOLDERS.setdefault(agent, tempfile.TemporaryDirectory(prefix="attune-webchat-"))
    store = f"sqlite:///{folder.name}/webchat.db"
    settings = {
        "secret": SECRET, "store": store, "demo_page": True,
        "files": {"folder": f"{folder.name}/files"}, **(options or {}),
    }  # fmt: skip
    channel = FaultyInput(settings, between) if between else WebChatInput(settings)
    Sanic.test_mode = True  # several servers of one name, one after the other
    app = rasa.core.run.configure_app(
        [channel], enable_api=True, use_uvloop=False, endpoints=endpoints
    )
    app.ctx.agent = agent
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        port = listener.getsockname()[1]
        server = await app.create_server(sock=listener, return_asyncio_server=True)
        await server.startup()
        await server.before_start()
        await server.after_start()
        try:
            yield Server(f"http://127.0.0.1:{port}", port, channel, agent)
        finally:
            await server.before_stop()
            server.close()
            for connection in list(server.connections):
                connection.abort()
            await server.wait_closed()
            await server.after_stop()


class StockClient:
    """A client that speaks what clients of Rasa's own `socketio` channel speak, and no more."""

    def __init__(self) -> None:
        self.socket = socketio.AsyncClient(reconnection=False)
        self.received: list[dict[str, Any]] = []
        self.events: list[tuple[str, Any]] = []
        self._confirmed: asyncio.Future[str] | None = None
        self._over: dict[str, asyncio.Future[str]] = {}
        self.socket.on("bot_uttered", self._on_bot)
        self.socket.on("session_confirm", self._on_confirm)
        self.socket.on("turn_over", self._on_over)
        self.ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.socket.on("session_over", self._on_ended)
        for event in ("message_rejected", "message_failed", "user_echo"):
            self.socket.on(event, lambda data, event=event: self.events.append((event, data)))

    def _on_bot(self, data: dict[str, Any]) -> None:
        self.received.append(data)

    def _on_confirm(self, token: str) -> None:
        if self._confirmed and not self._confirmed.done():
            self._confirmed.set_result(token)

    def _on_over(self, data: dict[str, Any]) -> None:
        told = self._over.get(data["id"])
        if told is not None and not told.done():
            told.set_result(data["status"])

    def _on_ended(self, data: dict[str, Any]) -> None:
        if not self.ended.done():
            self.ended.set_result(data["reason"])

    async def open(self, url: str, token: str | None = None, **asked: Any) -> dict[str, Any]:
        """Connects as the widget does, which is told what it missed."""
        if not self.socket.connected:
            await self.connect(url)
        answer: dict[str, Any] = await self.socket.call(
            "session_request", {"session_id": token, **asked}
        )
        return answer

    async def connect(self, url: str) -> None:
        # This client's WebSockets want a newer aiohttp than Rasa's; browsers test those.
        await self.socket.connect(url, transports=["polling"], wait_timeout=30)

    async def leave(self) -> None:
        """Goes away at once, as a closed tab does, without waiting for the pending poll."""
        engine = self.socket.eio
        if engine.state != "connected":
            return
        await engine.disconnect(abort=True)
        for task in (engine.read_loop_task, engine.write_loop_task):
            if task is not None:
                task.cancel()

    async def start(self, url: str, token: str | None = None) -> str:
        await self.connect(url)
        return await self.request_session(token)

    async def request_session(self, token: Any) -> str:
        self._confirmed = asyncio.get_running_loop().create_future()
        await self.socket.emit("session_request", {"session_id": token})
        return await asyncio.wait_for(self._confirmed, 10)

    async def say(self, text: Any, **metadata: Any) -> Any:
        """Says it; returns the acknowledgement."""
        return await self.socket.call("user_uttered", {"message": text, "metadata": metadata})

    async def ask(self, text: Any, **metadata: Any) -> str:
        """Says it and waits until its turn is over; returns how: handled or failed."""
        message_id = metadata.setdefault("message_id", uuid.uuid4().hex)
        over = self._over[message_id] = asyncio.get_running_loop().create_future()
        answer = await self.say(text, **metadata)
        assert answer["status"] in {"accepted", "duplicate"}, answer
        return await asyncio.wait_for(over, 60)

    async def history(self) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = (await self.socket.call("history_request", {}))["messages"]
        return messages

    async def heard(self, count: int) -> list[dict[str, Any]]:
        """Waits until `count` messages have arrived."""
        for _ in range(1_000):
            if len(self.received) >= count:
                break
            await asyncio.sleep(0.01)
        return self.received


def conversation_of(token: str) -> str:
    """Rasa's sender id, which the token tells whoever has it."""
    claims = jwt.decode(token, options={"verify_signature": False})
    return str(claims["sub"])
