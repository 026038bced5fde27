"""Zammad's REST API and webhooks.

From https://docs.zammad.org/en/latest/api/intro.html, the admin documentation of webhooks at
https://admin-docs.zammad.org/en/latest/manage/webhook.html, and `zammad/zammad`
(`app/jobs/trigger_webhook_job.rb`, `app/models/ticket/screen_options.rb`).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any, ClassVar

from aiohttp import web

from tests.rasa_project.desk.connectors.fake_desk import FakeDesk

TOKEN, HOOK = "zammad token", "zammad signature token"
ANA = {"id": 8, "firstname": "Ana", "lastname": "", "login": "ana@example.com"}
OURS = {"id": 9, "firstname": "Attune", "lastname": "", "login": "attune@example.com"}
NOBODY = {"id": 1, "firstname": "-", "lastname": ""}


class FakeZammad(FakeDesk):
    name = "zammad"
    calm = "1 low"
    secrets: ClassVar[dict[str, str]] = {"ZAMMAD_TOKEN": TOKEN, "ZAMMAD_HOOK": HOOK}

    def __init__(self) -> None:
        super().__init__()
        self.users: list[dict[str, Any]] = []
        self.tickets: list[dict[str, Any]] = []
        self.articles: list[dict[str, Any]] = []

    def settings(self) -> dict[str, Any]:
        return {
            "url": self.url, "token": "${ZAMMAD_TOKEN}", "webhook_secret": "${ZAMMAD_HOOK}",
            "group": "Service", "fields": {"emotion": "mood"},
        }  # fmt: skip

    def allowed(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == f"Token token={TOKEN}"

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/api/v1/users/me", self._me),
            web.get("/api/v1/groups", self._groups),
            web.post("/api/v1/users", self._user),
            web.get("/api/v1/users/search", self._search),
            web.post("/api/v1/tickets", self._create),
            web.put("/api/v1/tickets/{id}", self._update),
            web.get("/api/v1/ticket_customer", self._of_customer),
            web.post("/api/v1/ticket_articles", self._article),
            web.get("/api/v1/ticket_articles/by_ticket/{id}", self._articles),
        ]

    def signed(self, event: Any, delivery: str, sent_at: float) -> tuple[dict[str, str], bytes]:
        body = json.dumps(event).encode()
        signature = hmac.new(HOOK.encode(), body, hashlib.sha1).hexdigest()
        return {
            "X-Zammad-Trigger": "Attune",
            "X-Zammad-Delivery": delivery,
            "X-Hub-Signature": f"sha1={signature}",
        }, body

    def shown(self) -> list[dict[str, Any]]:
        return [
            {
                "customer": self._bodies(one["id"], "Customer", False),
                "notes": self._bodies(one["id"], "Agent", True),
                "level": one["priority"],
                "open": one["state"] == "new",
            }
            for one in self.tickets
        ]

    def first(self) -> int:
        return int(self.tickets[0]["id"])

    async def answer(self, ticket: int, person: str, text: str) -> None:
        lines = "".join(f"<div>{line}</div>" for line in text.split("\n"))
        await self._write(
            ticket, body=lines, content_type="text/html", internal=False, created_by=ANA
        )

    async def note(self, ticket: int, person: str, text: str) -> None:
        await self._write(ticket, body=text, internal=True, created_by=ANA)

    async def resolve(self, ticket: int, person: str) -> None:
        self._one(ticket)["state"] = "closed"
        await self.emit({"ticket": self._one(ticket), "article": {}})

    async def hand_back(self, ticket: int, person: str) -> None:
        await self.note(ticket, person, "!bot")

    async def assign(self, ticket: int, person: str) -> None:
        self._one(ticket)["owner"] = ANA
        await self.emit({"ticket": self._one(ticket), "article": {}})

    def _bodies(self, ticket: int, sender: str, internal: bool) -> list[str]:
        return [
            article["body"]
            for article in self.articles
            if (article["ticket_id"], article["sender"]) == (ticket, sender)
            and article["internal"] is internal
        ]

    def _one(self, ticket: int) -> dict[str, Any]:
        return next(one for one in self.tickets if one["id"] == ticket)

    async def _write(self, ticket: int, **values: Any) -> dict[str, Any]:
        article = {
            "id": 700 + len(self.articles), "ticket_id": ticket, "sender": "Agent", "type": "note",
            "content_type": "text/plain", "internal": False, "created_by": OURS, **values,
        }  # fmt: skip
        self.articles.append(article)
        await self.emit({"ticket": dict(self._one(ticket)), "article": article})
        return article

    async def _me(self, _request: web.Request) -> web.Response:
        return web.json_response(OURS)

    async def _groups(self, _request: web.Request) -> web.Response:
        return web.json_response([{"id": 1, "name": "Service"}])

    async def _user(self, request: web.Request) -> web.Response:
        asked = await request.json()
        if any(user["email"] == asked["email"] for user in self.users):
            sentence = f"Email address '{asked['email']}' is already used for another user."
            return web.json_response({"error": sentence}, status=422)
        self.users.append({**asked, "id": 20 + len(self.users)})
        return web.json_response(self.users[-1], status=201)

    async def _search(self, request: web.Request) -> web.Response:
        wanted = request.query["query"]
        return web.json_response([user for user in self.users if wanted in user["email"]])

    async def _create(self, request: web.Request) -> web.Response:
        asked = await request.json()
        article = asked.pop("article")
        one = {**asked, "id": 40 + len(self.tickets), "state": "new", "owner": NOBODY}
        self.tickets.append(one)
        await self._write(one["id"], **article)
        return web.json_response(one, status=201)

    async def _update(self, request: web.Request) -> web.Response:
        one = self._one(int(request.match_info["id"]))
        one |= await request.json()
        await self.emit({"ticket": dict(one), "article": {}})
        return web.json_response(one)

    async def _of_customer(self, request: web.Request) -> web.Response:
        mine = [t for t in self.tickets if t["customer_id"] == int(request.query["customer_id"])]
        assets = {"Ticket": {str(one["id"]): one for one in mine}}
        found = {"ticket_ids_open": [one["id"] for one in mine], "ticket_ids_closed": []}
        return web.json_response({**found, "assets": assets})

    async def _article(self, request: web.Request) -> web.Response:
        asked = await request.json()
        return web.json_response(await self._write(asked.pop("ticket_id"), **asked), status=201)

    async def _articles(self, request: web.Request) -> web.Response:
        ticket = int(request.match_info["id"])
        return web.json_response([a for a in self.articles if a["ticket_id"] == ticket])
