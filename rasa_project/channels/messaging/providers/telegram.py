"""Telegram, by the Bot API: https://core.telegram.org/bots/api."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Mapping
from typing import Any, ClassVar, Final
from urllib.parse import quote

from pydantic import SecretStr, validator

from rasa_project.channels.messaging.channel import MessagingInput
from rasa_project.channels.messaging.errors import MaybeSent, NotSent
from rasa_project.channels.messaging.http import Reply
from rasa_project.channels.messaging.media.source import Source
from rasa_project.channels.messaging.part import Part, Recipient
from rasa_project.channels.messaging.provider import FILES, Finding, Limits, Provider
from rasa_project.channels.messaging.providers.telegram_updates import PRESSED, read_update
from rasa_project.channels.messaging.request import Request
from rasa_project.channels.messaging.settings import (
    ChannelSettings,
    MadeUp,
    random_text,
    require_address,
)
from rasa_project.channels.messaging.splitting import utf16
from rasa_project.channels.messaging.turn import Reading, Turn
from rasa_project.webhooks import signatures

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{16,256}")  # Telegram takes one character; we do not
_COURTESY_SECONDS: Final = 5.0
_UPDATES: Final = ["message", "edited_message", "callback_query"]
_METHOD: Final = re.compile(r"send[A-Z][A-Za-z]{2,30}")


class TelegramSettings(ChannelSettings):
    """Settings.

    Attributes:
        access_token: From @BotFather.
        secret_token: At least 16 letters, digits, `_` and `-`; Telegram sends it along.
        start: What Rasa hears when a customer presses *Start*; a payload, or words.
        api_url: Of a Bot API server of one's own.
    """

    made_up: ClassVar[MadeUp] = {"secret_token": random_text}

    access_token: SecretStr
    secret_token: SecretStr
    start: str = "/greet"
    api_url: str = "https://api.telegram.org"

    _address = validator("api_url", allow_reuse=True)(require_address)

    @validator("secret_token")
    def _strong(cls, value: SecretStr) -> SecretStr:  # pydantic's own form
        if not _SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("must be 16 to 256 letters, digits, underscores or hyphens")
        return value


class Telegram(Provider):
    """Private chats with a bot. In groups it says nothing: what a customer asks is private."""

    name = "telegram"
    title = "Telegram"
    Settings = TelegramSettings
    # "Bots FAQ", "My bot is hitting limits": about one message a second in a chat with short
    # bursts, and 30 a second in all. A message holds 4,096 UTF-16 units ("sendMessage").
    limits = Limits(
        text=4096, measure=utf16, buttons=12, button_title=60, per_second=25.0,
        gap_seconds=1.0, burst=5,
    )  # fmt: skip
    fetches = FILES
    typing_seconds = 4.0  # "sendChatAction": five seconds or less

    def verify(self, request: Request) -> None:
        """Compare the secret token."""
        given = request.header("x-telegram-bot-api-secret-token")
        signatures.require_same(given, self.settings.secret_token.get_secret_value())

    def read(self, request: Request) -> Reading:
        """Read an update."""
        return read_update(signatures.json_object(request.body), self.settings.start)

    async def send(self, to: Recipient, part: Part) -> str:
        """Call the method that fits the part."""
        if part.kind == "custom":
            return await self._send_custom(to, part.custom)
        if part.kind == "text":
            return await self._call("sendMessage", _text(to, part))
        field = "photo" if part.kind == "image" else "document"
        reply = await self._ask(f"send{field.title()}", {"chat_id": to.customer, field: part.url})
        if reply.status == 400:
            # Telegram fetches the address itself, and takes not every kind and size of file.
            return await self._call("sendMessage", {"chat_id": to.customer, "text": part.url})
        return _id_of(_result(reply))

    async def fetch(self, source: Source) -> AsyncGenerator[bytes, None]:
        """Ask where a file is ("getFile"; of at most 20 MB), which holds for an hour."""
        found = _result(await self._ask("getFile", {"file_id": source.attachment.id}))
        place, base = str(found.get("file_path") or ""), self.settings.api_url
        if not place:
            raise NotSent("Telegram does not say where the file is.", hopeless=True)
        url = f"{base}/file/bot{self._token}/{quote(place)}"
        async for chunk in self.http.files.read(url, base):
            yield chunk

    async def noticed(self, turn: Turn) -> None:
        """Show typing, and end the waiting sign of a pressed button."""
        if turn.pressed:
            query = turn.id.removeprefix(PRESSED)
            await self._ask("answerCallbackQuery", {"callback_query_id": query})
        await self.typing(Recipient(turn.customer), turn.id)

    async def typing(self, to: Recipient, latest: str) -> None:
        """Show typing."""
        await self._ask("sendChatAction", {"chat_id": to.customer, "action": "typing"})

    async def check(self) -> list[Finding]:
        """Ask who the bot is and where its webhook stands."""
        try:
            me = _result(await self._ask("getMe", {}))
            hook = _result(await self._ask("getWebhookInfo", {}))
        except (NotSent, MaybeSent) as error:
            return [Finding(False, str(error))]
        found = [Finding(True, f"The token is that of @{me.get('username')}.")]
        url = hook.get("url")
        found.append(Finding(bool(url), f"The webhook is {url}." if url else "No webhook is set."))
        if failed := hook.get("last_error_message"):
            found.append(Finding(False, f"Telegram's latest delivery failed: {failed}"))
        return found

    async def register(self, url: str) -> None:
        """Set the webhook, with the secret token."""
        secret = self.settings.secret_token.get_secret_value()
        content = {"url": url, "secret_token": secret, "allowed_updates": _UPDATES}
        _result(await self._ask("setWebhook", content))

    async def _send_custom(self, to: Recipient, custom: Mapping[str, Any]) -> str:
        """Call any sending method of the Bot API: `{"method": "sendVenue", ...}`."""
        method = str(custom.get("method"))
        if not _METHOD.fullmatch(method):
            raise NotSent(f"`{method}` is no sending method of the Bot API.", hopeless=True)
        return await self._call(method, {**custom, "chat_id": to.customer})

    @property
    def _token(self) -> str:
        return quote(self.settings.access_token.get_secret_value(), safe=":")

    async def _call(self, method: str, content: Mapping[str, Any]) -> str:
        return _id_of(_result(await self._ask(method, content)))

    async def _ask(self, method: str, content: Mapping[str, Any]) -> Reply:
        url = f"{self.settings.api_url}/bot{self._token}/{method}"
        seconds = _COURTESY_SECONDS if method in {"answerCallbackQuery", "sendChatAction"} else 30.0
        content = {key: value for key, value in content.items() if key != "method"}
        return await self.http.request("POST", url, content, seconds=seconds)


class TelegramInput(MessagingInput):
    """`rasa_project.channels.messaging.providers.telegram.TelegramInput` in `credentials.yml`."""

    Provider = Telegram


def _text(to: Recipient, part: Part) -> dict[str, Any]:
    content: dict[str, Any] = {"chat_id": to.customer, "text": part.text}
    if part.native_buttons:
        rows = [[{"text": one.title, "callback_data": one.token}] for one in part.native_buttons]
        content["reply_markup"] = {"inline_keyboard": rows}
    return content


def _id_of(message: Mapping[str, Any]) -> str:
    return str(message.get("message_id", ""))


def _result(reply: Reply) -> dict[str, Any]:
    """Return what a call gave.

    Raises:
        NotSent: Telegram refused it.
        MaybeSent: It failed midway.
    """
    if reply.status == 200 and isinstance(reply.content, dict) and reply.content.get("ok"):
        result = reply.content.get("result")
        return result if isinstance(result, dict) else {}
    raise _failure(reply)


def _failure(reply: Reply) -> NotSent | MaybeSent:
    """Word an answer that is no success ("Making requests" and "ResponseParameters")."""
    content = reply.content if isinstance(reply.content, dict) else {}
    words = f"Telegram answered {reply.status}: {content.get('description') or reply.text}"
    if reply.status == 429:
        parameters = content.get("parameters")
        wait = parameters.get("retry_after") if isinstance(parameters, dict) else None
        return NotSent(words, retry_after=float(wait) if isinstance(wait, int) else 1.0)
    if reply.status >= 500 or reply.status == 200:
        return MaybeSent(words)
    # 401 and 404 speak of the token, which an operator can mend.
    return NotSent(words, hopeless=reply.status not in {401, 404})
