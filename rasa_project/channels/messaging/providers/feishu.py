"""Feishu (飞书), elsewhere called Lark: https://open.feishu.cn/document/."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import AsyncGenerator, Mapping
from typing import Any, ClassVar, Final
from urllib.parse import quote

import aiohttp
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7
from pydantic import SecretStr, validator

from rasa_project.channels.messaging.channel import MessagingInput
from rasa_project.channels.messaging.errors import MaybeSent, NotSent
from rasa_project.channels.messaging.http import Http, Reply, as_reply
from rasa_project.channels.messaging.media.source import Source
from rasa_project.channels.messaging.part import Part, Recipient
from rasa_project.channels.messaging.provider import FILES, Finding, Limits, Provider
from rasa_project.channels.messaging.providers.access_tokens import AccessToken, AccessTokens
from rasa_project.channels.messaging.providers.feishu_events import read_event, value_of
from rasa_project.channels.messaging.request import Answer, Request
from rasa_project.channels.messaging.settings import (
    ChannelSettings,
    MadeUp,
    of_length,
    random_text,
    require_address,
)
from rasa_project.channels.messaging.turn import Reading
from rasa_project.webhooks import signatures
from rasa_project.webhooks.errors import Refused

# "处理事件": delivered again for some seven hours. Whether it is dated anew nobody says; within
# this time the inbox knows what came before.
_WINDOW_SECONDS: Final = 8 * 3600.0
_LATE: Final = "The request has no time, or one more than eight hours off."
PAUSE_SECONDS: Final = 10.0  # where no header names a time
# "通用错误码" and those of "发送消息". What is in `_LATER` an operator can mend, or it passes.
_TOKENS: Final = frozenset({99991661, 99991663, 99991668, 99991671})
_THROTTLED: Final = frozenset({99991400})
_THROTTLED_CHAT: Final = 230020
_LATER: Final = frozenset({10003, 10014, 99991672, 230006, 230049})


class FeishuSettings(ChannelSettings):
    """Settings.

    Attributes:
        app_id: The app's App ID.
        app_secret: Its App Secret.
        verification_token: Of *Events & Callbacks → Encryption Strategy*.
        encrypt_key: Likewise; of one's own choice, at least 16 characters.
        api_url: `https://open.larksuite.com` for Lark.
    """

    made_up: ClassVar[MadeUp] = {"encrypt_key": random_text}

    app_id: str
    app_secret: SecretStr
    verification_token: SecretStr
    encrypt_key: SecretStr
    api_url: str = "https://open.feishu.cn"

    _address = validator("api_url", allow_reuse=True)(require_address)
    _strong = validator("encrypt_key", allow_reuse=True)(of_length(16))


class Feishu(Provider):
    """Chats of one person with a bot; in groups it says nothing."""

    name = "feishu"
    title = "Feishu"
    Settings = FeishuSettings
    # "发送消息": five messages a second to a person; a card of 30 KB; texts of 150 KB, which nobody
    # would read.
    limits = Limits(
        text=4000, buttons=12, button_title=60, per_second=15.0, gap_seconds=0.25, burst=4
    )
    fetches = FILES

    def __init__(self, settings: Any, http: Http) -> None:
        super().__init__(settings, http)
        self._tokens = AccessTokens(self._fetch_token)
        self._encrypt_key: str = settings.encrypt_key.get_secret_value()

    def verify(self, request: Request) -> None:
        """Check the signature; the check of the address alone has none, but the token."""
        try:
            content = self._open(request.body)
        except (LookupError, Refused, TypeError, ValueError):
            # Not a word more: differences would help to guess what is encrypted.
            raise Refused(401, "The content is not encrypted with the Encrypt Key.") from None
        if content.get("type") == "url_verification":
            self._require_token(content.get("token"))
            return
        self._require_signed(request)
        header = content.get("header")
        self._require_token(header.get("token") if isinstance(header, dict) else None)

    def read(self, request: Request) -> Reading:
        """Decrypt and read an event."""
        content = self._open(request.body)
        if content.get("type") == "url_verification":
            return Reading(answer=Answer({"challenge": str(content["challenge"])}))
        reading = read_event(content)
        return Reading(reading.turns, reading.receipts, reading.ignored, Answer({}))

    async def send(self, to: Recipient, part: Part) -> str:
        """Send a message; Feishu knows doubles by its key for an hour."""
        kind, content = _message(part)
        given = await self._call(
            "POST",
            "im/v1/messages",
            {
                "receive_id": to.customer,
                "msg_type": kind,
                "content": json.dumps(content, ensure_ascii=False),
                "uuid": part.key,
            },
            {"receive_id_type": "open_id"},
        )
        return str((given.get("data") or {}).get("message_id", ""))

    async def fetch(self, source: Source) -> AsyncGenerator[bytes, None]:
        """Fetch a resource of a message ("获取消息中的资源文件")."""
        names = (quote(name, safe="") for name in (source.turn, source.attachment.id))
        base = self.settings.api_url
        url = "{}/open-apis/im/v1/messages/{}/resources/{}".format(base, *names)
        query = {"type": "image" if source.attachment.kind == "image" else "file"}
        for last in (False, True):
            token = await self._tokens.get()
            headers = {"Authorization": f"Bearer {token}"}
            try:
                async for chunk in self.http.files.read(
                    url, base, headers=headers, query=query, look=_look
                ):
                    yield chunk
                return
            except _TokenRefused:
                if last:
                    raise
                self._tokens.refuse(token)

    async def check(self) -> list[Finding]:
        """Ask who the bot is."""
        try:
            bot = (await self._call("GET", "bot/v3/info")).get("bot") or {}
        except (NotSent, MaybeSent) as error:
            return [Finding(False, str(error))]
        found = [Finding(True, f"App ID and App Secret are those of {bot.get('app_name')!r}.")]
        on = bot.get("activate_status") == 2
        says = "The bot is enabled." if on else "The bot is not enabled: publish the app's version."
        return [*found, Finding(on, says)]

    def _open(self, body: bytes) -> dict[str, Any]:
        """Decrypt ("解密事件": the key's SHA-256; the first 16 bytes begin the chain)."""
        sealed = base64.b64decode(signatures.json_object(body)["encrypt"], validate=True)
        key = hashlib.sha256(self._encrypt_key.encode()).digest()
        decryptor = Cipher(AES(key), CBC(sealed[:16])).decryptor()
        padded = decryptor.update(sealed[16:]) + decryptor.finalize()
        unpadder = PKCS7(128).unpadder()
        return signatures.json_object(unpadder.update(padded) + unpadder.finalize())

    def _require_signed(self, request: Request) -> None:
        timestamp = request.header("x-lark-request-timestamp")
        said = f"{timestamp}{request.header('x-lark-request-nonce')}{self._encrypt_key}"
        expected = hashlib.sha256(said.encode("utf-8", "replace") + request.body).hexdigest()
        signatures.require_same(request.header("x-lark-signature"), expected)
        at = signatures.seconds(timestamp)
        if at is None or abs(request.at - at) > _WINDOW_SECONDS:
            raise Refused(401, _LATE)

    def _require_token(self, token: Any) -> None:
        expected = self.settings.verification_token.get_secret_value()
        signatures.require_same(str(token or ""), expected)

    async def _call(
        self,
        verb: str,
        method: str,
        content: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """Call a method, once more with another token where the first is refused."""
        url = f"{self.settings.api_url}/open-apis/{method}"
        for last in (False, True):
            token = await self._tokens.get()
            headers = {"Authorization": f"Bearer {token}"}
            reply = await self.http.request(verb, url, content, headers=headers, query=query)
            if _code(reply) in _TOKENS and not last:
                self._tokens.refuse(token)
                continue
            break
        return _result(reply)

    async def _fetch_token(self, _refused: str) -> AccessToken:
        """Get the app's token ("自建应用获取 tenant_access_token")."""
        secret = self.settings.app_secret.get_secret_value()
        url = f"{self.settings.api_url}/open-apis/auth/v3/tenant_access_token/internal"
        content = {"app_id": self.settings.app_id, "app_secret": secret}
        given = _result(await self.http.request("POST", url, content))
        return AccessToken(str(given["tenant_access_token"]), float(given["expire"]))


class FeishuInput(MessagingInput):
    """`rasa_project.channels.messaging.providers.feishu.FeishuInput` in `credentials.yml`."""

    Provider = Feishu


def _message(part: Part) -> tuple[str, Mapping[str, Any]]:
    """Return a message's type and content."""
    if part.kind == "custom":
        kind, content = part.custom.get("msg_type"), part.custom.get("content")
        if not isinstance(kind, str) or not isinstance(content, Mapping):
            raise NotSent("A message for Feishu needs `msg_type` and `content`.", hopeless=True)
        return kind, content
    if part.native_buttons:
        return "interactive", _card(part)
    return "text", {"text": part.text or part.url}


def _card(part: Part) -> dict[str, Any]:
    buttons = [
        {
            "tag": "button",
            "text": {"tag": "plain_text", "content": button.title},
            "type": "default",
            "value": value_of(button),
        }
        for button in part.native_buttons
    ]
    words = {"tag": "div", "text": {"tag": "plain_text", "content": part.text}}
    return {
        "config": {"wide_screen_mode": True},
        "elements": [words, {"tag": "action", "actions": buttons}],
    }


class _TokenRefused(NotSent):
    """Another token may be good."""


async def _look(answer: aiohttp.ClientResponse) -> None:
    """Read what is no file."""
    if answer.status == 200 and answer.content_type != "application/json":
        return
    reply = await as_reply(answer)
    code = _code(reply)
    if answer.status == 200 and code is None:
        raise MaybeSent("Feishu gave no file.")
    if code in _TOKENS:
        raise _TokenRefused("Feishu refuses the token.")
    _result(reply)


def _code(reply: Reply) -> int | None:
    code = reply.content.get("code") if isinstance(reply.content, dict) else None
    return code if isinstance(code, int) else None


def _result(reply: Reply) -> dict[str, Any]:
    """Return what a call gave.

    Raises:
        NotSent: Feishu refused it.
        MaybeSent: It failed midway.
    """
    code = _code(reply)
    content: dict[str, Any] = reply.content if isinstance(reply.content, dict) else {}
    if code == 0 and reply.status == 200:
        return content
    words = f"Feishu answered {code or reply.status}: {content.get('msg') or reply.text}"
    if code in _THROTTLED or reply.status == 429:
        reset = reply.headers.get("x-ogw-ratelimit-reset", "")
        pause = float(reset) if reset.isdecimal() and len(reset) < 6 else PAUSE_SECONDS
        raise NotSent(words, retry_after=pause, everyone=True)
    if code is None or reply.status >= 500:
        reply.require_success(Feishu.title)
        raise MaybeSent(words)
    hopeless = code not in _TOKENS | _LATER and code != _THROTTLED_CHAT
    raise NotSent(words, hopeless=hopeless)
