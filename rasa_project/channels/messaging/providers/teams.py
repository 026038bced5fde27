"""Microsoft Teams, by the Bot Connector: https://learn.microsoft.com/azure/bot-service/rest-api."""

from __future__ import annotations

import mimetypes
import time
from collections.abc import AsyncGenerator, Mapping
from typing import Any, Final
from urllib.parse import quote, urlsplit

from pydantic import SecretStr, validator

from rasa_project.channels.messaging.channel import MessagingInput
from rasa_project.channels.messaging.errors import MaybeSent, NotSent
from rasa_project.channels.messaging.http import Http, Reply
from rasa_project.channels.messaging.media.source import Source
from rasa_project.channels.messaging.part import Part, Recipient
from rasa_project.channels.messaging.provider import FILES, Finding, Limits, Provider
from rasa_project.channels.messaging.providers.access_tokens import AccessToken, AccessTokens
from rasa_project.channels.messaging.providers.teams_activities import (
    BOT,
    CHOICE,
    CONVERSATION,
    SERVICE,
    read_activity,
)
from rasa_project.channels.messaging.providers.teams_keys import SigningKeys, bearer
from rasa_project.channels.messaging.request import Answer, Request
from rasa_project.channels.messaging.settings import ChannelSettings, require_address
from rasa_project.channels.messaging.splitting import utf8
from rasa_project.channels.messaging.turn import Reading, Turn
from rasa_project.webhooks import signatures
from rasa_project.webhooks.errors import Refused
from rasa_project.webhooks.pauses import retry_after

PAUSE_SECONDS: Final = 5.0  # where Teams names none
_COURTESY_SECONDS: Final = 5.0
# "Send and receive files through the bot": OneDrive and SharePoint.
_FILE_HOSTS: Final = (
    ".sharepoint.com", ".sharepoint.us", ".sharepoint.cn", ".1drv.com",
    "my.microsoftpersonalcontent.com",
)  # fmt: skip
_HERO_CARD: Final = "application/vnd.microsoft.card.hero"
# "Handle rate limits": these are to be tried again, like 429.
_AGAIN: Final = frozenset({409, 412})
_ENDED: Final = frozenset(
    {"BotNotInConversationRoster", "ConversationNotFound", "ConversationBlockedByUser",
     "UserBlockedConversation", "MessageWritesBlocked", "NotEnoughPermissions",
     "ForbiddenOperationException", "InvalidBotApiHost"}
)  # fmt: skip


class TeamsSettings(ChannelSettings):
    """Settings.

    Attributes:
        app_id: The bot's Microsoft App ID.
        app_password: A client secret of that app.
        tenant_id: The organization's Directory (tenant) ID; none for a multi-tenant bot.
        groups: Answer in channels and group chats, too, where somebody mentions the bot.
        start: What Rasa hears when somebody adds the bot; a payload, or words.
        issuer: Who signs what comes in; another one in clouds of governments.
        openid_url: Where the issuer's keys are named.
        login_url: Where tokens for sending are given.
    """

    app_id: str
    app_password: SecretStr
    tenant_id: str = "botframework.com"
    groups: bool = False
    start: str = "/greet"
    issuer: str = "https://api.botframework.com"
    openid_url: str = "https://login.botframework.com/v1/.well-known/openidconfiguration"
    login_url: str = "https://login.microsoftonline.com"

    _addresses = validator("openid_url", "login_url", allow_reuse=True)(require_address)


