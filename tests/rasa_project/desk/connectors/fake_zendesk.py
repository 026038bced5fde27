"""Zendesk's ticketing API and webhooks, from https://developer.zendesk.com.

Tickets, users and audits as in `/api-reference/ticketing`, signatures as in
`/documentation/webhooks/verifying`, events as in
`/api-reference/webhooks/event-types/ticket-events`.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import json
import uuid
from typing import Any, ClassVar

from aiohttp import BasicAuth, web

from tests.rasa_project.desk.connectors.fake_desk import FakeDesk

TOKEN, HOOK, ME = "zendesk token", "zendesk webhook secret", 900
_PAGE = 2  # audits; small, so that pages are turned


class FakeZendesk(FakeDesk):
    name = "zendesk"
    calm = "normal"
    secrets: ClassVar[dict[str, str]] = {"ZENDESK_TOKEN": TOKEN, "ZENDESK_HOOK": HOOK}

    def __init__(self) -> None:
        super().__init__()
        self.users: dict[str, int] = {}
        self.agents = {"901": "Ana"}
        self.tickets: list[dict[str, Any]] = []

    def settings(self) -> dict[str, Any]:
        return {
            "url": self.url, "email": "bot@example.com", "token": "${ZENDESK_TOKEN}", "group": 5,
            "webhook_secret": "${ZENDESK_HOOK}", "fields": {"emotion": 77},
        }  # fmt: skip

    def allowed(self, request: web.Request) -> bool:
        given = request.headers.get("Authorization", "")
        return given == BasicAuth("bot@example.com/token", TOKEN).encode()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/api/v2/users/me.json", self._me),
            web.get("/api/v2/users/{id}.json", self._user),
            web.post("/api/v2/users/create_or_update.json", self._requester),
            web.post("/api/v2/tickets.json", self._create),
            web.get("/api/v2/tickets.json", self._find),
            web.put("/api/v2/tickets/{id}.json", self._update),
            web.get("/api/v2/tickets/{id}/audits.json", self._audits),
        ]

    def signed(self, event: Any, delivery: str, sent_at: float) -> tuple[dict[str, str], bytes]:
        body = json.dumps(event).encode()
        at = datetime.datetime.fromtimestamp(sent_at, datetime.timezone.utc)
        stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ")
        digest = hmac.new(HOOK.encode(), stamp.encode() + body, hashlib.sha256).digest()
        return {
            "X-Zendesk-Webhook-Signature": base64.b64encode(digest).decode(),
            "X-Zendesk-Webhook-Signature-Timestamp": stamp,
            "X-Zendesk-Webhook-Invocation-Id": delivery,
        }, body

    def shown(self) -> list[dict[str, Any]]:
        return [
            {
                "customer": [c["body"] for c in one["comments"] if c["public"]
                             and c["author_id"] == one["requester_id"]],
                "notes": [c["body"] for c in one["comments"] if not c["public"]],
                "level": one["priority"],
                "open": one["status"] == "open",
            }
            for one in self.tickets
        ]  # fmt: skip

    def first(self) -> int:
        return int(self.tickets[0]["id"])

    async def answer(self, ticket: int, person: str, text: str) -> None:
        await self._add(self._one(ticket), {"body": text, "public": True, "author_id": 901}, {})

    async def note(self, ticket: int, person: str, text: str) -> None:
        await self._add(self._one(ticket), {"body": text, "public": False, "author_id": 901}, {})

    async def resolve(self, ticket: int, person: str) -> None:
        await self._move(self._one(ticket), "solved")

    async def hand_back(self, ticket: int, person: str) -> None:
        await self.note(ticket, person, "!bot")

    async def assign(self, ticket: int, person: str) -> None:
        number = next(number for number, name in self.agents.items() if name == person)
        await self._tell("agent_assignment_changed", self._one(ticket), {"current": number})

    def _one(self, ticket: int) -> dict[str, Any]:
        return next(one for one in self.tickets if one["id"] == ticket)

    async def _add(self, one: dict[str, Any], comment: dict[str, Any], metadata: Any) -> None:
        comment = {"id": 5000 + sum(len(t["comments"]) for t in self.tickets),
                   "public": True, "author_id": ME, **comment}  # fmt: skip
        one["comments"].append(comment)
        one["audits"].append({"id": len(one["audits"]), "metadata": {"custom": metadata}})
        author = comment["author_id"]
        staff = author == ME or str(author) in self.agents
        event = {
            "id": str(comment["id"]),
            "body": comment["body"],
            "is_public": comment["public"],
            "author": {"id": str(author), "is_staff": staff,
                       "name": self.agents.get(str(author), "Attune")},
        }  # fmt: skip
        await self._tell("comment_added", one, {"comment": event})

    async def _move(self, one: dict[str, Any], status: str) -> None:
        previous, one["status"] = one["status"], status
        change = {"current": status.upper(), "previous": previous.upper()}
        await self._tell("status_changed", one, change)

    async def _tell(self, kind: str, one: dict[str, Any], change: dict[str, Any]) -> None:
        event = str(uuid.uuid4())
        await self.emit({
            "type": f"zen:event-type:ticket.{kind}", "account_id": 1, "id": event,
            "time": "2026-01-01T00:00:00Z", "zendesk_event_version": "2022-11-06",
            "subject": f"zen:ticket:{one['id']}", "detail": {"id": str(one["id"])},
            "event": change,
        })  # fmt: skip

    async def _me(self, _request: web.Request) -> web.Response:
        return web.json_response({"user": {"id": ME, "role": "agent"}})

    async def _user(self, request: web.Request) -> web.Response:
        name = self.agents[request.match_info["id"]]
        return web.json_response({"user": {"id": 901, "name": name, "alias": ""}})

    async def _requester(self, request: web.Request) -> web.Response:
        asked = (await request.json())["user"]
        number = self.users.setdefault(asked["external_id"], 10 + len(self.users))
        return web.json_response({"user": {"id": number}})

    async def _create(self, request: web.Request) -> web.Response:
        asked = (await request.json())["ticket"]
        assert request.headers["Idempotency-Key"] == asked["external_id"]
        one = {**asked, "id": 300 + len(self.tickets), "status": "open", "comments": [],
               "audits": []}  # fmt: skip
        self.tickets.append(one)
        await self._add(one, asked["comment"], {})
        return web.json_response({"ticket": {"id": one["id"]}}, status=201)

    async def _find(self, request: web.Request) -> web.Response:
        wanted = request.query["external_id"]
        found = [{"id": one["id"]} for one in self.tickets if one["external_id"] == wanted]
        return web.json_response({"tickets": found})

    async def _update(self, request: web.Request) -> web.Response:
        asked = (await request.json())["ticket"]
        one = self._one(int(request.match_info["id"]))
        one |= {name: asked[name] for name in ("priority", "custom_fields") if name in asked}
        if "comment" in asked:
            await self._add(one, asked["comment"], asked.get("metadata", {}))
        if "status" in asked:
            await self._move(one, asked["status"])
        return web.json_response({"ticket": {"id": one["id"]}})

    async def _audits(self, request: web.Request) -> web.Response:
        audits = self._one(int(request.match_info["id"]))["audits"]
        start = int(request.query.get("page[after]", "0"))
        meta = {"has_more": start + _PAGE < len(audits), "after_cursor": str(start + _PAGE)}
        return web.json_response({"audits": audits[start : start + _PAGE], "meta": meta})
