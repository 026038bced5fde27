"""Slack, by its Events API and Web API: https://api.slack.com/apis."""

from __future__ import annotations

import html
import json
import re
import time
from collections.abc import AsyncGenerator, Mapping
from typing import Any, Final
from urllib.parse import parse_qs

import aiohttp
from pydantic import SecretStr, validator

from rasa_project.channels.messaging.channel import MessagingInput
from rasa_project.channels.messaging.errors import MaybeSent, NotSent
from rasa_project.channels.messaging.http import Reply
from rasa_project.channels.messaging.media.source import Source
from rasa_project.channels.messaging.part import Part, Recipient
from rasa_project.channels.messaging.provider import FILES, Finding, Limits, Provider
from rasa_project.channels.messaging.request import Answer, Request
from rasa_project.channels.messaging.settings import ChannelSettings, require_address
from rasa_project.channels.messaging.turn import Attachment, AttachmentKind, Reading, Turn
from rasa_project.webhooks import signatures
from rasa_project.webhooks.pauses import retry_after

_MARKUP: Final = re.compile(
    r"<(?:(?P<mark>[@#!])[^|>]*|(?P<link>[^@#!|>][^|>]*))(?:\|(?P<label>[^>]*))?>"
)
_KINDS: Final[dict[str, AttachmentKind]] = {"image": "image", "video": "video", "audio": "audio"}
# An operator can mend these; all others refuse the message for what it is.
_CREDENTIALS: Final = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired",
     "missing_scope", "no_permission", "org_login_required", "ekm_access_denied"}
)  # fmt: skip
_FILE_HOSTS: Final = ("files.slack.com",)
_TRANSIENT: Final = frozenset({"internal_error", "fatal_error", "service_unavailable"})
_OWN_BLOCKS: Final = "invalid_blocks"


def escaped_length(text: str) -> int:
    """Return a text's length as Slack counts it, which has three signs written as entities."""
    return len(_escaped(text))


class SlackSettings(ChannelSettings):
    """Settings.

    Attributes:
        bot_token: Begins with `xoxb-`.
        signing_secret: Signs the requests.
        api_url: For tests.
    """

    bot_token: SecretStr
    signing_secret: SecretStr
    api_url: str = "https://slack.com/api"

    _address = validator("api_url", allow_reuse=True)(require_address)


class Slack(Provider):
    """Direct messages with an app; in channels it says nothing."""

    name = "slack"
    title = "Slack"
    Settings = SlackSettings
    # "Rate limits": one message a second in a channel with short bursts. "Reference: blocks":
    # 3,000 characters a section, 25 buttons of 75 characters in a row of actions.
    limits = Limits(
        text=3000, measure=escaped_length, buttons=25, button_title=75, per_second=20.0,
        gap_seconds=1.0, burst=3,
    )  # fmt: skip
    fetches = FILES

    def verify(self, request: Request) -> None:
        """Check `X-Slack-Signature`, and that the request is at most five minutes old."""
        sent_at = request.header("x-slack-request-timestamp")
        content = f"v0:{sent_at}:".encode("utf-8", "replace") + request.body
        digest = signatures.sha256(self.settings.signing_secret.get_secret_value(), content)
        signatures.require_same(request.header("x-slack-signature"), f"v0={digest.hex()}")
        signatures.require_fresh(signatures.seconds(sent_at), request.at)

    def read(self, request: Request) -> Reading:
        """Read an event, or a pressed button."""
        if request.header("content-type").startswith("application/x-www-form-urlencoded"):
            (payload,) = parse_qs(request.body.decode())["payload"]
            return _pressed(json.loads(payload))
        content = signatures.json_object(request.body)
        if content["type"] == "url_verification":
            return Reading(answer=Answer(str(content["challenge"])[:512]))
        if content["type"] != "event_callback":
            return Reading(ignored=(f"a request of type {str(content['type'])[:40]!r}",))
        return _happened(content["event"])

    async def send(self, to: Recipient, part: Part) -> str:
        """Post a message; an image that Slack cannot fetch goes out as its address."""
        content = {"channel": to.customer, **_message(part)}
        try:
            posted = await self._call("chat.postMessage", content)
        except NotSent as error:
            if part.kind != "image" or _OWN_BLOCKS not in str(error):
                raise
            posted = await self._call(
                "chat.postMessage", {"channel": to.customer, "text": _escaped(part.url)}
            )
        return str(posted.get("ts") or "")

    async def fetch(self, source: Source) -> AsyncGenerator[bytes, None]:
        """Ask where a file is ("files.info"), and fetch it; needs the scope `files:read`."""
        found = await self._file(source.attachment.id)
        url = str(found.get("url_private_download") or found.get("url_private") or "")

        async def look(answer: aiohttp.ClientResponse) -> None:
            if answer.content_type == "text/html" != found.get("mimetype"):
                raise NotSent("Slack shows its sign-in: the app lacks the scope files:read")

        headers, base = self._headers(), self.settings.api_url
        async for chunk in self.http.files.read(url, base, _FILE_HOSTS, headers=headers, look=look):
            yield chunk

    async def check(self) -> list[Finding]:
        """Ask whose token it is."""
        try:
            me = await self._call("auth.test", {})
        except (NotSent, MaybeSent) as error:
            return [Finding(False, str(error))]
        return [
            Finding(True, f"The token is that of {me.get('user')} in {me.get('team')}."),
            Finding(None, "Whether Slack delivers here is seen on the app's page."),
        ]

    async def _file(self, file_id: str) -> dict[str, Any]:
        url, query = f"{self.settings.api_url}/files.info", {"file": file_id}
        reply = await self.http.request("GET", url, headers=self._headers(), query=query)
        found = _given(reply).get("file")
        return found if isinstance(found, dict) else {}

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.settings.bot_token.get_secret_value()}"}

    async def _call(self, method: str, content: Mapping[str, Any]) -> dict[str, Any]:
        url = f"{self.settings.api_url}/{method}"
        return _given(await self.http.request("POST", url, content, headers=self._headers()))


