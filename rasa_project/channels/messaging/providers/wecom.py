"""WeCom (企业微信), an internal app: https://developer.work.weixin.qq.com/document/."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator, Mapping
from typing import Any, ClassVar, Final

from pydantic import Field, SecretStr, validator

from rasa_project.channels.messaging.channel import MessagingInput
from rasa_project.channels.messaging.errors import MaybeSent, NotSent
from rasa_project.channels.messaging.http import Http
from rasa_project.channels.messaging.media.source import Source
from rasa_project.channels.messaging.part import Part, Recipient
from rasa_project.channels.messaging.provider import FILES, Finding, Limits, Provider
from rasa_project.channels.messaging.providers import tencent, tencent_api
from rasa_project.channels.messaging.providers.access_tokens import AccessToken
from rasa_project.channels.messaging.providers.tencent_api import Api
from rasa_project.channels.messaging.providers.wecom_messages import (
    RESPONSE_CODE,
    key_of,
    read_message,
)
from rasa_project.channels.messaging.request import Answer, Request
from rasa_project.channels.messaging.settings import (
    ChannelSettings,
    MadeUp,
    random_hex,
    require_address,
)
from rasa_project.channels.messaging.splitting import utf8
from rasa_project.channels.messaging.turn import Reading, Turn

_COURTESY_SECONDS: Final = 5.0
_TITLE_CHARACTERS: Final = 36
_TITLE: Final = "💬"  # a card needs one; this one is in no language
# "Global error codes" (全局错误码). What is in `later` an operator can mend, or it passes.
_CODES: Final = tencent_api.Codes(
    tokens=frozenset({40014, 42001}),
    throttled=frozenset({45009, 45033}),
    quota=frozenset(),
    later=frozenset({-1, 40001, 40013, 40056, 48002, 60011, 60020, 301002}),
)


class WeComSettings(ChannelSettings):
    """Settings.

    Attributes:
        corp_id: The corporation's CorpID.
        agent_id: The app's AgentId.
        secret: The app's Secret.
        token: Of the app's *API reception*: 16 to 32 letters and digits.
        encoding_aes_key: Likewise.
        start: What Rasa hears when somebody may use the app from now on; a payload, or words.
        menu: What Rasa hears when an entry of the app's menu is pressed, by the entry's key; the
            key itself where it is not in here.
        api_url: Of WeCom's API.
    """

    made_up: ClassVar[MadeUp] = {"token": random_hex}

    corp_id: str
    agent_id: int
    secret: SecretStr
    token: SecretStr
    encoding_aes_key: SecretStr
    start: str = "/greet"
    menu: dict[str, str] = Field(default_factory=dict)
    api_url: str = "https://qyapi.weixin.qq.com"

    _address = validator("api_url", allow_reuse=True)(require_address)
    _key = validator("encoding_aes_key", allow_reuse=True)(tencent.require_key)
    _strong = validator("token", allow_reuse=True)(tencent.require_token)


class WeCom(Provider):
    """Members of a corporation who use one of its apps."""

    name = "wecom"
    title = "WeCom"
    Settings = WeComSettings
    # "Send app messages" (发送应用消息): texts of 2,048 bytes; cards with up to six buttons of some
    # ten Chinese characters below a title of 36 and a text of 160; what a member gets beyond 30
    # messages a minute is dropped.
    limits = Limits(
        text=2048, measure=utf8, buttons=6, button_text=320, button_title=16, gap_seconds=3.0,
        burst=10,
    )  # fmt: skip
    fetches = FILES

    def __init__(self, settings: Any, http: Http) -> None:
        super().__init__(settings, http)
        self._api = Api(http, self.title, settings.api_url, _CODES, self._fetch_token)
        key = settings.encoding_aes_key.get_secret_value()
        self._envelope = tencent.Envelope(settings.token.get_secret_value(), key, settings.corp_id)

    def greet(self, request: Request) -> Answer:
        """Answer the check of the address with what stands encrypted in it."""
        encrypted = request.query.get("echostr", "")
        self._envelope.require_signed(request, encrypted)
        return Answer(self._envelope.open(encrypted).decode())

    def verify(self, request: Request) -> None:
        """Check the signature over the encrypted message."""
        self._envelope.require_signed(request, tencent.fields(request.body).get("Encrypt", ""))

    def read(self, request: Request) -> Reading:
        """Decrypt and read a message; an empty answer says that it arrived."""
        content = self._envelope.open(tencent.fields(request.body)["Encrypt"])
        settings = self.settings
        return read_message(
            tencent.fields(content), settings.agent_id, settings.start, settings.menu
        )

    async def send(self, to: Recipient, part: Part) -> str:
        """Send an app message."""
        content = {**_message(to, part), "agentid": self.settings.agent_id}
        sent = await self._api.call("message/send", content)
        if sent.get("invaliduser"):
            raise NotSent(f"WeCom does not let the app write to {to.customer}.", hopeless=True)
        return str(sent.get("msgid", ""))

    async def fetch(self, source: Source) -> AsyncGenerator[bytes, None]:
        """Fetch what was sent, which is kept for three days."""
        async for chunk in self._api.download(source.attachment.id):
            yield chunk

    async def noticed(self, turn: Turn) -> None:
        """Show on a card what was pressed ("更新模版卡片消息")."""
        if not turn.route.get(RESPONSE_CODE):
            return
        content = {
            "userids": [turn.customer],
            "agentid": self.settings.agent_id,
            "response_code": turn.route[RESPONSE_CODE],
            "button": {"replace_name": f"✓ {turn.text}".strip()},
        }
        await self._api.call("message/update_template_card", content, _COURTESY_SECONDS)

    async def check(self) -> list[Finding]:
        """Look the app up."""
        try:
            token = await self._api.tokens.get()
            query = {"access_token": token, "agentid": str(self.settings.agent_id)}
            app = await self._get("agent/get", query)
        except (NotSent, MaybeSent) as error:
            return [Finding(False, str(error))]
        return [
            Finding(True, f"CorpID and Secret are those of the app {app.get('name')!r}."),
            Finding(None, "Whether messages are received by API only the app's page tells."),
        ]

    async def _fetch_token(self, _refused: str) -> AccessToken:
        """Get the token ("获取access_token"), the same for all server processes."""
        secret = self.settings.secret.get_secret_value()
        given = await self._get("gettoken", {"corpid": self.settings.corp_id, "corpsecret": secret})
        return AccessToken(str(given["access_token"]), float(given["expires_in"]))

    async def _get(self, method: str, query: Mapping[str, str]) -> dict[str, Any]:
        url = f"{self.settings.api_url}/cgi-bin/{method}"
        reply = await self.http.request("GET", url, query=query)
        return tencent_api.result(reply, self.title, _CODES)


class WeComInput(MessagingInput):
    """`rasa_project.channels.messaging.providers.wecom.WeComInput` in `credentials.yml`."""

    Provider = WeCom


def _message(to: Recipient, part: Part) -> dict[str, Any]:
    if part.kind == "custom":
        return tencent_api.custom(to.customer, part.custom, WeCom.title)
    if part.kind == "image":
        return tencent_api.picture(to.customer, part.url)
    if part.native_buttons:
        card = _card(part)
        return {"touser": to.customer, "msgtype": "template_card", "template_card": card}
    return tencent_api.text(to.customer, part.text or part.url)


def _card(part: Part) -> dict[str, Any]:
    title, _, rest = part.text.partition("\n")
    if len(title) > _TITLE_CHARACTERS:
        title, rest = _TITLE, part.text
    below = {"sub_title_text": rest.strip()} if rest.strip() else {}
    return {
        **below,
        "card_type": "button_interaction",
        "task_id": str(uuid.uuid4()),  # of each attempt: WeCom refuses one that it knows
        "main_title": {"title": title},
        "button_list": [
            {"text": button.title, "style": 1, "key": key_of(button)}
            for button in part.native_buttons
        ],
    }
