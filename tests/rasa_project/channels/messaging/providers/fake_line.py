"""An imitation of LINE, after "Messaging API reference" at developers.line.biz.

"Webhooks" (the signature, events of several customers, redelivery under the same `webhookEventId`),
"Send push message", "Retrying a failed API request" (`X-Line-Retry-Key`, 409), "Quick reply",
"Rate limits" (429), "Display a loading animation", "Set webhook endpoint URL", "Get content"
(202 while LINE prepares it).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import uuid
from typing import Any

from aiohttp import web

from tests.rasa_project.channels.messaging.fake_service import Delivery, FakeService, as_json

TOKEN = "token-of-the-tests"
SECRET = "secret-of-the-tests"


class FakeLine(FakeService):
    """The Messaging API, and customers with the app."""

    name = "line"
    knows_doubles = True
    channel = "rasa_project.channels.messaging.providers.line.LineInput"

    def __init__(self) -> None:
        super().__init__()
        self.endpoint = ""
        self.preparing = 0  # how often it still says that content is not ready
        self._taken: set[str] = set()

    def settings(self) -> dict[str, Any]:
        return {"access_token": TOKEN, "channel_secret": SECRET, "api_url": self.url,
                "data_url": self.url}  # fmt: skip

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/v2/bot/message/push", self._push),
            web.post("/v2/bot/chat/loading/start", self._load),
            web.get("/v2/bot/info", self._about),
            web.get("/v2/bot/message/{name}/content", self._give),
            web.get("/v2/bot/channel/webhook/endpoint", self._about),
            web.put("/v2/bot/channel/webhook/endpoint", self._set),
        ]

    def delivery(self, event: Any) -> Delivery:
        events = event if isinstance(event, list) else [event]
        body = json.dumps({"destination": "U0", "events": events}).encode()
        digest = base64.b64encode(hmac.new(SECRET.encode(), body, hashlib.sha256).digest())
        return Delivery(body, {"X-Line-Signature": digest.decode()})

    def written(self, customer: str, text: str) -> Any:
        message = {"id": str(self.next_number()), "type": "text", "text": text, "quoteToken": "q"}
        return self.event(customer, {"type": "message", "message": message})

    def event(self, customer: str, more: dict[str, Any]) -> Any:
        return {
            "mode": "active",
            "timestamp": int(time.time() * 1000) + self.next_number(),
            "source": {"type": "user", "userId": customer},
            "webhookEventId": f"01{self.next_number()}",
            "deliveryContext": {"isRedelivery": False},
            "replyToken": "r",
            **more,
        }

    def pictured(self, customer: str, content: bytes) -> Any:
        provider = {"type": "line"}
        message = {"id": self.keep(content), "type": "image", "contentProvider": provider}
        return self.event(customer, {"type": "message", "message": message})

    def pressed(self, customer: str, title: str) -> Any:
        for to, content in reversed(self.sent):
            for item in content.get("quickReply", {}).get("items", []):
                if to == customer and item["action"]["label"] == title:
                    postback = {"data": item["action"]["data"]}
                    return self.event(customer, {"type": "postback", "postback": postback})
        raise AssertionError(f"{customer} has no button {title!r}")

    def limited(self) -> web.Response:
        words = "The API rate limit has been exceeded. Try again later."
        return as_json({"message": words}, 429)

    def texts(self, customer: str) -> list[str]:
        return [
            content.get("text") or content.get("originalContentUrl") or ""
            for to, content in self.sent
            if to == customer
        ]

    async def _push(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return as_json({"message": "Authentication failed"}, 401)
        key, content = request.headers["X-Line-Retry-Key"], await request.json()
        uuid.UUID(key)
        if key in self._taken:
            return as_json({"message": "The retry key is already accepted"}, 409)
        (message,) = content["messages"]
        if wrong := error(message):
            return as_json({"message": wrong}, 400)
        return await self.in_turn(lambda: self._show(key, content["to"], message))

    def _show(self, key: str, customer: str, message: dict[str, Any]) -> web.Response:
        self._taken.add(key)
        self.sent.append((customer, message))
        return as_json({"sentMessages": [{"id": str(self.next_number())}]})

    async def _give(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return as_json({"message": "Authentication failed"}, 401)
        if self.preparing:
            self.preparing -= 1
            return web.Response(status=202)
        return await self.give(request, request.match_info["name"])

    async def _load(self, request: web.Request) -> web.Response:
        self.courtesies.append(await request.json())
        return as_json({}, 202)

    async def _about(self, request: web.Request) -> web.Response:
        found = {"endpoint": self.endpoint, "active": bool(self.endpoint), "displayName": "Shop"}
        return as_json(found)

    async def _set(self, request: web.Request) -> web.Response:
        self.endpoint = (await request.json())["endpoint"]
        return as_json({})


def error(message: dict[str, Any]) -> str:
    """Say what the API would refuse."""
    items = message.get("quickReply", {}).get("items", [])
    actions = [item["action"] for item in items]
    right = (
        len(message.get("text", "x").encode("utf-16-le")) // 2 in range(1, 5001)
        and len(items) <= 13
        and all(1 <= len(one["label"]) <= 20 for one in actions)
        and all(1 <= len(one["data"]) <= 300 for one in actions)
    )
    return "" if right else "The request body has 1 error(s)"
