"""Chatwoot's application API and webhooks.

From https://developers.chatwoot.com/api-reference, the sources of `chatwoot/chatwoot`, and
https://www.chatwoot.com/hc/user-guide/articles/1677693021.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any, ClassVar

from aiohttp import web

from tests.rasa_project.desk.connectors.fake_desk import FakeDesk

USER, BOT, HOOK = "chatwoot user token", "chatwoot bot token", "chatwoot webhook secret"
# What an agent bot's token may do; see `access_token_auth_helper.rb`.
_FOR_BOTS = ("toggle_status", "toggle_priority", "messages", "assignments", "custom_attributes")


class FakeChatwoot(FakeDesk):
    name = "chatwoot"
    calm = "medium"
    secrets: ClassVar[dict[str, str]] = {
        "CHATWOOT_TOKEN": USER,
        "CHATWOOT_BOT": BOT,
        "CHATWOOT_HOOK": HOOK,
    }

    def __init__(self) -> None:
        super().__init__()
        self.contacts: list[dict[str, Any]] = []
        self.conversations: dict[int, dict[str, Any]] = {}
        self.messages: list[dict[str, Any]] = []
        self.handoffs: list[int] = []
        self.order: list[str] = []

    def settings(self) -> dict[str, Any]:
        return {
            "url": self.url, "account": 7, "inbox": 3, "token": "${CHATWOOT_TOKEN}", "team": 4,
            "bot_token": "${CHATWOOT_BOT}", "webhook_secret": "${CHATWOOT_HOOK}",
            "labels": ["attune", "angry"],
        }  # fmt: skip

    def allowed(self, request: web.Request) -> bool:
        token = request.headers.get("api_access_token")
        if token == BOT:
            return request.path.rsplit("/", 1)[-1] in _FOR_BOTS
        return token == USER

    def routes(self) -> list[web.RouteDef]:
        base = "/api/v1/accounts/7"
        one = base + "/conversations/{id}"
        return [
            web.get(base + "/inboxes/3", self._inbox),
            web.post(base + "/contacts", self._contact),
            web.get(base + "/contacts/search", self._search),
            web.get(base + "/contacts/{id}/conversations", self._of_contact),
            web.post(base + "/conversations", self._create),
            web.get(one, self._show),
            web.post(one + "/messages", self._message),
            web.get(one + "/messages", self._list),
            web.post(one + "/custom_attributes", self._attributes),
            web.get(one + "/labels", self._labels),
            web.post(one + "/labels", self._set_labels),
            web.post(one + "/toggle_priority", self._priority),
            web.post(one + "/assignments", self._assign),
            web.post(one + "/toggle_status", self._status),
        ]

    def signed(self, event: Any, delivery: str, sent_at: float) -> tuple[dict[str, str], bytes]:
        body = json.dumps(event).encode()
        at = str(int(sent_at))
        signature = hmac.new(HOOK.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
        return {
            "X-Chatwoot-Signature": f"sha256={signature}",
            "X-Chatwoot-Timestamp": at,
            "X-Chatwoot-Delivery": delivery,
            "Content-Type": "application/json",
        }, body

    def shown(self) -> list[dict[str, Any]]:
        return [
            {
                "customer": self._texts(number, "incoming", False),
                "notes": self._texts(number, "outgoing", True),
                "level": one["priority"],
                "open": one["status"] == "open",
            }
            for number, one in self.conversations.items()
        ]

    def first(self) -> int:
        return min(self.conversations)

    async def answer(self, ticket: int, person: str, text: str) -> None:
        await self._write(ticket, text, "outgoing", False, self._person(person), None)

    async def note(self, ticket: int, person: str, text: str) -> None:
        await self._write(ticket, text, "outgoing", True, self._person(person), None)

    async def resolve(self, ticket: int, person: str) -> None:
        await self._move(ticket, "resolved")

    async def hand_back(self, ticket: int, person: str) -> None:
        await self._move(ticket, "pending")

    async def assign(self, ticket: int, person: str) -> None:
        self.conversations[ticket]["assignee"] = person
        change = {"assignee_id": {"previous_value": None, "current_value": 5}}
        event = {"event": "conversation_updated", "changed_attributes": [change]}
        await self.emit({**event, **self._conversation(ticket)})

    def _texts(self, ticket: int, kind: str, private: bool) -> list[str]:
        return [
            message["content"]
            for message in self.messages
            if (message["conversation_id"], message["message_type"]) == (ticket, kind)
            and message["private"] is private
        ]

    @staticmethod
    def _person(name: str) -> dict[str, Any]:
        return {"id": 5, "name": name, "email": "ana@example.com", "type": "user"}

    def _conversation(self, ticket: int) -> dict[str, Any]:
        one = self.conversations[ticket]
        assignee = {"id": 5, "name": one["assignee"]} if one.get("assignee") else None
        return {
            "id": ticket, "inbox_id": 3, "channel": "Channel::Api", "status": one["status"],
            "custom_attributes": one["custom_attributes"], "meta": {"assignee": assignee},
        }  # fmt: skip

    async def _write(
        self, ticket: int, text: str, kind: str, private: bool, sender: Any, source: str | None
    ) -> dict[str, Any]:
        message = {"id": len(self.messages) + 100, "conversation_id": ticket, "content": text,
                   "message_type": kind, "private": private, "source_id": source}  # fmt: skip
        self.messages.append(message)
        event = {"event": "message_created", **message, "sender": sender, "content_type": "text",
                 "content_attributes": {}, "account": {"id": 7}}  # fmt: skip
        del event["conversation_id"]
        await self.emit({**event, "conversation": self._conversation(ticket)})
        return message

    async def _move(self, ticket: int, status: str) -> None:
        self.conversations[ticket]["status"] = status
        await self.emit({"event": "conversation_status_changed", **self._conversation(ticket)})

    async def _inbox(self, _request: web.Request) -> web.Response:
        return web.json_response({"id": 3, "channel_type": "Channel::Api"})

    async def _contact(self, request: web.Request) -> web.Response:
        asked = await request.json()
        assert asked["inbox_id"] == 3
        if any(entry["identifier"] == asked["identifier"] for entry in self.contacts):
            return web.json_response({"message": "Identifier has already been taken"}, status=422)
        contact = {"id": len(self.contacts) + 1, **asked}
        self.contacts.append(contact)
        return web.json_response({"payload": {"contact": contact}})

    async def _search(self, request: web.Request) -> web.Response:
        found = [entry for entry in self.contacts if request.query["q"] in entry["identifier"]]
        return web.json_response({"payload": found})

    async def _of_contact(self, request: web.Request) -> web.Response:
        contact = int(request.match_info["id"])
        found = [
            self._conversation(number)
            for number, one in self.conversations.items()
            if one["contact_id"] == contact
        ]
        return web.json_response({"payload": found})

    async def _create(self, request: web.Request) -> web.Response:
        asked = await request.json()
        number = len(self.conversations) + 50
        self.conversations[number] = {**asked, "labels": ["vip"], "priority": None}
        self.conversations[number]["custom_attributes"]["plan"] = "gold"
        return web.json_response({"id": number})

    async def _show(self, request: web.Request) -> web.Response:
        return web.json_response(self._conversation(int(request.match_info["id"])))

    async def _message(self, request: web.Request) -> web.Response:
        asked = await request.json()
        self.order.append("note" if asked.get("private") else asked["message_type"])
        made = await self._write(
            int(request.match_info["id"]), asked["content"], asked["message_type"],
            asked.get("private", False), self._person("Attune"), asked["source_id"],
        )  # fmt: skip
        return web.json_response(made)

    async def _list(self, request: web.Request) -> web.Response:
        ticket = int(request.match_info["id"])
        before = int(request.query.get("before", 10**9))
        found = [m for m in self.messages if m["conversation_id"] == ticket and m["id"] < before]
        return web.json_response({"payload": found[-20:]})

    async def _attributes(self, request: web.Request) -> web.Response:
        self.order.append("attributes")
        asked = await request.json()
        self._one(request)["custom_attributes"] = asked["custom_attributes"]  # replaces them
        return web.json_response({})

    async def _labels(self, request: web.Request) -> web.Response:
        return web.json_response({"payload": self._one(request)["labels"]})

    async def _set_labels(self, request: web.Request) -> web.Response:
        self.order.append("labels")
        self._one(request)["labels"] = (await request.json())["labels"]  # replaces the list
        return web.json_response({"payload": self._one(request)["labels"]})

    async def _priority(self, request: web.Request) -> web.Response:
        self.order.append("priority")
        asked = (await request.json())["priority"]
        assert asked in {"urgent", "high", "medium", "low", None}
        self._one(request)["priority"] = asked
        return web.Response()

    async def _assign(self, request: web.Request) -> web.Response:
        self.order.append("team")
        self._one(request)["team"] = (await request.json())["team_id"]
        return web.json_response({})

    async def _status(self, request: web.Request) -> web.Response:
        ticket, status = int(request.match_info["id"]), (await request.json())["status"]
        was = self._one(request)["status"]
        self.order.append(status)
        if request.headers["api_access_token"] == BOT and (was, status) == ("pending", "open"):
            self.handoffs.append(ticket)
        await self._move(ticket, status)
        return web.json_response({})

    def _one(self, request: web.Request) -> dict[str, Any]:
        return self.conversations[int(request.match_info["id"])]
