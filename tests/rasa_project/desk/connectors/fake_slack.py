"""Slack's Web API and Events API, from https://docs.slack.dev.

`/reference/methods` for what each method takes and answers, `/apis/events-api` and
`/authentication/verifying-requests-from-slack` for what Slack sends.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from typing import Any, ClassVar
from urllib.parse import urlencode

from aiohttp import web

from tests.rasa_project.desk.connectors.fake_desk import FakeDesk

TOKEN, SIGNING, CHANNEL, BOT = "xoxb-of-the-tests", "slack signing secret", "C1", "B1"
_PAGE = 3  # small, so that pages are turned


class FakeSlack(FakeDesk):
    name = "slack"
    calm = "normal"
    secrets: ClassVar[dict[str, str]] = {"SLACK_TOKEN": TOKEN, "SLACK_SIGNING": SIGNING}

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[dict[str, Any]] = []

    def settings(self) -> dict[str, Any]:
        return {"url": self.url, "channel": CHANNEL, "token": "${SLACK_TOKEN}",
                "signing_secret": "${SLACK_SIGNING}"}  # fmt: skip

    def allowed(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == f"Bearer {TOKEN}"

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/api/chat.postMessage", self._post),
            web.post("/api/chat.update", self._update),
            web.get("/api/chat.getPermalink", self._permalink),
            web.get("/api/conversations.history", self._list),
            web.get("/api/conversations.replies", self._list),
            web.get("/api/conversations.info", self._info),
            web.get("/api/users.info", self._user),
            web.get("/api/auth.test", self._me),
        ]

    def signed(self, event: Any, delivery: str, sent_at: float) -> tuple[dict[str, str], bytes]:
        form = isinstance(event, dict) and event.get("type") == "block_actions"
        body = json.dumps(event).encode()
        kind = "application/json"
        if form:
            body = urlencode({"payload": json.dumps(event)}).encode()
            kind = "application/x-www-form-urlencoded"
        at = str(int(sent_at))
        content = f"v0:{at}:".encode() + body
        signature = hmac.new(SIGNING.encode(), content, hashlib.sha256).hexdigest()
        return {
            "X-Slack-Signature": f"v0={signature}",
            "X-Slack-Request-Timestamp": at,
            "Content-Type": kind,
        }, body

    def shown(self) -> list[dict[str, Any]]:
        return [self._thread(one) for one in self.messages if "thread_ts" not in one]

    def _thread(self, root: dict[str, Any]) -> dict[str, Any]:
        replies = [m["text"] for m in self.messages
                   if m.get("thread_ts") == root["ts"] and m.get("bot_id")]  # fmt: skip
        said = "*Customer:* "
        buttons = [block for block in root["blocks"] if block["type"] == "actions"]
        head = root["blocks"][0]["text"]["text"]
        return {
            "customer": [text.removeprefix(said) for text in replies if text.startswith(said)],
            "notes": [text for text in replies if not text.startswith(said)],
            "level": head.partition("Urgency: ")[2].partition(" ")[0],
            "open": bool(buttons),
        }

    def first(self) -> int:
        return 0

    async def answer(self, ticket: int, person: str, text: str) -> None:
        root = [one for one in self.messages if "thread_ts" not in one][ticket]
        message = {"type": "message", "channel": CHANNEL, "user": "U1", "text": text,
                   "ts": self._stamp(), "thread_ts": root["ts"]}  # fmt: skip
        self.messages.append(message)
        await self._tell(message)

    async def note(self, ticket: int, person: str, text: str) -> None:
        await self.answer(ticket, person, f"note: {text}")

    async def resolve(self, ticket: int, person: str) -> None:
        await self._press(ticket, "attune_resolve")

    async def hand_back(self, ticket: int, person: str) -> None:
        await self._press(ticket, "attune_hand_back")

    async def assign(self, ticket: int, person: str) -> None:
        await self._press(ticket, "attune_take")

    def _stamp(self) -> str:
        return f"1700000000.{len(self.messages):06}"

    async def _tell(self, message: dict[str, Any]) -> None:
        event = f"Ev{uuid.uuid4().hex}"
        await self.emit({"type": "event_callback", "event_id": event, "event": message})

    async def _press(self, ticket: int, action: str) -> None:
        root = [one for one in self.messages if "thread_ts" not in one][ticket]
        pressed = {"action_id": action, "action_ts": f"1700000099.{uuid.uuid4().int % 10**6:06}"}
        container = {"message_ts": root["ts"], "channel_id": CHANNEL}
        event = {"type": "block_actions", "user": {"id": "U1"}, "actions": [pressed]}
        await self.emit({**event, "container": container})

    async def _post(self, request: web.Request) -> web.Response:
        asked = await request.json()
        assert asked["channel"] == CHANNEL
        message = {**asked, "type": "message", "bot_id": BOT, "user": "UBOT", "ts": self._stamp()}
        self.messages.append(message)
        await self._tell(message)
        return web.json_response({"ok": True, "ts": message["ts"]})

    async def _update(self, request: web.Request) -> web.Response:
        asked = await request.json()
        found = [one for one in self.messages if one["ts"] == asked["ts"]]
        if not found:
            return web.json_response({"ok": False, "error": "message_not_found"})
        found[0] |= asked
        return web.json_response({"ok": True})

    async def _permalink(self, request: web.Request) -> web.Response:
        link = f"https://example.slack.com/archives/{CHANNEL}/p{request.query['message_ts']}"
        return web.json_response({"ok": True, "permalink": link})

    async def _list(self, request: web.Request) -> web.Response:
        assert request.query["include_all_metadata"] == "true"
        thread = request.query.get("ts")
        found = [one for one in self.messages if one.get("thread_ts") == thread]
        start = int(request.query.get("cursor", "0"))
        more = str(start + _PAGE) if start + _PAGE < len(found) else ""
        answer = {"ok": True, "messages": found[start : start + _PAGE]}
        return web.json_response({**answer, "response_metadata": {"next_cursor": more}})

    async def _info(self, _request: web.Request) -> web.Response:
        channel = {"id": CHANNEL, "name": "service", "is_member": True}
        return web.json_response({"ok": True, "channel": channel})

    async def _user(self, request: web.Request) -> web.Response:
        profile = {"display_name": "Ana", "real_name": "Ana"}
        return web.json_response({"ok": True, "user": {"id": "U1", "profile": profile}})

    async def _me(self, _request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "user": "attune", "team": "Example"})
