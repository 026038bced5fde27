"""An imitation of Rocket.Chat, after developer.rocket.chat and its public source.

"Outgoing webhook integrations" (what each event holds), "Send message" (its own `_id`),
"Get message", uploads (who is signed in by headers may fetch them), "Get user's info",
"Rate limiter", "Message attachments" (buttons), "Realtime API", "Notify Room Stream".
"""

from __future__ import annotations

import asyncio
import datetime
import time
from typing import Any

from aiohttp import web

from tests.rasa_project.channels.messaging.fake_service import as_json
from tests.rasa_project.channels.messaging.providers.fake_chat_server import (
    ACCESS_TOKEN,
    WEBHOOK_TOKEN,
    FakeChatServer,
)

BOT = "botUserId00000000"


class FakeRocketChat(FakeChatServer):
    """A server; each customer has a direct room with the bot, of the customer's name.

    Attributes:
        messages: By id.
        refuses: An error that answers each message.
    """

    name = "rocketchat"
    channel = "rasa_project.channels.messaging.providers.rocketchat.RocketChatInput"

    def __init__(self) -> None:
        super().__init__()
        self.messages: dict[str, dict[str, Any]] = {}
        self.refuses = ""
        self.echo_tasks: list[asyncio.Task[None]] = []

    def settings(self) -> dict[str, Any]:
        return {
            "server_url": self.url, "user_id": BOT, "access_token": ACCESS_TOKEN,
            "webhook_token": WEBHOOK_TOKEN,
        }  # fmt: skip

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/api/v1/chat.sendMessage", self._send),
            web.get("/api/v1/chat.getMessage", self._get),
            web.get("/api/v1/users.info", self._info),
            web.get("/api/v1/me", self._me),
            web.get("/websocket", self._socket),
            web.get("/file-upload/{name}/a.png", self._give),
        ]

    def written(self, customer: str, text: str) -> Any:
        return self.message(customer, f"user-{customer}", text)

    def message(self, room: str, user: str, text: str, **more: Any) -> Any:
        moment = datetime.datetime.fromtimestamp(time.time(), datetime.timezone.utc)
        return {
            "token": WEBHOOK_TOKEN, "channel_id": room, "channel_name": None,
            "message_id": f"message{self.next_number():010d}",
            "timestamp": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "user_id": user, "user_name": "ana", "text": text, "siteUrl": self.url, **more,
        }  # fmt: skip

    def pictured(self, customer: str, content: bytes) -> Any:
        file = {"_id": self.keep(content), "name": "a.png", "type": "image/png"}
        return self.message(customer, f"user-{customer}", "", message={"files": [file]})

    def pressed(self, customer: str, title: str) -> Any:
        for to, content in reversed(self.sent):
            for one in actions(content):
                if to == customer and one["text"] == title:
                    return self.written(customer, one["msg"])
        raise AssertionError(f"{customer} has no button {title!r}")

    def limited(self) -> web.Response:
        words = "Error, too many requests. Please slow down. [error-too-many-requests]"
        reset = str(int((time.time() + self.retry_after) * 1000))
        headers = {"X-RateLimit-Limit": "10", "X-RateLimit-Reset": reset}
        answer = as_json({"success": False, "error": words}, 429)
        answer.headers.update(headers)
        return answer

    def texts(self, customer: str) -> list[str]:
        return [
            content["msg"] or content["attachments"][0]["image_url"]
            for to, content in self.sent
            if to == customer
        ]

    def _wrong(self, request: web.Request) -> web.Response | None:
        given = (request.headers.get("X-Auth-Token"), request.headers.get("X-User-Id"))
        if given == (ACCESS_TOKEN, BOT):
            return None
        return as_json({"status": "error", "message": "You must be logged in to do this."}, 401)

    async def _send(self, request: web.Request) -> web.StreamResponse:
        if (wrong := self._wrong(request)) is not None:
            return wrong
        message = (await request.json())["message"]
        if message["_id"] in self.messages:  # as its source does, which then has none to show
            error = "Cannot read properties of undefined (reading 'u')"
            return as_json({"success": False, "error": error}, 400)
        if self.refuses or len(message["msg"]) > 5000:
            words = self.refuses or "error-message-size-exceeded"
            return as_json({"success": False, "error": f"No. [{words}]", "errorType": words}, 400)
        return await self.in_turn(lambda: self._show(message))

    def _show(self, message: dict[str, Any]) -> web.Response:
        self.messages[message["_id"]] = message
        self.sent.append((message["rid"], message))
        if self.echoes:
            event = self.message(message["rid"], BOT, message["msg"])
            self.echo_tasks.append(asyncio.create_task(self.happens(event)))
        return as_json({"success": True, "message": message})

    async def _get(self, request: web.Request) -> web.StreamResponse:
        if (wrong := self._wrong(request)) is not None:
            return wrong
        message = self.messages.get(request.query["msgId"])
        if message is None:
            return as_json({"success": False}, 400)
        return as_json({"success": True, "message": message})

    async def _info(self, request: web.Request) -> web.StreamResponse:
        if (wrong := self._wrong(request)) is not None:
            return wrong
        user = request.query["userId"]
        kind = "bot" if user in self.bots else "user"
        about = {"_id": user, "type": kind, "name": "Ana Lee", "utcOffset": 5.5, "username": "ana"}
        return as_json({"success": True, "user": about})

    async def _give(self, request: web.Request) -> web.StreamResponse:
        if self._wrong(request) is not None:
            return web.Response(status=403, text="Forbidden")
        return await self.give(request, request.match_info["name"])

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"server_id": "0"})
        is_known = False
        async for message in socket:
            asked = message.json()
            if asked["msg"] == "connect":
                await socket.send_json({"msg": "connected", "session": "s"})
                await socket.send_json({"msg": "ping"})
            if asked["msg"] != "method":
                continue
            answer: dict[str, Any] = {"msg": "result", "id": asked["id"]}
            if asked["method"] == "login":
                is_known = asked["params"] == [{"resume": ACCESS_TOKEN}]
            elif is_known:
                self.courtesies.append({"params": asked["params"]})
            if not is_known:
                answer["error"] = {"error": 403, "reason": "You've been logged out by the server."}
            await socket.send_json(answer)
        return socket

    async def _me(self, request: web.Request) -> web.StreamResponse:
        if (wrong := self._wrong(request)) is not None:
            return wrong
        return as_json({"success": True, "_id": BOT, "username": "shop"})


def actions(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for each in message.get("attachments", []) for one in each.get("actions", [])]
