"""WhatsApp, by Meta's Cloud API: https://developers.facebook.com/docs/whatsapp/cloud-api."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import quote, urlsplit

from pydantic import validator

from rasa_project.channels.messaging.channel import MessagingInput
from rasa_project.channels.messaging.errors import MaybeSent, NotSent
from rasa_project.channels.messaging.media.source import Source
from rasa_project.channels.messaging.part import Part, Recipient
from rasa_project.channels.messaging.provider import FILES, Finding, Limits
from rasa_project.channels.messaging.providers.meta import MetaProvider, MetaSettings
from rasa_project.channels.messaging.providers.whatsapp_webhooks import read_webhook
from rasa_project.channels.messaging.request import Request
from rasa_project.channels.messaging.turn import Reading, Turn
from rasa_project.webhooks import signatures

# "Interactive reply buttons messages" and "Interactive list messages".
_REPLY_BUTTONS: Final = 3
_REPLY_BODY: Final = 1024
_MENU: Final = 20
_COURTESY_SECONDS: Final = 5.0


class WhatsAppSettings(MetaSettings):
    """Settings.

    Attributes:
        phone_number_id: Of the business number; not the number itself.
        menu: What opens a list of more than three buttons; at most 20 characters.
    """

    phone_number_id: str
    menu: str = "☰"

    @validator("menu")
    def _short(cls, value: str) -> str:  # pydantic's own form
        if not 1 <= len(value) <= _MENU:
            raise ValueError(f"must be 1 to {_MENU} characters")
        return value


class WhatsApp(MetaProvider):
    """A business number. For 24 hours after a customer's message it may write freely."""

    name = "whatsapp"
    title = "WhatsApp"
    Settings = WhatsAppSettings
    # "Throughput": 80 messages a second; "Pair rate limits": one to a customer each 6 seconds,
    # with up to 45 at once; "Customer service windows": 24 hours.
    limits = Limits(
        text=4096, buttons=10, button_title=20, per_second=60.0, gap_seconds=6.0, burst=45,
        window_seconds=24 * 3600.0,
    )  # fmt: skip
    fetches = FILES
    typing_seconds = 20.0  # "Typing indicators": until an answer, or 25 seconds

    def read(self, request: Request) -> Reading:
        """Read a webhook: messages and statuses, several customers' at once."""
        content = signatures.json_object(request.body)
        return read_webhook(content, self.settings.phone_number_id)

    async def send(self, to: Recipient, part: Part) -> str:
        """Send a message of the kind that fits the part."""
        content = {"messaging_product": "whatsapp", "recipient_type": "individual"}
        return await self._send({**content, "to": to.customer, **self._message(part)})

    async def fetch(self, source: Source) -> AsyncGenerator[bytes, None]:
        """Ask where a file is ("Media: Retrieve Media URL"), which holds for five minutes."""
        found = await self.call(quote(source.attachment.id, safe=""))
        async for chunk in self.download(str(found.get("url") or "")):
            yield chunk

    async def noticed(self, turn: Turn) -> None:
        """Show that the message was read, and typing."""
        await self.typing(Recipient(turn.customer), turn.id)

    async def typing(self, to: Recipient, latest: str) -> None:
        """Show typing, which marks the customer's latest message as read."""
        seen = {"messaging_product": "whatsapp", "status": "read", "message_id": latest}
        content = {**seen, "typing_indicator": {"type": "text"}}
        await self.call(self._path, content, _COURTESY_SECONDS)

    def outside_window(self, part: Part) -> bool:
        """Let approved templates through; a bot's author writes one as a custom response."""
        return part.kind == "custom" and part.custom.get("type") == "template"

    async def check(self) -> list[Finding]:
        """Ask for the number's name."""
        fields = "display_phone_number,verified_name"
        try:
            found = await self.call(f"{self.settings.phone_number_id}?fields={fields}")
        except (NotSent, MaybeSent) as error:
            return [Finding(False, str(error))]
        number, name = found.get("display_phone_number"), found.get("verified_name")
        return [
            Finding(True, f"The token is for {number}, {name}."),
            Finding(None, "Whether Meta delivers here is seen on the app's page, under Webhooks."),
        ]

    @property
    def _path(self) -> str:
        return f"{self.settings.phone_number_id}/messages"

    async def _send(self, content: Mapping[str, Any]) -> str:
        sent = (await self.call(self._path, content)).get("messages") or [{}]
        return str(sent[0].get("id") or "")

    def _message(self, part: Part) -> dict[str, Any]:
        if part.kind == "custom":
            return {"type": "text", **part.custom}
        if part.kind == "image":
            return {"type": "image", "image": {"link": part.url}}
        if part.kind == "file":
            name = PurePosixPath(urlsplit(part.url).path).name
            document = {"link": part.url, **({"filename": name} if name else {})}
            return {"type": "document", "document": document}
        if part.native_buttons:
            return {"type": "interactive", "interactive": self._interactive(part)}
        return {"type": "text", "text": {"body": part.text}}

    def _interactive(self, part: Part) -> dict[str, Any]:
        """Return buttons, or a list where there are more, or more words than buttons go with."""
        body, choices = {"text": part.text}, part.native_buttons
        if len(choices) <= _REPLY_BUTTONS and len(part.text) <= _REPLY_BODY:
            buttons = [
                {"type": "reply", "reply": {"id": one.token, "title": one.title}} for one in choices
            ]
            return {"type": "button", "body": body, "action": {"buttons": buttons}}
        rows = [{"id": one.token, "title": one.title} for one in choices]
        action = {"button": self.settings.menu, "sections": [{"rows": rows}]}
        return {"type": "list", "body": body, "action": action}


class WhatsAppInput(MessagingInput):
    """`rasa_project.channels.messaging.providers.whatsapp.WhatsAppInput` in `credentials.yml`."""

    Provider = WhatsApp
