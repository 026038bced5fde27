"""Rocket.Chat, by an outgoing webhook and a bot user: https://developer.rocket.chat."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncGenerator, Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote

from pydantic import SecretStr

from rasa_project.channels.messaging.channel import MessagingInput
from rasa_project.channels.messaging.errors import MaybeSent, NotSent
from rasa_project.channels.messaging.http import Http, Reply
from rasa_project.channels.messaging.media.source import Source
from rasa_project.channels.messaging.part import Part, Recipient
from rasa_project.channels.messaging.provider import FILES, Finding, Limits, Provider
from rasa_project.channels.messaging.providers import rocketchat_typing
from rasa_project.channels.messaging.providers.chat_servers import (
    ChatServerSettings,
    Memory,
    quiet,
    require_token,
)
from rasa_project.channels.messaging.providers.rocketchat_events import (
    ROOM,
    THREAD,
    USER,
    read_event,
)
from rasa_project.channels.messaging.request import Answer, Request
from rasa_project.channels.messaging.turn import Reading, Turn
from rasa_project.webhooks import signatures

PAUSE_SECONDS: Final = 10.0
_COURTESY_SECONDS: Final = 5.0
_LONGEST_PAUSE_SECONDS: Final = 120.0
_CODE: Final = re.compile(r"\[([a-z][a-z-]+)\]")
# An operator can mend these.
_MENDABLE: Final = frozenset(
    {"error-not-allowed", "error-action-not-allowed", "not-authorized", "error-not-authorized",
     "error-unauthorized"}
)  # fmt: skip


class RocketChatSettings(ChatServerSettings):
    """Settings.

    Attributes:
        user_id: Of the bot's user, beside the token on the page that makes one.
        access_token: A personal access token of the bot's user.
    """

    user_id: str
    access_token: SecretStr


class RocketChat(Provider):
    """People who write to a bot directly, or in rooms, where they are answered in a thread."""

    name = "rocketchat"
    title = "Rocket.Chat"
    Settings = RocketChatSettings
    # "Maximum allowed characters per message" 5,000 and "Rate limiter" 100 calls a minute, unless
    # set otherwise; a role that may pass the limiter is not needed.
    limits = Limits(text=5000, buttons=10, button_title=40, per_second=1.5)
    fetches = FILES
    typing_seconds = 10.0  # its own pages show the sign for 15

    def __init__(self, settings: Any, http: Http) -> None:
        super().__init__(settings, http)
        self._people = Memory()
        self._username = ""

    def verify(self, request: Request) -> None:
        """Check the webhook's token."""
        require_token(signatures.json_object(request.body), self.settings.webhook_token)

    def read(self, request: Request) -> Reading:
        """Read a message, its new wording or a file."""
        content = signatures.json_object(request.body)
        reading = read_event(content, self.settings.user_id, self.settings.start)
        return Reading(reading.turns, reading.receipts, reading.ignored, Answer({}))

    async def completed(self, turn: Turn) -> Turn | None:
        """Look who writes: other bots are not answered."""
        user_id = str(turn.route[USER])
        if user_id not in self._people:
            reply = await self._ask("GET", "users.info", query={"userId": user_id})
            self._people[user_id] = _found(_require_success(reply), "user")
        person = self._people[user_id]
        if person.get("type") in {"bot", "app"}:
            return None
        offset = person.get("utcOffset")
        zone = f"UTC{offset:+g}" if isinstance(offset, (int, float)) else ""
        name = str(person.get("name") or turn.name)
        return replace(turn, name=name, language=str(person.get("language") or ""), time_zone=zone)

    async def send(self, to: Recipient, part: Part) -> str:
        """Send a message; one that comes again under its id shows once."""
        message = {**_message(part), "_id": part.key, "rid": to.route[ROOM]}
        if to.route.get(THREAD):
            message["tmid"] = to.route[THREAD]
        reply = await self._ask("POST", "chat.sendMessage", {"message": message})
        # A message that it has already makes Rocket.Chat stumble instead of saying so.
        if reply.status == 400 and await self._has(part.key):
            return part.key
        sent = _found(_require_success(reply), "message")
        return str(sent.get("_id") or part.key)

    async def fetch(self, source: Source) -> AsyncGenerator[bytes, None]:
        """Fetch an upload, which the server shows to who is in its room."""
        file, base = source.attachment, self.settings.server_url
        url = f"{base}/file-upload/{quote(file.id, safe='')}/{quote(file.name or 'file', safe='')}"
        async for chunk in self.http.files.read(url, base, headers=self._headers()):
            yield chunk

    async def noticed(self, turn: Turn) -> None:
        """Show typing."""
        await self.typing(Recipient(turn.customer, turn.route), turn.id)

    async def typing(self, to: Recipient, latest: str) -> None:
        """Show typing, by a connection of its own."""
        if not self._username:
            me = _require_success(await self._ask("GET", "me"))
            self._username = str(me.get("username") or "")
        token = self.settings.access_token.get_secret_value()
        place = (str(to.route[ROOM]), str(to.route.get(THREAD) or ""))
        async with self.http.socket(f"{self.settings.server_url}/websocket", {}) as socket:
            shown = rocketchat_typing.show(socket, token, self._username, *place)
            await asyncio.wait_for(shown, _COURTESY_SECONDS)

    async def check(self) -> list[Finding]:
        """Ask whose token it is."""
        try:
            me = _require_success(await self._ask("GET", "me"))
        except (NotSent, MaybeSent) as error:
            return [Finding(False, str(error))]
        return [
            Finding(True, f"The token is that of @{me.get('username')}."),
            Finding(
                None,
                "Whether Rocket.Chat delivers here is seen under Workspace → Integrations, in the "
                "webhook's history.",
            ),
        ]

    async def _has(self, message_id: str) -> bool:
        reply = await self._ask("GET", "chat.getMessage", query={"msgId": message_id})
        return reply.status == 200

    async def _ask(
        self,
        method: str,
        name: str,
        content: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Reply:
        url = f"{self.settings.server_url}/api/v1/{name}"
        return await self.http.request(method, url, content, headers=self._headers(), query=query)

    def _headers(self) -> dict[str, str]:
        token = self.settings.access_token.get_secret_value()
        return {"X-Auth-Token": token, "X-User-Id": self.settings.user_id}


class RocketChatInput(MessagingInput):
    """`rasa_project.channels.messaging.providers.rocketchat.RocketChatInput`."""

    Provider = RocketChat


def _message(part: Part) -> dict[str, Any]:
    if part.kind == "custom":
        return dict(part.custom)
    if part.kind == "image":
        return {"msg": "", "attachments": [{"image_url": part.url}]}
    message: dict[str, Any] = {"msg": quiet(part.text or part.url)}
    if part.native_buttons:
        # Pressed, it has the customer say its title.
        actions = [
            {"type": "button", "text": one.title, "msg": one.title, "msg_in_chat_window": True,
             "msg_processing_type": "sendMessage"}
            for one in part.native_buttons
        ]  # fmt: skip
        message["attachments"] = [{"actions": actions}]
    return message


def _found(content: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = content.get(key)
    return value if isinstance(value, dict) else {}


def _require_success(reply: Reply) -> dict[str, Any]:
    """Return what a call gave.

    Raises:
        NotSent: Rocket.Chat refused it.
        MaybeSent: It failed midway.
    """
    content = reply.content if isinstance(reply.content, dict) else {}
    if reply.status == 200 and content.get("success"):
        return content
    said = str(content.get("error") or content.get("message") or reply.text)
    words = f"Rocket.Chat answered {reply.status}: {said}"
    if reply.status == 429:
        raise NotSent(words, retry_after=_pause(reply), everyone=True)
    if reply.status >= 500 or reply.status == 200:
        raise MaybeSent(words)
    code = str(content.get("errorType") or next(iter(_CODE.findall(said)), ""))
    mendable = code in _MENDABLE or reply.status in {401, 403, 404}
    raise NotSent(words, hopeless=not mendable)


def _pause(reply: Reply) -> float:
    """Return for how long Rocket.Chat wants no requests; it names the moment when that ends."""
    moment = signatures.seconds(str(reply.headers.get("X-RateLimit-Reset") or ""))
    if moment is None:
        return PAUSE_SECONDS
    return min(max(moment / 1000 - time.time(), 0.1), _LONGEST_PAUSE_SECONDS)
