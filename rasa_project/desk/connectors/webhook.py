"""A signed webhook in both directions, for desks that have no connector of their own.

Signed as Standard Webhooks say (https://www.standardwebhooks.com, specification version 1.0.0), so
that receivers can use its libraries: `webhook-id`, `webhook-timestamp` (seconds since 1970) and
`webhook-signature`, which is `v1,` and the base64 of HMAC-SHA256 over `{id}.{timestamp}.{body}`.
`webhook-id` stays the same when a request is sent again: take each id once.
"""

from __future__ import annotations

import base64
import binascii
import json
import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from rasa_project.desk.connectors.connector import (
    Action,
    ActionKind,
    Connector,
    Delivery,
    Facts,
    Finding,
    Handover,
    Remember,
    Remote,
    Said,
)
from rasa_project.desk.connectors.errors import MaybeTaken, NotTaken
from rasa_project.desk.connectors.settings import ConnectorSettings, Secret
from rasa_project.webhooks import signatures
from rasa_project.webhooks.errors import Refused

_KINDS: Final[dict[str, ActionKind]] = {
    "answer.created": "answer",
    "note.created": "note",
    "conversation.taken": "take",
    "conversation.resolved": "resolve",
    "conversation.handed_back": "hand_back",
}
_PREFIX: Final = "whsec_"


class WebhookSettings(ConnectorSettings):
    """Settings.

    Attributes:
        secret: Signs what goes out and what comes in: `whsec_` and base64, or any text.
    """

    secret: Secret


class WebhookConnector(Connector):
    """Posts events to `url` and takes events in the same form."""

    title = "Webhook"
    Settings = WebhookSettings

    async def open(self, handover: Handover, remote: Remote, remember: Remember) -> None:
        """Post `conversation.opened`; an answer `{"id": ..., "url": ...}` names their ticket."""
        content = {
            "title": handover.title,
            "summary": handover.summary,
            "facts": _facts(handover.facts),
        }
        answer = await self._post(handover.key, "conversation.opened", content)
        named = answer.get("id") if isinstance(answer, dict) else None
        remote.id = str(named)[:255] if named else handover.key
        url = answer.get("url") if isinstance(answer, dict) else None
        remote.url = url if isinstance(url, str) and url.startswith("https://") else None
        await remember(remote)

    async def say(self, remote: Remote, said: Said, again: bool) -> None:
        """Post `message.created`."""
        await self._post(said.key, "message.created", {"id": remote.number, **asdict(said)})

    async def update(self, remote: Remote, facts: Facts) -> None:
        """Post `conversation.updated`."""
        key = f"{remote.number}-{time.time_ns()}"
        await self._post(key, "conversation.updated", {"id": remote.number, "facts": _facts(facts)})

    async def close(self, remote: Remote, said: Said, again: bool) -> None:
        """Post `conversation.closed`."""
        await self._post(said.key, "conversation.closed", {"id": remote.number, "text": said.text})

    def receive(self, headers: Mapping[str, str], body: bytes, now: float) -> Delivery:
        """Check and read an event."""
        event_id, sent_at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        expected = self._signature(event_id, sent_at, body)
        given = headers.get("webhook-signature", "").split()
        # Several may stand there while a secret is being changed; all are looked at.
        right = [_is_right(entry, expected) for entry in given]
        if not event_id or not any(right):
            raise Refused(401, "The signature is missing or wrong.")
        signatures.require_fresh(signatures.seconds(sent_at), now)
        content = signatures.json_object(body)
        kind, data = str(content.get("type")), content.get("data")
        if kind not in _KINDS or not isinstance(data, dict):
            return Delivery(event_id, ignored=f"an event {kind[:80]!r}")
        text = data.get("text")
        action = Action(
            _KINDS[kind], ticket=str(data.get("id")), person=str(data.get("agent") or ""),
            text=text if isinstance(text, str) else "",
            id=str(data.get("message_id") or event_id),
        )  # fmt: skip
        return Delivery(event_id, (action,))

    async def check(self) -> list[Finding]:
        """Post a `ping`, which any receiver may answer with a 2xx."""
        try:
            await self._post(f"ping-{time.time_ns()}", "ping", {})
        except (NotTaken, MaybeTaken) as error:
            return [Finding(False, str(error))]
        secret = (
            "The secret cannot be checked from here: the ping was taken; see that yours checks it."
        )
        return [Finding(True, f"{self.settings.url} takes events."), Finding(None, secret)]

    async def _post(self, key: str, kind: str, content: Mapping[str, Any]) -> Any:
        body = json.dumps({"type": kind, "data": content}, ensure_ascii=False).encode(
            "utf-8", "replace"
        )
        sent_at = str(int(time.time()))
        headers = {
            "webhook-id": key,
            "webhook-timestamp": sent_at,
            "webhook-signature": self._signature(key, sent_at, body),
        }
        _, answer = await self.http.request("POST", "", body, headers=headers)
        return answer

    def _signature(self, event_id: str, sent_at: str, body: bytes) -> str:
        content = f"{event_id}.{sent_at}.".encode("utf-8", "replace") + body
        digest = signatures.sha256(_key(self.settings.secret), content)
        return f"v1,{signatures.base64_of(digest)}"


def _key(secret: str) -> bytes:
    if secret.startswith(_PREFIX):
        try:
            return base64.b64decode(secret[len(_PREFIX) :], validate=True)
        except binascii.Error:
            pass
    return secret.encode()


def _is_right(given: str, expected: str) -> bool:
    try:
        signatures.require_same(given, expected)
    except Refused:
        return False
    return True


def _facts(facts: Facts) -> dict[str, Any]:
    return {**facts.attributes(), "conversation": facts.conversation,
            "reasons": list(facts.reasons), "known": dict(facts.known)}  # fmt: skip
