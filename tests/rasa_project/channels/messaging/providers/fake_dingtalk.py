"""An imitation of DingTalk, after open.dingtalk.com/document.

"机器人接收消息" (timestamp and sign, sessionWebhook and its end), "消息类型与数据格式" (action
cards, dtmd links), "获取企业内部应用的accessToken", "批量发送人与机器人会话中机器人消息"
(oToMessages/batchSend), "下载机器人接收消息的文件内容" (messageFiles/download).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiohttp import web

from tests.rasa_project.channels.messaging.fake_service import Delivery, FakeService, as_json

CLIENT_ID, SECRET = "ding0123456789abcdef", "secret-of-the-tests"


class FakeDingTalk(FakeService):
    """The API, and colleagues with the app.

    Attributes:
        access_token: The one that is good; empty where another one has to be asked for.
        tokens_asked: How often a token was asked for.
        session_seconds: How long an address for answers is said to last.
        ended: No address for answers is good any more, whatever was said.
        strangers: Those who are not in the organization.
        ways: By which way each message came: `session` or `robot`.
    """

    name = "dingtalk"
    channel = "rasa_project.channels.messaging.providers.dingtalk.DingTalkInput"

    def __init__(self) -> None:
        super().__init__()
        self.access_token = ""
        self.tokens_asked = 0
        self.session_seconds = 5400.0
        self.ended = False
        self.strangers: set[str] = set()
        self.ways: list[str] = []

    def settings(self) -> dict[str, Any]:
        return {
            "client_id": CLIENT_ID,
            "client_secret": SECRET,
            "api_url": self.url,
            "session_url": self.url,
        }

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/v1.0/oauth2/accessToken", self._give_token),
            web.post("/v1.0/robot/oToMessages/batchSend", self._send),
            web.post("/robot/sendBySession", self._answer),
            web.post("/v1.0/robot/messageFiles/download", self._place),
            web.get("/im/{name}", self._give),
        ]

    def delivery(self, event: Any) -> Delivery:
        return Delivery(json.dumps(event).encode(), signed())

    def written(self, customer: str, text: str) -> Any:
        now = int(time.time() * 1000)
        staff = {} if customer in self.strangers else {"senderStaffId": customer}
        return {
            "msgId": f"msg{self.next_number()}==",
            "msgtype": "text",
            "text": {"content": text},
            "createAt": now,
            "conversationType": "1",
            "conversationId": f"cid{customer}",
            "senderId": customer if customer in self.strangers else f"$:LWCP_v1:$ {customer}",
            "senderNick": "Ana",
            "senderCorpId": "ding-corp",
            **staff,
            "sessionWebhook": f"{self.url}/robot/sendBySession?session={customer}",
            "sessionWebhookExpiredTime": now + int(self.session_seconds * 1000),
            "chatbotUserId": "$:LWCP_v1:$bot",
            "robotCode": CLIENT_ID,
        }

    def pictured(self, customer: str, content: bytes) -> Any:
        event = {**self.written(customer, ""), "msgtype": "picture"}
        del event["text"]
        return {**event, "content": {"downloadCode": self.keep(content)}}

    def pressed(self, customer: str, title: str) -> Any:
        for to, content in reversed(self.sent):
            for button in content.get("actionCard", {}).get("btns", []):
                if to == customer and button["title"] == title:
                    query = parse_qs(urlsplit(button["actionURL"]).query)
                    return self.written(customer, query["content"][0])
        raise AssertionError(f"{customer} has no button {title!r}")

    def limited(self) -> web.Response:
        return old_failure(130101, "send too fast, exceed 20 times per minute")

    def texts(self, customer: str) -> list[str]:
        return [_text(content) for to, content in self.sent if to == customer]

    async def _give_token(self, request: web.Request) -> web.StreamResponse:
        if await request.json() != {"appKey": CLIENT_ID, "appSecret": SECRET}:
            return failure("invalidClientIdOrSecret", "无效的clientId或者clientSecret")
        self.tokens_asked += 1
        self.access_token = self.access_token or f"token-{self.next_number()}"
        return as_json({"accessToken": self.access_token, "expireIn": 7200})

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        if self.ended:
            return old_failure(300001, "session is not exist")
        content = await request.json()
        return await self.in_turn(
            lambda: self._show("session", request.query["session"], content, old_failure(0, "ok"))
        )

    async def _send(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("x-acs-dingtalk-access-token") != (self.access_token or "-"):
            return failure("InvalidAuthentication", "不合法的access_token")
        asked = await request.json()
        (customer,) = asked["userIds"]
        none = {"processQueryKey": "", "flowControlledStaffIdList": []}
        if asked["robotCode"] != CLIENT_ID or customer in self.strangers:
            return as_json({**none, "invalidStaffIdList": [customer]})
        content = {"key": asked["msgKey"], **json.loads(asked["msgParam"])}
        given = {**none, "invalidStaffIdList": [], "processQueryKey": f"q{self.next_number()}"}
        return await self.in_turn(lambda: self._show("robot", customer, content, as_json(given)))

    async def _place(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("x-acs-dingtalk-access-token") != (self.access_token or "-"):
            return failure("InvalidAuthentication", "不合法的access_token")
        asked = await request.json()
        if asked["robotCode"] != CLIENT_ID or asked["downloadCode"] not in self.files:
            return failure("invalidParameter", "downloadCode is invalid")
        return as_json({"downloadUrl": f"{self.url}/im/{asked['downloadCode']}"})

    async def _give(self, request: web.Request) -> web.StreamResponse:
        return await self.give(request, request.match_info["name"])

    def _show(
        self, way: str, customer: str, content: dict[str, Any], answer: web.Response
    ) -> web.Response:
        self.ways.append(way)
        self.sent.append((customer, content))
        return answer


def signed(at: float | None = None) -> dict[str, str]:
    timestamp = str(int((time.time() if at is None else at) * 1000))
    said = f"{timestamp}\n{SECRET}".encode()
    digest = hmac.new(SECRET.encode(), said, hashlib.sha256).digest()
    return {"timestamp": timestamp, "sign": base64.b64encode(digest).decode()}


def failure(code: str, words: str) -> web.Response:
    return as_json({"code": code, "requestid": "R", "message": words}, 400)


def old_failure(code: int, words: str) -> web.Response:
    return as_json({"errcode": code, "errmsg": words})


def _text(content: dict[str, Any]) -> str:
    if "key" in content:  # one of the robot's templates
        return str(content.get("content") or content.get("text") or content.get("photoURL"))
    if "actionCard" in content:
        return re.sub(r"\\(.)", r"\1", content["actionCard"]["text"])
    if "markdown" in content:
        return str(content["markdown"]["text"])
    return str(content["text"]["content"])
