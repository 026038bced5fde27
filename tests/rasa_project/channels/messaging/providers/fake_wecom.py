"""An imitation of WeCom, after developer.work.weixin.qq.com/document.

"获取access_token" (gettoken), "发送应用消息" (message/send, template cards with `task_id`),
"更新模版卡片消息" (a `response_code` counts once), "消息格式", "事件格式" (template_card_event),
"获取应用" (agent/get), "获取临时素材" (media/get), "全局错误码".
"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from tests.rasa_project.channels.messaging.fake_service import as_json
from tests.rasa_project.channels.messaging.providers.fake_tencent import (
    AES_KEY,
    CALLBACK_TOKEN,
    FakeTencent,
)

CORP_ID, AGENT_ID, SECRET = "ww0123456789abcdef", 1000002, "secret-of-the-tests"


class FakeWeCom(FakeTencent):
    """The API, and members with the app.

    Attributes:
        access_token: The one that is good; empty where another one has to be asked for.
        tokens_asked: How often a token was asked for.
        strangers: Members who may not use the app.
    """

    name = "wecom"
    channel = "rasa_project.channels.messaging.providers.wecom.WeComInput"
    receiver = CORP_ID

    def __init__(self) -> None:
        super().__init__()
        self.access_token = ""
        self.tokens_asked = 0
        self.strangers: set[str] = set()
        self._tasks_known: set[str] = set()

    def settings(self) -> dict[str, Any]:
        return {
            "corp_id": CORP_ID,
            "agent_id": AGENT_ID,
            "secret": SECRET,
            "token": CALLBACK_TOKEN,
            "encoding_aes_key": AES_KEY,
            "menu": {"MY_ORDER": "/order"},
            "api_url": self.url,
        }

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/cgi-bin/gettoken", self._give_token),
            web.get("/cgi-bin/agent/get", self._tell_app),
            web.post("/cgi-bin/message/send", self._send),
            web.get("/cgi-bin/media/get", self._give),
            web.post("/cgi-bin/message/update_template_card", self._update),
        ]

    def envelope(self, customer: str, kind: str) -> dict[str, Any]:
        return {**super().envelope(customer, kind), "ToUserName": CORP_ID, "AgentID": AGENT_ID}

    def written(self, customer: str, text: str) -> Any:
        content = {"Content": text, "MsgId": 7_000_000_000_000_000 + self.next_number()}
        return {**self.envelope(customer, "text"), **content}

    def pictured(self, customer: str, content: bytes) -> Any:
        more = {"PicUrl": "https://wework.qpic.cn/p", "MediaId": self.keep(content),
                "MsgId": 7_000_000_000_000_000 + self.next_number()}  # fmt: skip
        return {**self.envelope(customer, "image"), **more}

    def happened(self, customer: str, event: str, key: str = "") -> Any:
        return {**self.envelope(customer, "event"), "Event": event, "EventKey": key}

    def pressed(self, customer: str, title: str) -> Any:
        for to, content in reversed(self.sent):
            card = content.get("template_card", {})
            for button in card.get("button_list", []):
                if to == customer and button["text"] == title:
                    event = self.happened(customer, "template_card_event", button["key"])
                    code = f"code-{self.next_number()}"
                    return {**event, "TaskId": card["task_id"], "CardType": card["card_type"],
                            "ResponseCode": code}  # fmt: skip
        raise AssertionError(f"{customer} has no button {title!r}")

    def limited(self) -> web.Response:
        return failure(45009, "api freq out of limit")

    def texts(self, customer: str) -> list[str]:
        return [_text(content) for to, content in self.sent if to == customer]

    async def _give_token(self, request: web.Request) -> web.StreamResponse:
        if (request.query["corpid"], request.query["corpsecret"]) != (CORP_ID, SECRET):
            return failure(40001, "invalid credential")
        self.tokens_asked += 1
        self.access_token = self.access_token or f"token-{self.next_number()}"
        return failure(0, "ok", access_token=self.access_token, expires_in=7200)

    async def _tell_app(self, request: web.Request) -> web.StreamResponse:
        if request.query["agentid"] != str(AGENT_ID):
            return failure(301002, "no privilege to access the app")
        return failure(0, "ok", agentid=AGENT_ID, name="Shop")

    async def _update(self, request: web.Request) -> web.StreamResponse:
        self.courtesies.append(await request.json())
        return failure(0, "ok")

    async def _give(self, request: web.Request) -> web.StreamResponse:
        if request.query.get("access_token") != self.access_token:
            return failure(42001, "access_token expired")
        name = request.query["media_id"]
        if name not in self.files:
            return failure(40007, "invalid media_id")
        disposition = 'attachment; filename="a.png"'
        return await self.give(request, name, **{"Content-Disposition": disposition})

    async def _send(self, request: web.Request) -> web.StreamResponse:
        if request.query.get("access_token") != self.access_token:
            return failure(42001, "access_token expired")
        content = await request.json()
        error = self._error(content)
        if error is not None:
            return error
        return await self.in_turn(lambda: self._show(content))

    def _error(self, content: dict[str, Any]) -> web.Response | None:
        if content["agentid"] != AGENT_ID:
            return failure(40056, "invalid agentid")
        if content["touser"] in self.strangers:
            return failure(81013, "user & party & tag all invalid")
        card = content.get("template_card", {})
        if content["msgtype"] == "template_card" and not card["main_title"]["title"]:
            return failure(41016, "missing title")
        if card.get("task_id") in self._tasks_known or len(card.get("button_list", [])) > 6:
            return failure(40058, "invalid parameter")
        if any(len(button["key"].encode()) > 1024 for button in card.get("button_list", [])):
            return failure(40058, "invalid parameter")
        if len(_text(content).encode()) > 2048:
            return failure(45002, "content size out of limit")
        return None

    def _show(self, content: dict[str, Any]) -> web.Response:
        if "template_card" in content:
            self._tasks_known.add(content["template_card"]["task_id"])
        self.sent.append((content["touser"], content))
        return failure(0, "ok", msgid=f"msg-{self.next_number()}")


def failure(code: int, words: str, **more: Any) -> web.Response:
    return as_json({"errcode": code, "errmsg": words, **more})


def _text(content: dict[str, Any]) -> str:
    if content["msgtype"] == "template_card":
        card = content["template_card"]
        lines = (card["main_title"]["title"], card.get("sub_title_text", ""))
        return "\n\n".join(filter(None, lines))  # two paragraphs on the screen
    if content["msgtype"] == "news":
        return str(content["news"]["articles"][0]["picurl"])
    return str(content.get("text", {}).get("content", ""))
