"""Facebook Messenger and Instagram: https://developers.facebook.com/docs/messenger-platform."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Mapping
from typing import Any, ClassVar, Final

from rasa_project.channels.messaging.channel import MessagingInput
from rasa_project.channels.messaging.errors import MaybeSent, NotSent
from rasa_project.channels.messaging.media.source import Source
from rasa_project.channels.messaging.part import Part, Recipient
from rasa_project.channels.messaging.provider import FILES, Finding, Limits
from rasa_project.channels.messaging.providers.meta import MetaProvider, MetaSettings
from rasa_project.channels.messaging.request import Request
from rasa_project.channels.messaging.splitting import utf8
from rasa_project.channels.messaging.turn import (
    Attachment,
    AttachmentKind,
    Location,
    Reading,
    Turn,
)
from rasa_project.webhooks import signatures

_DAY: Final = 24 * 3600.0
_PATH: Final = "me/messages"  # "me" is the page of the token
_COURTESY_SECONDS: Final = 5.0
_KINDS: Final[dict[str, AttachmentKind]] = {
    "image": "image",
    "video": "video",
    "ig_reel": "video",
    "reel": "video",
    "audio": "audio",
    "file": "file",
}
GET_STARTED: Final = "GET_STARTED"  # what the page's button "Get started" is set to


class MessengerSettings(MetaSettings):
    """Settings.

    Attributes:
        page_id: Of the page, or the Instagram account, that customers write to.
        start: What Rasa hears when a customer presses *Get started*; a payload, or words.
    """

    page_id: str
    start: str = "/greet"


class Messenger(MetaProvider):
    """Chats with a page. For 24 hours after a customer's message it may write."""

    name = "facebook"
    title = "Messenger"
    Settings = MessengerSettings
    # "Send API": 2,000 characters; "Quick replies": 13 with titles of 20; "Rate limiting"; "Policy
    # overview": the standard window of 24 hours.
    limits = Limits(text=2000, buttons=13, button_title=20, per_second=40.0, window_seconds=_DAY)
    fetches = FILES
    typing_seconds = 15.0  # "Sender actions": 20 seconds
    object: ClassVar[str] = "page"

    def read(self, request: Request) -> Reading:
        """Read a webhook: events of several customers at once."""
        content = signatures.json_object(request.body)
        if content["object"] != self.object:
            return Reading(ignored=(f"a webhook about {str(content['object'])[:40]!r}",))
        turns: list[Turn] = []
        ignored: list[str] = []
        for event in _events(content, self.settings.page_id):
            turn = _turn(event, self.settings.start)
            if turn is None:
                kinds = sorted(event.keys() - {"sender", "recipient", "timestamp"})
                ignored.append(f"an event ({', '.join(kinds)[:80] or 'of another page'})")
            else:
                turns.append(turn)
        return Reading(tuple(turns), ignored=tuple(ignored))

    async def send(self, to: Recipient, part: Part) -> str:
        """Send a message in answer to the customer's."""
        content = {"messaging_type": "RESPONSE", "recipient": {"id": to.customer}}
        sent = await self.call(_PATH, {**content, **_message(part)})
        return str(sent.get("message_id") or "")

    async def fetch(self, source: Source) -> AsyncGenerator[bytes, None]:
        """Fetch an attachment from its address, which shows by itself that it may be."""
        async for chunk in self.download(source.attachment.url, shown=False):
            yield chunk

    async def noticed(self, turn: Turn) -> None:
        """Show that the message was read, and typing."""
        for action in ("mark_seen", "typing_on"):
            await self._act(turn.customer, action)

    async def typing(self, to: Recipient, latest: str) -> None:
        """Show typing."""
        await self._act(to.customer, "typing_on")

    async def _act(self, customer: str, action: str) -> None:
        content = {"recipient": {"id": customer}, "sender_action": action}
        await self.call(_PATH, content, _COURTESY_SECONDS)

    def outside_window(self, part: Part) -> bool:
        """Let messages with a tag through; a bot's author writes one as a custom response."""
        return part.kind == "custom" and part.custom.get("messaging_type") == "MESSAGE_TAG"

    async def check(self) -> list[Finding]:
        """Ask for the page's name."""
        try:
            found = await self.call("me?fields=name")
        except (NotSent, MaybeSent) as error:
            return [Finding(False, str(error))]
        return [
            Finding(True, f"The token is that of {found.get('name')}."),
            Finding(None, "Whether Meta delivers here is seen on the app's page, under Webhooks."),
        ]


