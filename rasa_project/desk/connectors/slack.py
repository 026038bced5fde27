"""Slack: a thread in a channel for each ticket.

Contracts, below https://docs.slack.dev:
- `/reference/methods/chat.postmessage`: `thread_ts`, and `metadata`, which `conversations.history`
  and `conversations.replies` give back with `include_all_metadata`: our key;
- `/apis/web-api/rate-limits`: 429 with `Retry-After`;
- `/authentication/verifying-requests-from-slack`: `X-Slack-Signature: v0=` and the hex HMAC-SHA256
  over `v0:{X-Slack-Request-Timestamp}:{body}`, not older than five minutes;
- `/apis/events-api`: `url_verification`, an answer within 3 s, three more attempts with the same
  `event_id`; `/reference/interaction-payloads/block_actions-payload` for the buttons.

What somebody writes in the thread goes to the customer, unless it begins with `note:`.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qs

from rasa_project.desk.connectors import wording
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
from rasa_project.desk.connectors.http_client import HttpClient
from rasa_project.desk.connectors.settings import ConnectorSettings, Secret
from rasa_project.webhooks import signatures
from rasa_project.webhooks.errors import Refused

_EVENT: Final = "attune_message"
_CHUNK: Final = 3_500  # of 4,000 characters that Slack recommends at most
_PAGES: Final = 20
_UNCLEAR: Final = frozenset(
    {"internal_error", "fatal_error", "request_timeout", "service_unavailable", "team_added_to_org"}
)
_HOPELESS: Final = frozenset({"msg_too_long", "invalid_blocks", "no_text", "thread_not_found"})
_COMMANDS: Final[tuple[tuple[str, ActionKind], ...]] = (
    ("note:", "note"),
    ("!bot", "hand_back"),
    ("!resolve", "resolve"),
)
_BUTTONS: Final[dict[str, ActionKind]] = {
    "attune_take": "take",
    "attune_hand_back": "hand_back",
    "attune_resolve": "resolve",
}
_LABELS: Final = {
    "en": ("Take", "Hand back to the assistant", "Resolve"),
    "zh": ("接手", "交还给助手", "结束"),
}
_LINK: Final = re.compile(r"<((?:https?|mailto):[^|>]+)(?:\|[^>]*)?>")
_SUBTYPES: Final = frozenset({None, "file_share", "thread_broadcast"})


class SlackSettings(ConnectorSettings):
    """Settings.

    Attributes:
        channel: Id of the channel, such as C0123456789.
        token: Bot token with `chat:write`, `channels:history` and `users:read`.
        signing_secret: From the app's basic information.
    """

    url: str = "https://slack.com"
    channel: str
    token: Secret
    signing_secret: Secret


class SlackConnector(Connector):
    """A message with buttons in the channel, everything else in its thread."""

    title = "Slack"
    Settings = SlackSettings
    summary_characters = 3 * _CHUNK

    @classmethod
    def client(cls, settings: SlackSettings) -> HttpClient:
        """Send the bot token."""
        headers = {"Authorization": f"Bearer {settings.token}"}
        return HttpClient(cls.title, f"{settings.url}/api", headers)

    async def open(self, handover: Handover, remote: Remote, remember: Remember) -> None:
        """Post the title with buttons, and the summary in its thread."""
        if remote.id is None:
            found = await self._find(handover.key, None) if handover.again else None
            content = {**self._head(handover.facts), **_metadata(handover.key)}
            remote.id = found or str((await self._call("chat.postMessage", content))["ts"])
            remote.details["title"] = handover.title
            await remember(remote)
        parts = range(0, len(handover.summary), _CHUNK)
        for number, start in enumerate(parts):
            text = handover.summary[start : start + _CHUNK]
            await self._post(remote, f"{handover.key}-{number}", _escaped(text), handover.again)
        if remote.url is None:
            query = {"channel": self.settings.channel, "message_ts": remote.number}
            remote.url = (await self._ask("chat.getPermalink", query)).get("permalink")

    async def say(self, remote: Remote, said: Said, again: bool) -> None:
        """Add to the thread."""
        text = f"*{_escaped(said.name)}:* {_escaped(said.text)}"
        await self._post(remote, said.key, text, again)

    async def update(self, remote: Remote, facts: Facts) -> None:
        """Write the first message anew."""
        content = {**self._head(facts), "ts": remote.number}
        await self._call("chat.update", content)

    async def close(self, remote: Remote, said: Said, again: bool) -> None:
        """Say why, and take the buttons away."""
        await self._post(remote, said.key, _escaped(said.text), again)
        title = f"✓ {_escaped(str(remote.details.get('title', '')))}"
        content = {"channel": self.settings.channel, "ts": remote.number, "text": title,
                   "blocks": [_section(title)]}  # fmt: skip
        await self._call("chat.update", content)

    def receive(self, headers: Mapping[str, str], body: bytes, now: float) -> Delivery:
        """Check and read an event or a press of a button."""
        sent_at = headers.get("x-slack-request-timestamp", "")
        content = b"v0:" + sent_at.encode("utf-8", "replace") + b":" + body
        expected = f"v0={signatures.sha256(self.settings.signing_secret, content).hex()}"
        signatures.require_same(headers.get("x-slack-signature", ""), expected)
        signatures.require_fresh(signatures.seconds(sent_at), now)
        if headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            return _pressed(body)
        event = signatures.json_object(body)
        if event.get("type") == "url_verification":
            return Delivery("", answer={"challenge": str(event.get("challenge"))})
        delivery = str(event.get("event_id") or signatures.name_of(body))
        action = self._action(event.get("event") or {})
        if action is None:
            return Delivery(delivery, ignored=f"an event {str(event.get('type'))[:80]!r}")
        return Delivery(delivery, (action,))

    async def check(self) -> list[Finding]:
        """Ask who the token is, and whether it is in the channel."""
        try:
            me = await self._ask("auth.test", {})
            info = await self._ask("conversations.info", {"channel": self.settings.channel})
        except (NotTaken, MaybeTaken) as error:
            return [Finding(False, str(error))]
        channel = info.get("channel") or {}
        inside = bool(channel.get("is_member"))
        name = f"#{channel.get('name')}"
        says = f"It is a member of {name}." if inside else f"Invite it to {name}."
        return [
            Finding(True, f"The token is that of {me.get('user')} in {me.get('team')}."),
            Finding(inside, says),
            Finding(None, "Slack checks the signing secret when you enter the request URL."),
        ]

    async def name_of(self, person: str) -> str:
        """Look up a member's name."""
        user = (await self._ask("users.info", {"user": person})).get("user") or {}
        profile = user.get("profile") or {}
        return str(profile.get("display_name") or profile.get("real_name") or user.get("name"))

    def _head(self, facts: Facts) -> dict[str, Any]:
        level = wording.text(self.settings.language, facts.level)
        urgency = wording.text(self.settings.language, "urgency")
        title = _escaped(wording.title(self.settings.language, facts))
        text = f"*{title}*\n{urgency}: {level} · <{facts.url}|Attune>"
        labels = _LABELS[self.settings.language]
        buttons = [
            {
                "type": "button",
                "action_id": name,
                "text": {"type": "plain_text", "text": label},
            }
            for name, label in zip(_BUTTONS, labels, strict=True)
        ]
        blocks = [_section(text), {"type": "actions", "elements": buttons}]
        return {"channel": self.settings.channel, "text": title, "blocks": blocks}

    def _action(self, event: Mapping[str, Any]) -> Action | None:
        """Read a message in a thread; what bots write, we among them, is nobody's answer."""
        ticket, user = event.get("thread_ts"), event.get("user")
        foreign = event.get("channel") != self.settings.channel or event.get("bot_id")
        if (
            event.get("type") != "message"
            or event.get("subtype") not in _SUBTYPES
            or not (ticket and user)
            or foreign
        ):
            return None
        links = [str(file.get("permalink")) for file in event.get("files") or []]
        text = "\n".join(filter(None, [_plain(str(event.get("text") or "")), *links]))
        name, when = str(user), f"{event.get('channel')}-{event.get('ts')}"
        for word, kind in _COMMANDS:
            if text.lower().startswith(word):
                return Action(kind, str(ticket), name, text[len(word) :].strip(), when)
        return Action("answer", str(ticket), name, text, when)

    async def _post(self, remote: Remote, key: str, text: str, again: bool) -> None:
        if again and await self._find(key, remote.number):
            return
        content = {"channel": self.settings.channel, "thread_ts": remote.number, "text": text,
                   "unfurl_links": False, **_metadata(key)}  # fmt: skip
        await self._call("chat.postMessage", content)

    async def _find(self, key: str, thread: str | None) -> str | None:
        """Return the time stamp of our message with this key, in a thread or the channel."""
        method = "conversations.replies" if thread else "conversations.history"
        query = {"channel": self.settings.channel, "limit": "200", "include_all_metadata": "true"}
        if thread:
            query["ts"] = thread
        for _ in range(_PAGES):
            page = await self._ask(method, query)
            for message in page.get("messages", []):
                payload = (message.get("metadata") or {}).get("event_payload") or {}
                if payload.get("key") == key:
                    return str(message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return None
            query["cursor"] = cursor
        return None

    async def _call(self, method: str, content: Mapping[str, Any]) -> Any:
        _, answer = await self.http.request("POST", f"/{method}", content)
        return _ok(answer)

    async def _ask(self, method: str, query: Mapping[str, str]) -> Any:
        _, answer = await self.http.request("GET", f"/{method}", query=query)
        return _ok(answer)


def _ok(answer: Any) -> Any:
    """Slack answers 200 to almost everything; `ok` says how it went."""
    if answer.get("ok"):
        return answer
    error = str(answer.get("error"))
    if error in _UNCLEAR:
        raise MaybeTaken(f"Slack answered {error}.")
    pause = 30.0 if error in {"ratelimited", "rate_limited"} else None
    raise NotTaken(f"Slack answered {error}.", hopeless=error in _HOPELESS, retry_after=pause)


def _pressed(body: bytes) -> Delivery:
    fields = parse_qs(body.decode("utf-8", "replace"))
    try:
        payload = json.loads(fields["payload"][0])
    except (KeyError, ValueError) as error:
        raise Refused(400, "The content is no interaction payload.") from error
    pressed = (payload.get("actions") or [{}])[0]
    kind = _BUTTONS.get(str(pressed.get("action_id")))
    delivery = f"{pressed.get('action_ts')}-{(payload.get('user') or {}).get('id')}"
    if kind is None:
        return Delivery(delivery, ignored="a button that is not ours")
    ticket = str((payload.get("container") or {}).get("message_ts"))
    return Delivery(delivery, (Action(kind, ticket, str(payload["user"]["id"])),))


def _metadata(key: str) -> dict[str, Any]:
    return {"metadata": {"event_type": _EVENT, "event_payload": {"key": key}}}


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:2_900]}}


def _escaped(text: str) -> str:
    """Let nothing in a text act in Slack: a customer's `<!channel>` alerts nobody."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _plain(text: str) -> str:
    """Return what a member wrote as a customer reads it."""
    return html.unescape(_LINK.sub(r"\1", text))
