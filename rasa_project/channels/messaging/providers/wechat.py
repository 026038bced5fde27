"""WeChat Official Accounts: https://developers.weixin.qq.com/doc/offiaccount/.

Callbacks are taken in safe mode only (安全模式): in plain mode nothing signs what customers say.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any, ClassVar, Final

from pydantic import Field, SecretStr, validator

from rasa_project.channels.messaging.channel import MessagingInput
from rasa_project.channels.messaging.errors import MaybeSent, NotSent
from rasa_project.channels.messaging.http import Http
from rasa_project.channels.messaging.media.source import Source
from rasa_project.channels.messaging.part import Button, Part, Recipient
from rasa_project.channels.messaging.provider import FILES, Finding, Limits, Provider
from rasa_project.channels.messaging.providers import tencent, tencent_api
from rasa_project.channels.messaging.providers.access_tokens import AccessToken
from rasa_project.channels.messaging.providers.tencent_api import Api
from rasa_project.channels.messaging.providers.wechat_messages import (
    WINDOW_SECONDS,
    number_of,
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
from rasa_project.webhooks import signatures

_COURTESY_SECONDS: Final = 5.0
# "Global return codes" (全局返回码). After 45047 the customer has to write again first.
_CODES: Final = tencent_api.Codes(
    tokens=frozenset({40001, 40014, 42001}),
    throttled=frozenset({45009, 45011}),
    quota=frozenset({45047}),
    later=frozenset({-1, 40013, 40125, 40164, 48001, 48004, 50001}),
)


class WeChatSettings(ChannelSettings):
    """Settings.

    Attributes:
        app_id: The account's AppID.
        app_secret: Its AppSecret.
        token: Of the server configuration: 16 to 32 letters and digits of one's own choice.
        encoding_aes_key: Likewise, made by WeChat.
        start: What Rasa hears when somebody follows the account; a payload, or words.
        menu: What Rasa hears when an entry of the account's menu is pressed, by the entry's key;
            the key itself where it is not in here.
        api_url: Of WeChat's API.
    """

    made_up: ClassVar[MadeUp] = {"token": random_hex}

    app_id: str
    app_secret: SecretStr
    token: SecretStr
    encoding_aes_key: SecretStr
    start: str = "/greet"
    menu: dict[str, str] = Field(default_factory=dict)
    api_url: str = "https://api.weixin.qq.com"

    _address = validator("api_url", allow_reuse=True)(require_address)
    _key = validator("encoding_aes_key", allow_reuse=True)(tencent.require_key)
    _strong = validator("token", allow_reuse=True)(tencent.require_token)


class WeChat(Provider):
    """Followers of an official account.

    Answers go out as customer service messages (客服消息), because what stands in the answer to a
    callback must be said within five seconds and gets lost with the connection.
    """

    name = "wechat"
    title = "WeChat"
    Settings = WeChatSettings
    # "Customer service messages": within 48 hours of the customer's message. Texts hold 2,048
    # bytes, as "Passive replies" (被动回复用户消息) has it.
    limits = Limits(
        text=2048, measure=utf8, buttons=10, button_title=60, window_seconds=WINDOW_SECONDS
    )
    fetches = FILES
    typing_seconds = 10.0  # "客服输入状态": 15 seconds

    def __init__(self, settings: Any, http: Http) -> None:
        super().__init__(settings, http)
        self._api = Api(http, self.title, settings.api_url, _CODES, self._fetch_token)
        self._token: str = settings.token.get_secret_value()
        key = settings.encoding_aes_key.get_secret_value()
        self._envelope = tencent.Envelope(self._token, key, settings.app_id)

    def greet(self, request: Request) -> Answer:
        """Answer the server configuration's check ("Access overview", 接入概述)."""
        query = request.query
        said = (query.get("timestamp", ""), query.get("nonce", ""))
        signatures.require_same(query.get("signature", ""), tencent.signature(self._token, *said))
        signatures.require_fresh(signatures.seconds(said[0]), request.at)
        return Answer(query.get("echostr", ""))

    def verify(self, request: Request) -> None:
        """Check the signature over the encrypted message."""
        self._envelope.require_signed(request, tencent.fields(request.body).get("Encrypt", ""))

    def read(self, request: Request) -> Reading:
        """Decrypt and read a message."""
        content = self._envelope.open(tencent.fields(request.body)["Encrypt"])
        message = tencent.fields(content)
        reading = read_message(message, self.settings.start, self.settings.menu)
        return replace(reading, answer=Answer("success"))

    async def send(self, to: Recipient, part: Part) -> str:
        """Send a customer service message; WeChat gives no id of it."""
        await self._api.call("message/custom/send", _message(to, part))
        return ""

    async def fetch(self, source: Source) -> AsyncGenerator[bytes, None]:
        """Fetch what was sent, which is kept for three days."""
        async for chunk in self._api.download(source.attachment.id):
            yield chunk

    async def noticed(self, turn: Turn) -> None:
        """Show typing ("Customer service input status", 客服输入状态)."""
        await self.typing(Recipient(turn.customer), turn.id)

    async def typing(self, to: Recipient, latest: str) -> None:
        """Show typing."""
        content = {"touser": to.customer, "command": "Typing"}
        await self._api.call("message/custom/typing", content, seconds=_COURTESY_SECONDS)

    async def check(self) -> list[Finding]:
        """Fetch an access token."""
        try:
            await self._api.tokens.get()
        except (NotSent, MaybeSent) as error:
            return [Finding(False, str(error))]
        return [
            Finding(True, "AppID and AppSecret are right, and this machine's address is allowed."),
            Finding(None, "Whether the server configuration is enabled only its page tells."),
        ]

    async def _fetch_token(self, refused: str) -> AccessToken:
        """Get a stable token (获取稳定版接口调用凭据), the same for all server processes."""
        token = await self._ask_token(force=False)
        # Twenty a day at most, so only where asking gives the very token that was refused.
        return await self._ask_token(force=True) if token.value == refused else token

    async def _ask_token(self, force: bool) -> AccessToken:
        content = {
            "grant_type": "client_credential",
            "appid": self.settings.app_id,
            "secret": self.settings.app_secret.get_secret_value(),
            "force_refresh": force,
        }
        url = f"{self.settings.api_url}/cgi-bin/stable_token"
        reply = await self.http.request("POST", url, content)
        given = tencent_api.result(reply, self.title, _CODES)
        return AccessToken(str(given["access_token"]), float(given["expires_in"]))


class WeChatInput(MessagingInput):
    """`rasa_project.channels.messaging.providers.wechat.WeChatInput` in `credentials.yml`."""

    Provider = WeChat


def _message(to: Recipient, part: Part) -> dict[str, Any]:
    if part.kind == "custom":
        return tencent_api.custom(to.customer, part.custom, WeChat.title)
    if part.kind == "image":
        return tencent_api.picture(to.customer, part.url)
    if part.native_buttons:
        return {"touser": to.customer, "msgtype": "msgmenu", "msgmenu": _menu(part)}
    return tencent_api.text(to.customer, part.text or part.url)


def _menu(part: Part) -> dict[str, Any]:
    return {
        "head_content": part.text,
        "list": [_entry(button) for button in part.native_buttons],
        "tail_content": "",
    }


def _entry(button: Button) -> dict[str, str]:
    return {"id": number_of(button.token), "content": button.title}