class SlackInput(MessagingInput):
    """`rasa_project.channels.messaging.providers.slack.SlackInput` in `credentials.yml`."""

    Provider = Slack


def _given(reply: Reply) -> dict[str, Any]:
    """Return what a call gave.

    Raises:
        NotSent: Slack refused it.
        MaybeSent: It failed midway.
    """
    found = reply.content if isinstance(reply.content, dict) else {}
    if reply.status == 429:
        pause = retry_after(reply.headers, time.time())
        raise NotSent("Slack asks to be left alone.", retry_after=pause)
    if reply.status == 200 and "ok" in found:
        return _require_ok(found)
    raise MaybeSent(f"Slack answered {reply.status}: {reply.text}")


def _require_ok(found: dict[str, Any]) -> dict[str, Any]:
    if found["ok"]:
        return found
    error = str(found.get("error"))
    details = "; ".join(map(str, (found.get("response_metadata") or {}).get("messages") or []))
    words = f"Slack refuses it: {error}" + f" ({details})" * bool(details)
    if error in _TRANSIENT:
        raise MaybeSent(words)
    if error in {"ratelimited", "rate_limited"}:
        raise NotSent(words, retry_after=1.0)
    raise NotSent(words, hopeless=error not in _CREDENTIALS)


def _happened(event: Mapping[str, Any]) -> Reading:
    subtype = event.get("subtype")
    if event["type"] != "message" or subtype not in {None, "file_share", "message_changed"}:
        return Reading(ignored=(f"an event {str(subtype or event['type'])[:40]!r}",))
    if event.get("channel_type") != "im":
        return Reading(ignored=("a message in a channel",))
    message = event["message"] if subtype == "message_changed" else event
    if message.get("bot_id") or not message.get("user"):
        return Reading(ignored=("a bot's own message",))
    turn = Turn(
        id=f"{event['channel']}-{message['ts']}",
        customer=str(event["channel"]),
        text=_plain(str(message.get("text") or "")),
        order=float(message["ts"]),
        sent_at=float(message["ts"]),
        attachments=tuple(_file(one) for one in message.get("files") or []),
        edits=subtype == "message_changed",
        extra={"user": str(message["user"])},
    )
    return Reading(turns=(turn,))


def _pressed(payload: Mapping[str, Any]) -> Reading:
    if payload["type"] != "block_actions":
        return Reading(ignored=(f"an interaction of type {str(payload['type'])[:40]!r}",))
    channel, action = str(payload["channel"]["id"]), payload["actions"][0]
    at = float(action["action_ts"])
    turn = Turn(
        id=f"action-{channel}-{action['action_ts']}",
        customer=channel,
        pressed=str(action.get("value") or "-"),
        text=str((action.get("text") or {}).get("text") or ""),
        order=at,
        sent_at=at,
        extra={"user": str(payload["user"]["id"])},
    )
    return Reading(turns=(turn,))


def _file(file: Mapping[str, Any]) -> Attachment:
    mime_type, size = str(file.get("mimetype") or ""), file.get("size")
    return Attachment(
        _KINDS.get(mime_type.partition("/")[0], "file"),
        id=str(file["id"]),
        name=str(file.get("name") or ""),
        mime_type=mime_type,
        size=size if isinstance(size, int) else None,
    )


def _plain(text: str) -> str:
    """Return what a person reads, without Slack's marks ("Formatting text for app surfaces")."""

    def shown(match: re.Match[str]) -> str:
        label, link = match["label"], match["link"]
        return (link or "") if link else (label or "")

    return html.unescape(_MARKUP.sub(shown, text)).strip()


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)


def _message(part: Part) -> dict[str, Any]:
    if part.kind == "custom":
        return dict(part.custom)
    if part.kind == "image":
        block = {"type": "image", "image_url": part.url, "alt_text": "📷"}
        return {"text": _escaped(part.url), "blocks": [block]}
    text = _escaped(part.text or part.url)
    if not part.native_buttons:
        return {"text": text}
    buttons = [
        {
            "type": "button",
            "action_id": f"choice-{index}",
            "text": {"type": "plain_text", "text": one.title},
            "value": one.token,
        }
        for index, one in enumerate(part.native_buttons)
    ]
    section = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    return {"text": text, "blocks": [section, {"type": "actions", "elements": buttons}]}
