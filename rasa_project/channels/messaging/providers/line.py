"""LINE, by the Messaging API: https://developers.line.biz/en/reference/messaging-api/."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from typing import Any, Final
from urllib.parse import quote

from pydantic import SecretStr, validator

from rasa_project.channels.messaging.channel import MessagingInput
from rasa_project.channels.messaging.errors import MaybeSent, NotSent
from rasa_project.channels.messaging.http import Reply
from rasa_project.channels.messaging.media.source import Source
from rasa_project.channels.messaging.part import Part, Recipient
from rasa_project.channels.messaging.provider import FILES, Finding, Limits, Provider
from rasa_project.channels.messaging.request import Request
from rasa_project.channels.messaging.settings import ChannelSettings, require_address
from rasa_project.channels.messaging.splitting import utf16
from rasa_project.channels.messaging.turn import (
    Attachment,
    AttachmentKind,
    Location,
    Reading,
    Turn,
)
from rasa_project.webhooks import signatures

_MEDIA: Final[dict[str, AttachmentKind]] = {
    "image": "image",
    "video": "video",
    "audio": "audio",
    "file": "file",
    "sticker": "sticker",
}
_COURTESY_SECONDS: Final = 5.0
THROTTLED_SECONDS: Final = 10.0


class LineSettings(ChannelSettings):
    """Settings.

    Attributes:
        channel_secret: Signs the webhooks.
        access_token: A channel access token.
        start: What Rasa hears when a customer adds the account; nothing unless set, because LINE
            has a greeting of its own.
        api_url: For tests.
        data_url: Likewise; where LINE gives out what customers send.
    """

    channel_secret: SecretStr
    access_token: SecretStr
    start: str = ""
    api_url: str = "https://api.line.me"
    data_url: str = "https://api-data.line.me"

    _addresses = validator("api_url", "data_url", allow_reuse=True)(require_address)


class Line(Provider):
    """Chats of single customers with an official account; it says nothing in groups."""

    name = "line"
    title = "LINE"
    Settings = LineSettings
    # "Text message": 5,000 UTF-16 units; "Quick reply": 13 with labels of 20; "Rate limits":
    # 2,000 push messages a second.
    limits = Limits(text=5000, measure=utf16, buttons=13, button_title=20, per_second=100.0)
    fetches = FILES
    typing_seconds = 10.0

    def verify(self, request: Request) -> None:
        """Check `x-line-signature`, made from the raw body and the channel's secret."""
        secret = self.settings.channel_secret.get_secret_value()
        expected = signatures.base64_of(signatures.sha256(secret, request.body))
        signatures.require_same(request.header("x-line-signature"), expected)

    def read(self, request: Request) -> Reading:
        """Read a webhook: events of several customers at once, none when LINE tries the address."""
        turns: list[Turn] = []
        ignored: list[str] = []
        for event in signatures.json_object(request.body)["events"]:
            why_not = _why_not(event)
            turn = None if why_not else _turn(event, self.settings.start)
            if turn is None:
                ignored.append(f"an event {str(event['type'])[:40]!r}{why_not}")
            else:
                turns.append(turn)
        return Reading(tuple(turns), ignored=tuple(ignored))

    async def send(self, to: Recipient, part: Part) -> str:
        """Push a message; LINE knows doubles by the part's key."""
        content = {"to": to.customer, "messages": [_message(part)]}
        reply = await self._ask("push", content, {"X-Line-Retry-Key": part.key})
        if reply.status == 409:  # it was taken before
            return ""
        sent = _result(reply).get("sentMessages") or [{}]
        return str(sent[0].get("id") or "")

    async def fetch(self, source: Source) -> AsyncGenerator[bytes, None]:
        """Fetch what was sent ("Get content"); films take LINE a moment to prepare."""
        if source.attachment.url:
            raise NotSent("LINE does not keep this file: a web page sent it.", hopeless=True)
        name, base = quote(source.attachment.id, safe=""), self.settings.data_url
        url = f"{base}/v2/bot/message/{name}/content"
        async for chunk in self.http.files.read(url, base, headers=self._headers()):
            yield chunk

    async def noticed(self, turn: Turn) -> None:
        """Show the sign of loading."""
        await self.typing(Recipient(turn.customer), turn.id)

    async def typing(self, to: Recipient, latest: str) -> None:
        """Show the sign of loading ("Display a loading animation"), to who looks at the chat."""
        content = {"chatId": to.customer, "loadingSeconds": 10}
        await self._ask("../chat/loading/start", content, seconds=_COURTESY_SECONDS)

    async def check(self) -> list[Finding]:
        """Ask who the account is and where its webhook stands."""
        try:
            me = _result(await self._ask("../info"))
            hook = _result(await self._ask("../channel/webhook/endpoint"))
        except (NotSent, MaybeSent) as error:
            return [Finding(False, str(error))]
        active = bool(hook.get("active"))
        state = "is in use" if active else "is not in use: allow it in LINE's console"
        return [
            Finding(True, f"The token is that of {me.get('displayName')}."),
            Finding(active, f"The webhook {hook.get('endpoint')} {state}."),
        ]

    async def register(self, url: str) -> None:
        """Set the webhook's address."""
        _result(await self._ask("../channel/webhook/endpoint", {"endpoint": url}, method="PUT"))

    async def _ask(
        self,
        path: str,
        content: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        method: str = "",
        seconds: float = 30.0,
    ) -> Reply:
        place = path[3:] if path.startswith("../") else f"message/{path}"
        return await self.http.request(
            method or ("GET" if content is None else "POST"),
            f"{self.settings.api_url}/v2/bot/{place}",
            content,
            headers={**self._headers(), **(headers or {})},
            seconds=seconds,
        )

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.settings.access_token.get_secret_value()}"}


