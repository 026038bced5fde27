"""A customer in the web chat who, like the widget, sends again until told that it arrived."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from typing import Any

import jwt
import socketio
from socketio.exceptions import SocketIOError

from tests.kill_test.patience import within

_TURN_SECONDS = 30.0
_RETRY_SECONDS = 0.2


class Customer:
    """One conversation, over connections that break.

    Args:
        url: Address of the Rasa server.
        language: "en" or "zh".
    """

    def __init__(self, url: str, language: str) -> None:
        self.language = language
        self.heard: dict[str, dict[str, Any]] = {}  # by id, in the order of their arrival
        self._url = url
        self._token: str | None = None
        self._client: Any = None
        self._online = asyncio.Event()
        self._news = asyncio.Event()
        self._task = asyncio.create_task(self._stay_connected())

    @property
    def conversation(self) -> str:
        """Rasa's id of the conversation, once connected."""
        assert self._token is not None
        claims = jwt.decode(self._token, options={"verify_signature": False})
        return str(claims["sub"])

    async def say(self, text: str) -> str:
        """Send until it is acknowledged; return the message's id."""
        message_id = str(uuid.uuid4())
        await within(self._send(message_id, text), f"Rasa never took {text!r}")
        return message_id

    async def hears(self, wanted: Callable[[dict[str, Any]], bool], what: str) -> dict[str, Any]:
        """Wait for a message."""
        return await within(self._wait(wanted), f"the customer never heard {what}")

    async def leave(self) -> None:
        """Close the page."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _send(self, message_id: str, text: str) -> None:
        metadata = {"message_id": message_id, "language": self.language}
        payload = {"message": text, "metadata": metadata}
        while True:
            await self._online.wait()
            answer = await self._ask(self._client, payload)
            if isinstance(answer, dict) and answer.get("status") in {"accepted", "duplicate"}:
                return
            await asyncio.sleep(_RETRY_SECONDS)

    async def _ask(self, client: Any, payload: dict[str, Any]) -> Any:
        """Return the acknowledgement; a dead server's never comes, so the line is watched too."""
        call = asyncio.create_task(client.call("user_uttered", payload, timeout=_TURN_SECONDS))
        gone = asyncio.create_task(client.gone.wait())
        try:
            await asyncio.wait({call, gone}, return_when=asyncio.FIRST_COMPLETED)
            return call.result() if call.done() else None
        except (SocketIOError, asyncio.TimeoutError):
            return None
        finally:
            call.cancel()
            gone.cancel()

    async def _wait(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        while True:
            self._news.clear()
            for message in self.heard.values():
                if wanted(message):
                    return message
            await self._news.wait()

    def _hear(self, *messages: dict[str, Any]) -> None:
        for message in messages:
            if message["sender"] != "user":
                self.heard.setdefault(message["id"], message)
        self._news.set()

    async def _stay_connected(self) -> None:
        while True:
            client = _Line(self._hear)
            try:
                await client.connect(self._url, transports=["polling"], wait_timeout=10)
                self._token = await client.session(self._token)
                past = await client.call("history_request", {}, timeout=_TURN_SECONDS)
                self._hear(*past.get("messages", []))
                self._client = client
                self._online.set()
                await client.gone.wait()
            except (SocketIOError, asyncio.TimeoutError, OSError):
                await asyncio.sleep(_RETRY_SECONDS)
            finally:
                self._online.clear()
                await client.hang_up()


class _Line(socketio.AsyncClient):
    """One connection; after a break a new one is made."""

    def __init__(self, hear: Callable[[dict[str, Any]], None]) -> None:
        super().__init__(reconnection=False)
        self.gone = asyncio.Event()
        self._confirmed: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.on("bot_uttered", hear)
        self.on("session_confirm", self._confirm)
        self.on("disconnect", self.gone.set)

    async def session(self, token: str | None) -> str:
        await self.emit("session_request", {"session_id": token})
        return await asyncio.wait_for(self._confirmed, _TURN_SECONDS)

    async def hang_up(self) -> None:
        """Go at once, without waiting for a pending poll."""
        self.gone.set()
        engine = self.eio
        if engine.state == "connected":
            await engine.disconnect(abort=True)
        for task in (engine.read_loop_task, engine.write_loop_task):
            if task is not None:
                task.cancel()
        if engine.http is not None:
            await engine.http.close()

    def _confirm(self, token: str) -> None:
        if not self._confirmed.done():
            self._confirmed.set_result(token)
