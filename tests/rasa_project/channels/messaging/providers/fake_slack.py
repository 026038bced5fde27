"""An imitation of Slack, after "Slack API" at api.slack.com.

"Verifying requests from Slack", "The Events API" (retries, three seconds), "url_verification",
"Handling user interaction", "chat.postMessage" (`ok`, `error`), "Rate limits" (429, `Retry-After`),
"Reference: blocks", "files.info" and "Working with files" (a page to sign in without the scope).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from tests.rasa_project.channels.messaging.fake_service import Delivery, FakeService, as_json

TOKEN = "xoxb-of-the-tests"
SECRET = "signing-secret-of-the-tests"
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


def signed(body: bytes, content_type: str, sent_at: float | None = None) -> Delivery:
    stamp = str(int(sent_at or time.time()))
    content = f"v0:{stamp}:".encode() + body
    digest = hmac.new(SECRET.encode(), content, hashlib.sha256).hexdigest()
    return Delivery(
        body,
        {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={digest}",
        },
    )


class FakeSlack(FakeService):
    """A workspace whose people write to an app."""

    name = "slack"
    channel = "rasa_project.channels.messaging.providers.slack.SlackInput"

    def __init__(self) -> None:
        super().__init__()
        self.unreadable: set[str] = set()  # addresses that Slack cannot fetch
        self.refuses = ""
        self.unscoped = False  # the app lacks `files:read`

    def settings(self) -> dict[str, Any]:
        return {"bot_token": TOKEN, "signing_secret": SECRET, "api_url": f"{self.url}/api"}

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/api/{method}", self._handle),
            web.get("/api/files.info", self._tell),
            web.get("/files-pri/{name}/download/a.png", self._give),
        ]

    def delivery(self, event: Any) -> Delivery:
        if "actions" in event:
            return signed(urlencode({"payload": json.dumps(event)}).encode(), FORM)
        callback = {"type": "event_callback", "event_id": f"Ev{event.get('ts')}", "event": event}
        return signed(json.dumps(callback).encode(), JSON)

    def written(self, customer: str, text: str) -> Any:
        return {
            "type": "message", "channel_type": "im", "channel": customer, "user": "U1",
            "text": text, "ts": self.stamp(),
        }  # fmt: skip

    def pictured(self, customer: str, content: bytes) -> Any:
        file = {"id": self.keep(content), "name": "a.png", "mimetype": "image/png"}
        return {**self.written(customer, ""), "subtype": "file_share", "files": [file]}

    def stamp(self) -> str:
        return f"{int(time.time())}.{self.next_number():06d}"

    def pressed(self, customer: str, title: str) -> Any:
        for to, content in reversed(self.sent):
            for button in (one for row in content.get("blocks", []) for one in elements(row)):
                if to == customer and button["text"]["text"] == title:
                    return {
                        "type": "block_actions", "user": {"id": "U1"}, "channel": {"id": customer},
                        "actions": [{**button, "action_ts": self.stamp()}],
                    }  # fmt: skip
        raise AssertionError(f"{customer} has no button {title!r}")

    def limited(self) -> web.Response:
        headers = {"Retry-After": str(self.retry_after), "Content-Type": JSON}
        return web.Response(status=429, headers=headers, text='{"ok":false,"error":"ratelimited"}')

    def texts(self, customer: str) -> list[str]:
        return [content["text"] for to, content in self.sent if to == customer]

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return as_json({"ok": False, "error": "invalid_auth"})
        if request.match_info["method"] == "auth.test":
            return as_json({"ok": True, "user": "shop", "team": "Example"})
        content = await request.json()
        if wrong := self.refuses or self._error(content):
            return as_json({"ok": False, "error": wrong})
        return await self.in_turn(lambda: self._show(content))

    async def _tell(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return as_json({"ok": False, "error": "invalid_auth"})
        name = request.query["file"]
        if name not in self.files:
            return as_json({"ok": False, "error": "file_not_found"})
        url = f"{self.url}/files-pri/{name}/download/a.png"
        file = {"id": name, "mimetype": "image/png", "url_private_download": url}
        return as_json({"ok": True, "file": file})

    async def _give(self, request: web.Request) -> web.StreamResponse:
        if self.unscoped or request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.Response(
                text="<!DOCTYPE html><title>Slack</title>", content_type="text/html"
            )
        return await self.give(request, request.match_info["name"])

    def _error(self, content: dict[str, Any]) -> str:
        for block in content.get("blocks", []):
            wrong = (
                block.get("image_url") in self.unreadable
                or len(block.get("text", {}).get("text", "")) > 3000
                or len(elements(block)) > 25
                or any(not 1 <= len(one["text"]["text"]) <= 75 for one in elements(block))
            )
            if wrong:
                return "invalid_blocks"
        return "" if content["text"] else "no_text"

    def _show(self, content: dict[str, Any]) -> web.Response:
        self.sent.append((content["channel"], content))
        return as_json({"ok": True, "channel": content["channel"], "ts": self.stamp()})


def elements(block: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = block.get("elements", [])
    return found
