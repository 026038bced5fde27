"""An imitation of Feishu, after open.feishu.cn/document.

"配置 Encrypt Key" and "解密事件" (AES-256-CBC, the key's SHA-256; SHA-256 over timestamp, nonce,
key and body), "将事件发送至开发者服务器" (challenge), "接收消息" (schema 2.0), "卡片回传交互回调"
(card.action.trigger), "自建应用获取 tenant_access_token", "发送消息" (`uuid` knows doubles for an
hour), "获取消息中的资源文件" (by message and key), "获取机器人信息", "频控策略" (99991400
and its header).
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import time
from typing import Any

from aiohttp import web
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.rasa_project.channels.messaging.fake_service import Delivery, FakeService, as_json

APP_ID, APP_SECRET = "cli_0123456789abcdef", "secret-of-the-tests"
VERIFICATION_TOKEN, ENCRYPT_KEY = "verification-of-the-tests", "a key that only tests know"


class FakeFeishu(FakeService):
    """The API, and people with the app.

    Attributes:
        access_token: The one that is good; empty where another one has to be asked for.
        tokens_asked: How often a token was asked for.
        strangers: People who may not use the app.
    """

    name = "feishu"
    channel = "rasa_project.channels.messaging.providers.feishu.FeishuInput"
    knows_doubles = True

    def __init__(self) -> None:
        super().__init__()
        self.access_token = ""
        self.tokens_asked = 0
        self.strangers: set[str] = set()
        self._known: dict[str, str] = {}
        self._resources: dict[str, str] = {}

    def settings(self) -> dict[str, Any]:
        return {
            "app_id": APP_ID,
            "app_secret": APP_SECRET,
            "verification_token": VERIFICATION_TOKEN,
            "encrypt_key": ENCRYPT_KEY,
            "api_url": self.url,
        }

    def routes(self) -> list[web.RouteDef]:
        auth = "/open-apis/auth/v3/tenant_access_token/internal"
        return [
            web.post(auth, self._give_token),
            web.post("/open-apis/im/v1/messages", self._send),
            web.get("/open-apis/bot/v3/info", self._tell_bot),
            web.get("/open-apis/im/v1/messages/{message}/resources/{name}", self._give),
        ]

    def delivery(self, event: Any) -> Delivery:
        body = sealed(event)
        return Delivery(body, signed(body))

    def event(self, kind: str, content: dict[str, Any]) -> dict[str, Any]:
        header = {
            "event_id": f"event-{self.next_number()}",
            "token": VERIFICATION_TOKEN,
            "create_time": str(int(time.time() * 1000)),
            "event_type": kind,
            "tenant_key": "tenant",
            "app_id": APP_ID,
        }
        return {"schema": "2.0", "header": header, "event": content}

    def written(self, customer: str, text: str) -> Any:
        message = {
            "message_id": f"om_{self.next_number()}",
            "create_time": str(int(time.time() * 1000)),
            "chat_id": f"oc_{customer}",
            "chat_type": "p2p",
            "message_type": "text",
            "content": json.dumps({"text": text}),
        }
        sender = {"sender_id": {"open_id": customer}, "sender_type": "user", "tenant_key": "tenant"}
        return self.event("im.message.receive_v1", {"sender": sender, "message": message})

    def pictured(self, customer: str, content: bytes) -> Any:
        event, name = self.written(customer, ""), self.keep(content)
        message = event["event"]["message"]
        message |= {"message_type": "image", "content": json.dumps({"image_key": name})}
        self._resources[message["message_id"]] = name
        return event

    def pressed(self, customer: str, title: str) -> Any:
        for to, sent in reversed(self.sent):
            buttons = sent["content"].get("elements", [{}])[-1].get("actions", [])
            for button in buttons:
                if to == customer and button["text"]["content"] == title:
                    return self.pressed_value(customer, button["value"])
        raise AssertionError(f"{customer} has no button {title!r}")

    def pressed_value(self, customer: str, value: Any) -> Any:
        action = {"value": value, "tag": "button", "timezone": "Asia/Shanghai"}
        content = {
            "operator": {"tenant_key": "tenant", "open_id": customer},
            "token": "c-1",
            "action": action,
            "host": "im_message",
            "context": {"open_message_id": "om_1", "open_chat_id": f"oc_{customer}"},
        }
        return self.event("card.action.trigger", content)

    def limited(self) -> web.Response:
        answer = failure(99991400, "request trigger frequency limit", 400)
        answer.headers["x-ogw-ratelimit-reset"] = str(self.retry_after)
        return answer

    def texts(self, customer: str) -> list[str]:
        return [_text(sent) for to, sent in self.sent if to == customer]

    def _forbidden(self, request: web.Request) -> bool:
        given = request.headers.get("Authorization")
        return not self.access_token or given != f"Bearer {self.access_token}"

    async def _give_token(self, request: web.Request) -> web.StreamResponse:
        asked = await request.json()
        if asked != {"app_id": APP_ID, "app_secret": APP_SECRET}:
            return failure(10014, "app secret invalid")
        self.tokens_asked += 1
        self.access_token = self.access_token or f"t-{self.next_number()}"
        given = {"tenant_access_token": self.access_token, "expire": 7200}
        return as_json({"code": 0, "msg": "ok", **given})

    async def _give(self, request: web.Request) -> web.StreamResponse:
        if self._forbidden(request):
            return failure(99991663, "Invalid access token for authorization", 400)
        name = request.match_info["name"]
        its_own = self._resources.get(request.match_info["message"]) == name
        if not its_own or request.query["type"] != "image":
            return failure(234003, "File not in msg.", 400)
        return await self.give(request, name)

    async def _tell_bot(self, request: web.Request) -> web.StreamResponse:
        if self._forbidden(request):
            return failure(99991663, "Invalid access token for authorization", 400)
        return as_json({"code": 0, "msg": "ok", "bot": {"activate_status": 2, "app_name": "Shop"}})

    async def _send(self, request: web.Request) -> web.StreamResponse:
        if self._forbidden(request):
            return failure(99991663, "Invalid access token for authorization", 400)
        asked = await request.json()
        assert request.query["receive_id_type"] == "open_id"
        if asked["receive_id"] in self.strangers:
            return failure(230013, "Bot has NO availability to this user.", 400)
        limit = 150_000 if asked["msg_type"] == "text" else 30_000
        if len(asked["content"].encode()) > limit or len(asked["uuid"]) > 50:
            return failure(230001, "Your request contains an invalid request parameter.", 400)
        return await self.in_turn(lambda: self._show(asked))

    def _show(self, asked: dict[str, Any]) -> web.Response:
        if asked["uuid"] not in self._known:
            self._known[asked["uuid"]] = f"om_{self.next_number()}"
            content = json.loads(asked["content"])
            self.sent.append((asked["receive_id"], {"type": asked["msg_type"], "content": content}))
        message = {"message_id": self._known[asked["uuid"]]}
        return as_json({"code": 0, "msg": "success", "data": message})


def sealed(content: Any) -> bytes:
    """Encrypt as Feishu does."""
    key, first = hashlib.sha256(ENCRYPT_KEY.encode()).digest(), os.urandom(16)
    plain = content if isinstance(content, bytes) else json.dumps(content).encode()
    missing = 16 - len(plain) % 16
    encryptor = Cipher(algorithms.AES(key), modes.CBC(first)).encryptor()
    text = encryptor.update(plain + bytes([missing]) * missing) + encryptor.finalize()
    return json.dumps({"encrypt": base64.b64encode(first + text).decode()}).encode()


def signed(body: bytes, at: float | None = None) -> dict[str, str]:
    timestamp, nonce = str(int(time.time() if at is None else at)), "n-1"
    said = f"{timestamp}{nonce}{ENCRYPT_KEY}".encode()
    return {
        "X-Lark-Request-Timestamp": timestamp,
        "X-Lark-Request-Nonce": nonce,
        "X-Lark-Signature": hashlib.sha256(said + body).hexdigest(),
    }


def failure(code: int, words: str, status: int = 200) -> web.Response:
    return as_json({"code": code, "msg": words}, status)


def _text(sent: dict[str, Any]) -> str:
    if sent["type"] == "interactive":
        return str(sent["content"]["elements"][0]["text"]["content"])
    return str(sent["content"].get("text", ""))