class Instagram(Messenger):
    """Direct messages to a professional account, by the page that it is connected to."""

    name = "instagram"
    title = "Instagram"
    # "Send a message": 1,000 bytes of UTF-8.
    limits = Limits(
        text=1000, measure=utf8, buttons=13, button_title=20, per_second=40.0, window_seconds=_DAY
    )
    object = "instagram"


class MessengerInput(MessagingInput):
    """`rasa_project.channels.messaging.providers.messenger.MessengerInput` in `credentials.yml`."""

    Provider = Messenger


class InstagramInput(MessagingInput):
    """`rasa_project.channels.messaging.providers.messenger.InstagramInput` in `credentials.yml`."""

    Provider = Instagram


def _events(content: Mapping[str, Any], page: str) -> Iterator[Mapping[str, Any]]:
    """Yield the events of our page; empty ones in place of others'."""
    for entry in content["entry"]:
        # `standby` holds what another program has the right to answer.
        for event in [*(entry.get("messaging") or []), *(entry.get("standby") or [])]:
            yield event if str(entry["id"]) == page and "messaging" in entry else {}


def _turn(event: Mapping[str, Any], start: str) -> Turn | None:
    if not ("message" in event or "postback" in event or "message_edit" in event):
        return None
    at = float(event["timestamp"]) / 1000
    base: dict[str, Any] = {"customer": str(event["sender"]["id"]), "order": at, "sent_at": at}
    if found := event.get("postback"):
        payload, name = str(found.get("payload") or "-"), f"postback-{found.get('mid') or at}"
        if payload == GET_STARTED:
            return Turn(**base, id=name, begin=start)
        return Turn(**base, id=name, pressed=payload, text=str(found.get("title") or ""))
    if found := event.get("message_edit"):
        return Turn(**base, id=str(found["mid"]), text=str(found.get("text") or ""), edits=True)
    message = event["message"]
    if message.get("is_echo") or message.get("is_deleted"):
        return None
    attachments = message.get("attachments") or []
    return Turn(
        **base,
        id=str(message["mid"]),
        text=str(message.get("text") or ""),
        pressed=str((message.get("quick_reply") or {}).get("payload") or ""),
        attachments=tuple(_attachment(one) for one in attachments if one["type"] != "location"),
        location=_location(attachments),
    )


def _attachment(attachment: Mapping[str, Any]) -> Attachment:
    payload = attachment.get("payload") or {}
    if payload.get("sticker_id"):
        sign = "👍" if payload["sticker_id"] in _THUMBS else ""
        return Attachment("sticker", id=str(payload["sticker_id"]), text=sign)
    kind = _KINDS.get(str(attachment["type"]), "other")
    return Attachment(kind, url=str(payload.get("url") or ""), name=str(payload.get("title") or ""))


# The app's own thumb, in its three sizes.
_THUMBS: Final = frozenset({369239263222822, 369239343222814, 369239383222810})


def _location(attachments: list[Mapping[str, Any]]) -> Location | None:
    for attachment in attachments:
        if attachment["type"] == "location":
            place = attachment["payload"]["coordinates"]
            title = str(attachment.get("title") or "")
            return Location(float(place["lat"]), float(place["long"]), title)
    return None


def _message(part: Part) -> dict[str, Any]:
    if part.kind == "custom":
        return dict(part.custom) if "message" in part.custom else {"message": dict(part.custom)}
    if part.kind != "text":
        payload = {"url": part.url, "is_reusable": True}
        return {"message": {"attachment": {"type": part.kind, "payload": payload}}}
    message: dict[str, Any] = {"text": part.text}
    if part.native_buttons:
        message["quick_replies"] = [
            {"content_type": "text", "title": one.title, "payload": one.token}
            for one in part.native_buttons
        ]
    return {"message": message}
