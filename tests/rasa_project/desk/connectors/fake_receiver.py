"""Somebody's program behind the signed webhook, by https://www.standardwebhooks.com (1.0.0)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any, ClassVar

from aiohttp import web

from tests.rasa_project.desk.connectors.fake_desk import FakeDesk

KEY = b"a key of the tests alone"
SECRET = "whsec_" + base64.b64encode(KEY).decode()


def signature(event: str, sent_at: str, body: bytes) -> str:
    digest = hmac.new(KEY, f"{event}.{sent_at}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


class FakeReceiver(FakeDesk):
    name = "webhook"
    secrets: ClassVar[dict[str, str]] = {"WEBHOOK_SECRET": SECRET}

    def __init__(self) -> None:
        super().__init__()
        self.tickets: list[dict[str, Any]] = []
        self.seen: set[str] = set()
        self.doubled: list[str] = []

    def settings(self) -> dict[str, Any]:
        return {"url": f"{self.url}/events", "secret": "${WEBHOOK_SECRET}"}

    def allowed(self, request: web.Request) -> bool:
        return True  # the signature is checked with the body

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/events", self._take)]

    def signed(self, event: Any, delivery: str, sent_at: float) -> tuple[dict[str, str], bytes]:
        body, at = json.dumps(event).encode(), str(int(sent_at))
        return {
            "webhook-id": delivery,
            "webhook-timestamp": at,
            "webhook-signature": signature(delivery, at, body),
        }, body

    def shown(self) -> list[dict[str, Any]]:
        return [
            {
                "customer": [said["text"] for said in one["said"] if said["sender"] == "customer"],
                "notes": [one["summary"]]
                + [f"{said['name']}: {said['text']}" for said in one["said"]
                   if said["sender"] != "customer"],
                "level": one["facts"]["urgency"],
                "open": one["open"],
            }
            for one in self.tickets
        ]  # fmt: skip

    def first(self) -> int:
        return 0

    async def answer(self, ticket: int, person: str, text: str) -> None:
        await self._emit("answer.created", ticket, person, text)

    async def note(self, ticket: int, person: str, text: str) -> None:
        await self._emit("note.created", ticket, person, text)

    async def resolve(self, ticket: int, person: str) -> None:
        await self._emit("conversation.resolved", ticket, person, "")

    async def hand_back(self, ticket: int, person: str) -> None:
        await self._emit("conversation.handed_back", ticket, person, "")

    async def _emit(self, kind: str, ticket: int, person: str, text: str) -> None:
        data = {"id": f"T-{ticket}", "agent": person, "text": text}
        await self.emit({"type": kind, "data": data})

    async def _take(self, request: web.Request) -> web.Response:
        event, body = request.headers["webhook-id"], await request.read()
        expected = signature(event, request.headers["webhook-timestamp"], body)
        assert request.headers["webhook-signature"] == expected
        content = json.loads(body)
        if content["type"] == "conversation.opened" and event in self.seen:
            return web.json_response({"id": f"T-{self._known(event)}"})
        if event in self.seen:
            self.doubled.append(event)  # taken once, as the specification asks of receivers
            return web.json_response({})
        self.seen.add(event)
        return self._apply(event, content["type"], content["data"])

    def _known(self, event: str) -> int:
        return next(i for i, one in enumerate(self.tickets) if one["event"] == event)

    def _apply(self, event: str, kind: str, data: dict[str, Any]) -> web.Response:
        if kind == "conversation.opened":
            self.tickets.append({"event": event, "said": [], "open": True, **data})
            number = len(self.tickets) - 1
            return web.json_response({"id": f"T-{number}", "url": f"https://example.com/{number}"})
        if kind != "ping":
            one = self.tickets[int(data["id"].removeprefix("T-"))]
            if kind == "message.created":
                one["said"].append(data)
            elif kind == "conversation.updated":
                one["facts"] = data["facts"]
            elif kind == "conversation.closed":
                one["open"] = False
                one["said"].append({"sender": "system", "name": "Notice", "text": data["text"]})
        return web.json_response({})
