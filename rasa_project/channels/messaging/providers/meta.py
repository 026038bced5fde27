"""What WhatsApp, Messenger and Instagram share: Meta's webhooks and its Graph API.

https://developers.facebook.com/docs/graph-api/webhooks/getting-started and
https://developers.facebook.com/docs/graph-api/guides/error-handling.
"""

from __future__ import annotations

import hmac
from collections.abc import AsyncGenerator, Mapping
from typing import Any, ClassVar, Final

from pydantic import SecretStr, validator

from rasa_project.channels.messaging.errors import MaybeSent, NotSent
from rasa_project.channels.messaging.http import Reply
from rasa_project.channels.messaging.provider import Provider
from rasa_project.channels.messaging.request import Answer, Request
from rasa_project.channels.messaging.settings import (
    ChannelSettings,
    MadeUp,
    of_length,
    random_text,
    require_address,
)
from rasa_project.webhooks import signatures
from rasa_project.webhooks.errors import Refused

# "Build your error-handling logic around code values rather than HTTP statuses."
_THROTTLED: Final = frozenset({4, 17, 32, 613, 80006, 80007, 130429})
_THROTTLED_PAIR: Final = 131056  # too many messages to this one customer
_TRANSIENT: Final = frozenset({1, 2, 131000, 131016, 133004})
_CREDENTIALS: Final = frozenset({0, 3, 10, 190, *range(200, 300)})
# Where media are: "Media" of WhatsApp's reference names the first, attachments have all of them.
_MEDIA_HOSTS: Final = ("lookaside.fbsbx.com", ".fbsbx.com", ".fbcdn.net", ".cdninstagram.com")
_OUTSIDE_WINDOW: Final = 2018278  # a subcode of 10 at Messenger
PAUSE_SECONDS: Final = 10.0


class MetaSettings(ChannelSettings):
    """Settings of every Meta channel.

    Attributes:
        access_token: Of a system user or page; a temporary one ends within hours.
        app_secret: Of the app, which signs the webhooks.
        verify_token: Any text; the same is entered with the webhook's address at Meta.
        graph_url: With the version of the API.
    """

    made_up: ClassVar[MadeUp] = {"verify_token": random_text}

    access_token: SecretStr
    app_secret: SecretStr
    verify_token: SecretStr
    graph_url: str = "https://graph.facebook.com/v22.0"

    _address = validator("graph_url", allow_reuse=True)(require_address)
    _present = validator("access_token", "app_secret", "verify_token", allow_reuse=True)(
        of_length(8)
    )


class MetaProvider(Provider):
    """Verifies Meta's webhooks and calls its Graph API."""

    def verify(self, request: Request) -> None:
        """Check `X-Hub-Signature-256`, made from the raw body and the app's secret."""
        digest = signatures.sha256(self.settings.app_secret.get_secret_value(), request.body)
        signatures.require_same(request.header("x-hub-signature-256"), f"sha256={digest.hex()}")

    def greet(self, request: Request) -> Answer:
        """Answer the handshake with which Meta verifies the address."""
        token = self.settings.verify_token.get_secret_value().encode()
        given = request.query.get("hub.verify_token", "").encode("utf-8", "replace")
        if request.query.get("hub.mode") != "subscribe" or not hmac.compare_digest(given, token):
            raise Refused(403, "The verify token is not the one in credentials.yml.")
        return Answer(request.query.get("hub.challenge", "")[:256])

    async def download(self, url: str, shown: bool = True) -> AsyncGenerator[bytes, None]:
        """Yield a file's bytes, from Meta's own hosts.

        Args:
            url: Of the file.
            shown: Whether they want to see the token.
        """
        token = self.settings.access_token.get_secret_value()
        headers = {"Authorization": f"Bearer {token}"} if shown else {}
        base = self.settings.graph_url
        async for chunk in self.http.files.read(url, base, _MEDIA_HOSTS, headers=headers):
            yield chunk

    async def call(
        self, path: str, content: Mapping[str, Any] | None = None, seconds: float = 30.0
    ) -> dict[str, Any]:
        """Call the Graph API: POST with a content, GET without.

        Raises:
            NotSent: Meta refused.
            MaybeSent: It failed midway.
        """
        token = self.settings.access_token.get_secret_value()
        reply = await self.http.request(
            "GET" if content is None else "POST",
            f"{self.settings.graph_url}/{path}",
            content,
            headers={"Authorization": f"Bearer {token}"},
            seconds=seconds,
        )
        if reply.status == 200 and isinstance(reply.content, dict):
            return reply.content
        raise _failure(reply, self.title)


def described(error: Mapping[str, Any]) -> str:
    """Word one of Meta's error objects, of an answer or of a webhook."""
    data = error.get("error_data")
    details = data.get("details") if isinstance(data, Mapping) else None
    words = str(error.get("message") or error.get("title") or "an error")
    return f"{words} ({error.get('code')})" + (f": {details}" if details else "")


def _failure(reply: Reply, title: str) -> NotSent | MaybeSent:
    found = reply.content.get("error") if isinstance(reply.content, dict) else None
    error = found if isinstance(found, Mapping) else {}
    code = error.get("code")
    words = f"{title} answered {reply.status}: {described(error) if error else reply.text}"
    if code == _THROTTLED_PAIR:
        return NotSent(words, retry_after=PAUSE_SECONDS)
    if code in _THROTTLED or reply.status == 429:
        return NotSent(words, retry_after=PAUSE_SECONDS, everyone=True)
    if code in _TRANSIENT:
        return NotSent(words)
    if error.get("error_subcode") == _OUTSIDE_WINDOW:
        return NotSent(words, hopeless=True)
    if code in _CREDENTIALS or reply.status in {401, 403}:
        return NotSent(words)  # an operator can mend it
    if reply.status >= 500 or reply.status == 200:
        return MaybeSent(words)
    return NotSent(words, hopeless=True)