class Teams(Provider):
    """Chats with a bot; in channels and groups only where the operator wants it."""

    name = "teams"
    title = "Microsoft Teams"
    Settings = TeamsSettings
    # "Optimize your bot with rate limiting": 7 messages a second to a conversation, 1,800 an hour.
    # "Limits and specifications": 28 kilobytes a message; a hero card shows six buttons.
    limits = Limits(
        text=20_000, measure=utf8, buttons=6, button_title=50, per_second=20.0,
        gap_seconds=2.0, burst=7,
    )  # fmt: skip
    fetches = FILES
    typing_seconds = 3.0

    def __init__(self, settings: Any, http: Http) -> None:
        super().__init__(settings, http)
        self._tokens = AccessTokens(self._fetch_token)
        self._keys = SigningKeys(http, settings.openid_url)

    async def prepare(self, request: Request) -> None:
        """Have Microsoft's keys at hand."""
        await self._keys.have(bearer(request))

    def verify(self, request: Request) -> None:
        """Check the token of the Bot Connector, and that it is about this activity."""
        claims, channels = self._keys.opened(
            bearer(request), self.settings.app_id, self.settings.issuer
        )
        activity = signatures.json_object(request.body)
        if claims.get("serviceurl") != activity["serviceUrl"]:
            raise Refused(401, "The token is for another service's address.")
        if activity["channelId"] not in channels:
            raise Refused(401, "The key is not good for that channel.")

    def read(self, request: Request) -> Reading:
        """Read an activity."""
        activity = signatures.json_object(request.body)
        reading = read_activity(activity, self.settings.groups, self.settings.start)
        return Reading(reading.turns, reading.receipts, reading.ignored, Answer({}))

    async def send(self, to: Recipient, part: Part) -> str:
        """Send an activity to the conversation."""
        return str((await self._post(to.route, _activity(part))).get("id") or "")

    async def fetch(self, source: Source) -> AsyncGenerator[bytes, None]:
        """Fetch a picture from the Bot Connector, or a file from where Teams keeps it.

        The token is shown to the Bot Connector alone: links to files open by themselves.
        """
        url, service = source.attachment.url, str(source.route[SERVICE])
        headers: dict[str, str] = {}
        if "/v3/attachments/" in url:
            headers = {"Authorization": f"Bearer {await self._tokens.get()}"}
            parts = self.http.files.read(url, service, headers=headers)
        else:
            parts = self.http.files.read(url, service, _FILE_HOSTS)
        async for chunk in parts:
            yield chunk

    async def noticed(self, turn: Turn) -> None:
        """Show typing."""
        await self.typing(Recipient(turn.customer, turn.route), turn.id)

    async def typing(self, to: Recipient, latest: str) -> None:
        """Show typing."""
        await self._post(to.route, {"type": "typing"}, _COURTESY_SECONDS)

    async def check(self) -> list[Finding]:
        """Fetch a token and the keys."""
        try:
            await self._tokens.get()
            await self._keys.fetch()
        except (NotSent, MaybeSent) as error:
            return [Finding(False, str(error))]
        return [
            Finding(True, "App ID and password are right."),
            Finding(None, "Whether Teams delivers here the bot's page in Azure tells."),
        ]

    async def _post(
        self, route: Mapping[str, Any], content: Mapping[str, Any], seconds: float = 30.0
    ) -> dict[str, Any]:
        """Send to a conversation, once more with another token where the first is refused."""
        name = str(route[CONVERSATION])
        service = str(route[SERVICE]).rstrip("/")
        url = f"{service}/v3/conversations/{quote(name, safe='')}/activities"
        whole = {**content, "from": route[BOT], "conversation": {"id": name}}
        for last in (False, True):
            token = await self._tokens.get()
            headers = {"Authorization": f"Bearer {token}"}
            reply = await self.http.request("POST", url, whole, headers=headers, seconds=seconds)
            if reply.status != 401 or last:
                break
            self._tokens.refuse(token)
        return _result(reply)

    async def _fetch_token(self, _refused: str) -> AccessToken:
        """Get a token by the app's own credentials."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self.settings.app_id,
            "client_secret": self.settings.app_password.get_secret_value(),
            "scope": f"{self.settings.issuer}/.default",
        }
        url = f"{self.settings.login_url}/{quote(self.settings.tenant_id)}/oauth2/v2.0/token"
        reply = await self.http.request("POST", url, form=form)
        found = reply.content if isinstance(reply.content, dict) else {}
        if reply.status == 200 and "access_token" in found:
            return AccessToken(str(found["access_token"]), float(found.get("expires_in") or 0))
        said = str(found.get("error_description") or found.get("error") or reply.text)
        words = f"Microsoft gives no token, {reply.status}: {said}"
        if reply.status >= 500:
            raise MaybeSent(words)
        raise NotSent(words, retry_after=PAUSE_SECONDS if reply.status == 429 else None)


class TeamsInput(MessagingInput):
    """`rasa_project.channels.messaging.providers.teams.TeamsInput` in `credentials.yml`."""

    Provider = Teams


def _activity(part: Part) -> dict[str, Any]:
    if part.kind == "custom":
        return {"type": "message", **part.custom}
    if part.kind == "image":
        kind = mimetypes.guess_type(urlsplit(part.url).path)[0] or "image/png"
        return {"type": "message", "attachments": [{"contentType": kind, "contentUrl": part.url}]}
    # Plain, so that what is written shows as it is.
    message = {"type": "message", "textFormat": "plain", "text": part.text or part.url}
    if not part.native_buttons:
        return message
    buttons = [
        {"type": "messageBack", "title": one.title, "displayText": one.title, "text": one.title,
         "value": {CHOICE: one.token}}
        for one in part.native_buttons
    ]  # fmt: skip
    card = {"contentType": _HERO_CARD, "content": {"buttons": buttons}}
    return {**message, "attachments": [card]}


def _result(reply: Reply) -> dict[str, Any]:
    """Return what a request gave.

    Raises:
        NotSent: Teams refused it.
        MaybeSent: It failed midway.
    """
    content = reply.content if isinstance(reply.content, dict) else {}
    if reply.status // 100 == 2:
        return content
    found = content.get("error")
    error = found if isinstance(found, dict) else {}
    code = error.get("code")
    words = f"Microsoft Teams answered {reply.status}: {error.get('message') or reply.text}"
    if code in _ENDED:
        raise NotSent(f"{words} ({code})", hopeless=True)
    if reply.status == 429 or reply.status in _AGAIN:
        named = any(name.lower() == "retry-after" for name in reply.headers)
        pause = retry_after(reply.headers, time.time()) if named else PAUSE_SECONDS
        raise NotSent(words, retry_after=pause)
    if reply.status >= 500 or reply.status == 408:
        raise MaybeSent(words)
    raise NotSent(words, hopeless=reply.status not in {401, 403, 404})
