"""An imitation of WeChat's Official Accounts, after developers.weixin.qq.com/doc/offiaccount.

"接入概述" (echostr), "获取稳定版接口调用凭据" (stable_token), "发送客服消息" (message/custom/send),
"客服输入状态" (typing), "接收普通消息" (bizmsgmenuid of a pressed menu; delivered again until it is
answered `success`), "获取临时素材" (media/get), "全局返回码".
"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from tests.rasa_project.channels.messaging.fake_service import Delivery, as_json
from tests.rasa_project.channels.messaging.providers.fake_tencent import (
    AES_KEY,
    CALLBACK_TOKEN,
    FakeTencent,
    sha1,
)

APP_ID, APP_SECRET = "wx0123456789abcdef", "secret-of-the-tests"


class FakeWeChat(FakeTencent):
    """The API, and followers with the app.

    Attributes:
        access_token: The one that is good; empty where a new one has to be asked for.
        stuck: Asking without force gives the same token, good or not.
        tokens_asked: Each request for a token: whether a new one was forced.
        quota: How many messages may still be sent; none for any number.
        closed: Customers who stopped following the account.
    """

    name = "wechat"
    channel = "rasa_project.channels.messaging.providers.wechat.WeChatInput"
    receiver = APP_ID

    def __init__(self) -> None:
        super().__init__()
        self.access_token = ""
        self.stuck = ""
        self.tokens_asked: list[bool] = []
        self.quota: int | None = None
        self.closed: set[str] = set()

    def settings(self) -> dict[str, Any]:
        return {
            "app_id": APP_ID,
            "app_secret": APP_SECRET,
            "token": CALLBACK_TOKEN,
            "encoding_aes_key": AES_KEY,
            "menu": {"MY_ORDER": "/order"},
            "api_url": self.url,
        }

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/cgi-bin/stable_token", self._give_token),
            web.post("/cgi-bin/message/custom/send", self._send),
            web.post("/cgi-bin/message/custom/typing", self._type),
            web.get("/cgi-bin/media/get", self._give),
        ]

    def delivery(self, event: Any) -> Delivery:
        delivery = super().delivery(event)
        query = delivery.headers
        plain = sha1(CALLBACK_TOKEN, query["timestamp"], query["nonce"])
        return Delivery(delivery.body, {**query, "signature": plain, "encrypt_type": "aes"})

    def written(self, customer: str, text: str) -> Any:
        content = {"Content": text, "MsgId": 23_000_000_000_000_000 + self.next_number()}
        return {**self.envelope(customer, "text"), **content}

    def pictured(self, customer: str, content: bytes) -> Any:
        more = {"PicUrl": "http://mmbiz.qpic.cn/p", "MediaId": self.keep(content),
                "MsgId": 23_000_000_000_000_000 + self.next_number()}  # fmt: skip
        return {**self.envelope(customer, "image"), **more}

    def happened(self, customer: str, event: str, key: str = "") -> Any:
        return {**self.envelope(customer, "event"), "Event": event, "EventKey": key}

    def pressed(self, customer: str, title: str) -> Any:
        for to, content in reversed(self.sent):
            for entry in content.get("msgmenu", {}).get("list", []):
                if to == customer and entry["content"] == title:
                    return {**self.written(customer, title), "bizmsgmenuid": entry["id"]}
        raise AssertionError(f"{customer} has no entry {title!r}")

    def limited(self) -> web.Response:
        return failure(45011, "api minute-quota reach limit, must slower, retry next minute")

    def texts(self, customer: str) -> list[str]:
        return [_text(content) for to, content in self.sent if to == customer]

    async def _give_token(self, request: web.Request) -> web.StreamResponse:
        asked = await request.json()
        if (asked["appid"], asked["secret"]) != (APP_ID, APP_SECRET):
            return failure(40125, "invalid appsecret")
        self.tokens_asked.append(asked["force_refresh"])
        if self.stuck and not asked["force_refresh"]:
            return as_json({"access_token": self.stuck, "expires_in": 7200})
        if asked["force_refresh"] or not self.access_token:
            self.access_token = f"token-{self.next_number()}"
        return as_json({"access_token": self.access_token, "expires_in": 7200})

    async def _type(self, request: web.Request) -> web.StreamResponse:
        if request.query.get("access_token") != self.access_token:
            return failure(40001, "invalid credential, access_token is invalid or not latest")
        self.courtesies.append(await request.json())
        return failure(0, "ok")

    async def _give(self, request: web.Request) -> web.StreamResponse:
        if request.query.get("access_token") != self.access_token:
            return failure(40001, "invalid credential, access_token is invalid or not latest")
        name = request.query["media_id"]
        if name not in self.files:
            return failure(40007, "invalid media_id")
        disposition = 'attachment; filename="a.png"'
        return await self.give(request, name, **{"Content-Disposition": disposition})

    async def _send(self, request: web.Request) -> web.StreamResponse:
        if request.query.get("access_token") != self.access_token:
            return failure(40001, "invalid credential, access_token is invalid or not latest")
        content = await request.json()
        if content["touser"] in self.closed:
            return failure(45015, "response out of time limit or subscription is canceled")
        if len(_text(content).encode()) > 2048:
            return failure(45002, "content size out of limit")
        if self.quota == 0:
            return failure(45047, "out of response count limit")
        return await self.in_turn(lambda: self._show(content))

    def _show(self, content: dict[str, Any]) -> web.Response:
        if self.quota is not None:
            self.quota -= 1
        self.sent.append((content["touser"], content))
        return failure(0, "ok")


def failure(code: int, words: str) -> web.Response:
    return as_json({"errcode": code, "errmsg": words})


def _text(content: dict[str, Any]) -> str:
    if content["msgtype"] == "msgmenu":
        return str(content["msgmenu"]["head_content"])
    if content["msgtype"] == "news":
        return str(content["news"]["articles"][0]["picurl"])
    return str(content.get("text", {}).get("content", ""))
