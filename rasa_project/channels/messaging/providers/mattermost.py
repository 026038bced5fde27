"""Mattermost, by an outgoing webhook and a bot account: https://developers.mattermost.com."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote

from pydantic import SecretStr, validator

from rasa_project.channels.messaging.channel import MessagingInput
from rasa_project.channels.messaging.errors import MaybeSent, NotSent
from rasa_project.channels.messaging.http import Http, Reply
from rasa_project.channels.messaging.media.source import Source
from rasa_project.channels.messaging.part import Button, Part, Recipient
from rasa_project.channels.messaging.provider import FILES, Finding, Limits, Provider, Take
from rasa_project.channels.messaging.providers.chat_servers import (
    ChatServerSettings,
    Memory,
    quiet,
    require_token,
)
from rasa_project.channels.messaging.providers.mattermost_direct import DirectMessages
from rasa_project.channels.messaging.providers.mattermost_events import (
    CHANNEL,
    POST,
    attachments,
    content_of,
    is_press,
    read_post,
    read_press,
    why_unanswered,
)
from rasa_project.channels.messaging.request import Answer, Request
from rasa_project.channels.messaging.settings import require_address
from rasa_project.channels.messaging.turn import Reading, Turn
from rasa_project.webhooks import signatures
from rasa_project.webhooks.errors import Refused

_COURTESY_SECONDS: Final = 5.0


class MattermostSettings(ChatServerSettings):
    """Settings.

    Attributes:
        access_token: Of the bot account.
        public_url: Where the Mattermost server reaches this one; pressed buttons go there.
        direct: Whether the bot answers who writes to it directly.
    """

    access_token: SecretStr
    public_url: str
    direct: bool = True

    _public = validator("public_url", allow_reuse=True)(require_address)


class Mattermost(Provider):
    """People who write to a bot directly, or in public channels, where threads are answered."""

    name = "mattermost"
    title = "Mattermost"
    Settings = MattermostSettings
    # "Message length": 16,383 characters; "Rate limiting": ten requests a second unless set.
    limits = Limits(text=16_383, buttons=10, button_title=40, per_second=4.0)
    fetches = FILES
    typing_seconds = 4.0

    def __init__(self, settings: Any, http: Http) -> None:
        super().__init__(settings, http)
        self._roots = Memory()  # of threads, by post
        self._own_id = ""
        self._direct = DirectMessages(self._get, self._socket)

    def verify(self, request: Request) -> None:
        """Check the webhook's token, or what a button carries that only this server can make."""
        content = content_of(request)
        if not is_press(content):
            require_token(content, self.settings.webhook_token)
            return
        context = content["context"]
        try:
            signatures.require_same(str(context.get("proof") or ""), self._proof(context))
        except Refused as error:
            raise Refused(401, "This button is none of this server's.") from error

    def read(self, request: Request) -> Reading:
        """Read a message or a press."""
        content = content_of(request)
        if is_press(content):
            reading = read_press(content)
        elif content["user_id"] == self._own_id:
            reading = Reading(ignored=("our own message",))
        else:
            reading = read_post(content, self.settings.start)
        return Reading(reading.turns, reading.receipts, reading.ignored, Answer({}))

    async def completed(self, turn: Turn) -> Turn | None:
        """Look at the post itself: who wrote it, in which thread, with which files."""
        if turn.pressed:
            return turn
        post = await self._post(turn.id)
        why_not = why_unanswered(post) if post else "a message that is deleted"
        if post is None or why_not:
            return None
        return replace(turn, attachments=attachments(post) or turn.attachments)

    async def send(self, to: Recipient, part: Part) -> str:
        """Create a post in the customer's thread."""
        content = {
            **self._message(to, part),
            "channel_id": to.route[CHANNEL],
            "root_id": await self._root(str(to.route.get(POST) or "")),
            "pending_post_id": part.key,  # known for half a minute
        }
        reply = await self._ask("POST", "posts", content)
        self._own_id = str(_found(reply).get("user_id") or self._own_id)
        return str(_found(reply).get("id") or "")

    async def fetch(self, source: Source) -> AsyncGenerator[bytes, None]:
        """Fetch a file of a post that the bot can see."""
        base = self.settings.server_url
        url = f"{base}/api/v4/files/{quote(source.attachment.id, safe='')}"
        async for chunk in self.http.files.read(url, base, headers=self._headers()):
            yield chunk

    async def noticed(self, turn: Turn) -> None:
        """Show typing."""
        await self.typing(Recipient(turn.customer, turn.route), turn.id)

    async def typing(self, to: Recipient, latest: str) -> None:
        """Show typing in the customer's thread."""
        post = str(to.route.get(POST) or "")
        content = {"channel_id": to.route[CHANNEL], "parent_id": self._roots.get(post, "")}
        await self._ask("POST", "users/me/typing", content, _COURTESY_SECONDS)

    async def listen(self, take: Take) -> None:
        """Hear direct messages, for which there are no webhooks."""
        if not self.settings.direct:
            await asyncio.Event().wait()
        await self._direct.listen(take)

    async def check(self) -> list[Finding]:
        """Ask whose token it is."""
        try:
            me = _found(await self._ask("GET", "users/me"))
        except (NotSent, MaybeSent) as error:
            return [Finding(False, str(error))]
        name, is_bot = me.get("username"), bool(me.get("is_bot"))
        says = f"The token is that of @{name}" + ("." if is_bot else ", which is no bot account.")
        return [
            Finding(is_bot, says),
            Finding(
                None,
                "Whether Mattermost delivers here is seen under Integrations → Outgoing Webhooks.",
            ),
        ]

    async def _get(self, path: str) -> Any:
        return (await self._ask("GET", path)).content

    def _socket(self) -> Any:
        url = f"{self.settings.server_url}/api/v4/websocket"
        return self.http.socket(url, self._headers())

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.settings.access_token.get_secret_value()}"}

    async def _root(self, post_id: str) -> str:
        """Return the post that a thread hangs from; empty where it is gone."""
        if not post_id:
            return ""
        if post_id not in self._roots and await self._post(post_id) is None:
            return ""
        return str(self._roots[post_id])

    async def _post(self, post_id: str) -> dict[str, Any] | None:
        try:
            post = _found(await self._ask("GET", f"posts/{quote(post_id, safe='')}"))
        except Gone:
            return None
        if post.get("delete_at"):
            return None
        self._roots[post_id] = str(post.get("root_id") or post_id)
        return post

    def _message(self, to: Recipient, part: Part) -> dict[str, Any]:
        if part.kind == "custom":
            return dict(part.custom)
        if part.kind == "image":
            return {"message": f"![]({quote(part.url, safe=':/?&=%#+,;@~')})"}
        message = {"message": quiet(part.text or part.url)}
        if not part.native_buttons:
            return message
        actions = [self._action(to, number, one) for number, one in enumerate(part.native_buttons)]
        return {**message, "props": {"attachments": [{"actions": actions}]}}

    def _action(self, to: Recipient, number: int, button: Button) -> dict[str, Any]:
        """Return a button; Mattermost shows its context to nobody."""
        context = {"choice": button.token, "title": button.title, "customer": to.customer}
        hook = f"{self.settings.public_url}/webhooks/{self.name}/webhook"
        return {
            "id": f"choice{number}",
            "type": "button",
            "name": button.title,
            "integration": {"url": hook, "context": {**context, "proof": self._proof(context)}},
        }

    def _proof(self, context: Mapping[str, Any]) -> str:
        parts = (str(context.get(key) or "") for key in ("choice", "customer", "title"))
        secret = self.settings.webhook_token.get_secret_value()
        return signatures.sha256(secret, "\n".join(parts).encode("utf-8", "replace")).hex()

    async def _ask(
        self, method: str, path: str, content: Mapping[str, Any] | None = None, seconds: float = 30
    ) -> Reply:
        """Call the API.

        Raises:
            Gone: There is no such thing.
            NotSent: Mattermost refused.
            MaybeSent: It failed midway.
        """
        reply = await self.http.request(
            method,
            f"{self.settings.server_url}/api/v4/{path}",
            content,
            headers=self._headers(),
            seconds=seconds,
        )
        if reply.status == 404:
            raise Gone(f"{self.title} answered 404: {reply.text}")
        reply.require_success(self.title)
        return reply


class Gone(NotSent):
    """There is no such post, or the bot may not see it."""


class MattermostInput(MessagingInput):
    """`rasa_project.channels.messaging.providers.mattermost.MattermostInput`."""

    Provider = Mattermost


def _found(reply: Reply) -> dict[str, Any]:
    return reply.content if isinstance(reply.content, dict) else {}