class LineInput(MessagingInput):
    """`rasa_project.channels.messaging.providers.line.LineInput` in `credentials.yml`."""

    Provider = Line


def _why_not(event: Mapping[str, Any]) -> str:
    """Say why an event is not for us; nothing where it is."""
    if event.get("mode") == "standby":
        return " that another program answers"
    source = event.get("source") or {}
    if source.get("type") != "user":
        return f" in a {str(source.get('type'))[:20]}"
    return ""


def _turn(event: Mapping[str, Any], start: str) -> Turn | None:
    at = float(event["timestamp"]) / 1000
    base: dict[str, Any] = {
        "id": str(event["webhookEventId"]),
        "customer": str(event["source"]["userId"]),
        "order": at,
        "sent_at": at,
    }
    if event["type"] == "postback":
        return Turn(**base, pressed=str(event["postback"]["data"]))
    if event["type"] == "follow" and start:
        return Turn(**base, begin=start)
    if event["type"] != "message":
        return None
    message = event["message"]
    kind = str(message["type"])
    if kind == "text":
        return Turn(**base, text=str(message["text"]))
    if kind == "location":
        return Turn(**base, location=_location(message))
    return Turn(**base, attachments=(_attachment(kind, message),))


def _attachment(kind: str, message: Mapping[str, Any]) -> Attachment:
    size = message.get("fileSize")
    provider = message.get("contentProvider") or {}
    return Attachment(
        _MEDIA.get(kind, "other"),
        id=str(message["id"]),
        url=str(provider.get("originalContentUrl") or ""),
        name=str(message.get("fileName") or ""),
        size=size if isinstance(size, int) else None,
    )


def _location(message: Mapping[str, Any]) -> Location:
    return Location(
        float(message["latitude"]),
        float(message["longitude"]),
        str(message.get("title") or ""),
        str(message.get("address") or ""),
    )


def _message(part: Part) -> dict[str, Any]:
    if part.kind == "custom":
        return dict(part.custom)
    if part.kind == "image" and part.url.startswith("https://"):
        return {"type": "image", "originalContentUrl": part.url, "previewImageUrl": part.url}
    message: dict[str, Any] = {"type": "text", "text": part.text or part.url}
    if part.native_buttons:
        items = [
            {
                "type": "action",
                "action": {
                    "type": "postback",
                    "label": one.title,
                    "data": one.token,
                    "displayText": one.title,
                },
            }
            for one in part.native_buttons
        ]
        message["quickReply"] = {"items": items}
    return message


def _result(reply: Reply) -> dict[str, Any]:
    """Return what LINE gave ("Status codes" and "Error responses").

    Raises:
        NotSent: LINE refused it.
        MaybeSent: It failed midway.
    """
    content = reply.content if isinstance(reply.content, dict) else {}
    if reply.status == 200:
        return content
    if reply.status == 429:  # too many a second, or a month's quota is used up
        words = f"LINE answered 429: {content.get('message') or reply.text}"
        raise NotSent(words, retry_after=THROTTLED_SECONDS, everyone=True)
    reply.require_success("LINE")
    raise MaybeSent(f"LINE answered {reply.status}.")
