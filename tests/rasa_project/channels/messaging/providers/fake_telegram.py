"""An imitation of Telegram, after "Telegram Bot API" at core.telegram.org/bots/api.

"Making requests" (`ok`, `description`, `error_code`, `parameters`), "setWebhook" (the secret
token's header, repeated deliveries), "sendMessage" (4,096 characters), "InlineKeyboardButton"
(callback data of 1 to 64 bytes), "ResponseParameters" (`retry_after`), "answerCallbackQuery",
"sendChatAction", "getFile" (an address that holds the token).
"""

from __future__ import annotations

import json
import time
from typing import Any

from aiohttp import web

from tests.rasa_project.channels.messaging.fake_service import Delivery, FakeService, as_json

TOKEN = "123456:token-of-the-tests"
SECRET = "secret_of_the_tests-alone"


class FakeTelegram(FakeService):
    """The Bot API, and customers with the app."""

    name = "telegram"
    channel = "rasa_project.channels.messaging.providers.telegram.TelegramInput"

    def __init__(self) -> None:
        super().__init__()
        self.blocked: set[str] = set()
        self.unreadable: set[str] = set()  # addresses that Telegram cannot fetch
        self.webhook: dict[str, Any] = {}

    def settings(self) -> dict[str, Any]:
        return {"access_token": TOKEN, "secret_token": SECRET, "api_url": self.url}

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/bot{token}/{method}", self._handle),
            web.get("/file/bot{token}/photos/{name}", self._give),
        ]

    def delivery(self, event: Any) -> Delivery:
        headers = {
            "Content-Type": "application/json",
            "X-Telegram-Bot-Api-Secret-Token": SECRET,
        }
        return Delivery(json.dumps(event).encode(), headers)

    def written(self, customer: str, text: str) -> Any:
        return {
            "update_id": 1_000 + self.next_number(),
            "message": {**self.envelope(customer), "text": text},
        }

    def pictured(self, customer: str, content: bytes) -> Any:
        sizes = [("small", 90), (self.keep(content), 1280)]
        photo = [{"file_id": name, "file_unique_id": name, "width": width, "height": width}
                 for name, width in sizes]  # fmt: skip
        message = {**self.envelope(customer), "photo": photo}
        return {"update_id": 1_000 + self.next_number(), "message": message}

    def envelope(self, customer: str) -> dict[str, Any]:
        person = {"id": int(customer), "first_name": "Ana", "language_code": "en"}
        return {
            "message_id": self.next_number(),
            "from": {**person, "is_bot": False},
            "chat": {"id": int(customer), "first_name": "Ana", "type": "private"},
            "date": int(time.time()),
        }

    def pressed(self, customer: str, title: str) -> Any:
        for to, content in reversed(self.sent):
            rows = content.get("reply_markup", {}).get("inline_keyboard", [])
            for button in (button for row in rows for button in row):
                if to == customer and button["text"] == title:
                    return self.pressed_data(customer, button["callback_data"], content)
        raise AssertionError(f"{customer} has no button {title!r}")

    def pressed_data(self, customer: str, data: str, message: dict[str, Any]) -> Any:
        envelope = self.envelope(customer)
        query = {
            "id": str(4_000_000_000_000 + self.next_number()),
            "from": envelope["from"],
            "message": {**envelope, **message},
            "chat_instance": "1",
            "data": data,
        }
        return {"update_id": 1_000 + self.next_number(), "callback_query": query}

    def limited(self) -> web.Response:
        wait = self.retry_after
        return failure(429, f"Too Many Requests: retry after {wait}", retry_after=wait)

    def texts(self, customer: str) -> list[str]:
        return [
            content.get("text") or content.get("photo") or content.get("document") or ""
            for to, content in self.sent
            if to == customer
        ]

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != TOKEN:
            return failure(401, "Unauthorized")
        method, content = request.match_info["method"], await request.json()
        if method in {"sendChatAction", "answerCallbackQuery"}:
            self.courtesies.append({"method": method, **content})
            return as_json({"ok": True, "result": True})
        if method == "getFile":
            return self._place(content["file_id"])
        if method in {"getMe", "getWebhookInfo", "setWebhook"}:
            return self._about(method, content)
        error = self._error(method, content)
        if error is not None:  # a response is a mapping, and an empty one is false
            return error
        return await self.in_turn(lambda: self._show(content))

    def _place(self, name: str) -> web.Response:
        if name not in self.files:
            return failure(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        found = {"file_id": name, "file_unique_id": name, "file_path": f"photos/{name}"}
        return as_json({"ok": True, "result": found})

    async def _give(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != TOKEN:
            return failure(404, "Not Found")
        return await self.give(request, request.match_info["name"])

    def _about(self, method: str, content: dict[str, Any]) -> web.Response:
        if method == "setWebhook":
            self.webhook = content
            return as_json({"ok": True, "result": True})
        me = {"id": 123456, "is_bot": True, "first_name": "Shop", "username": "shop_bot"}
        info = {"url": self.webhook.get("url", ""), "pending_update_count": 0}
        return as_json({"ok": True, "result": me if method == "getMe" else info})

    def _error(self, method: str, content: dict[str, Any]) -> web.Response | None:
        if str(content.get("chat_id")) in self.blocked:
            return failure(403, "Forbidden: bot was blocked by the user")
        text = content.get("text", "")
        if method == "sendMessage" and not text.strip():
            return failure(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) // 2 > 4096:
            return failure(400, "Bad Request: message is too long")
        rows = content.get("reply_markup", {}).get("inline_keyboard", [])
        data = [button["callback_data"].encode() for row in rows for button in row]
        if any(not 1 <= len(one) <= 64 for one in data):
            return failure(400, "Bad Request: BUTTON_DATA_INVALID")
        if self.unreadable & {content.get("photo"), content.get("document")}:
            return failure(400, "Bad Request: failed to get HTTP URL content")
        return None

    def _show(self, content: dict[str, Any]) -> web.Response:
        self.sent.append((str(content["chat_id"]), content))
        message = {"message_id": self.next_number(), "chat": {"id": content["chat_id"]}}
        return as_json({"ok": True, "result": message})


def failure(code: int, description: str, **parameters: Any) -> web.Response:
    content: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    if parameters:
        content["parameters"] = parameters
    return as_json(content, code)
