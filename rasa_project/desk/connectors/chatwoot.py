"""Chatwoot: a conversation in an inbox of its kind "API" for each ticket.

Contracts: https://developers.chatwoot.com/api-reference (application API), message builder and
webhook payloads in `chatwoot/chatwoot` (`app/builders/messages/message_builder.rb`,
`lib/webhooks/trigger.rb`), and https://www.chatwoot.com/hc/user-guide/articles/1677693021.

- Requests carry `api_access_token`. An agent bot's token may change a status but touch no contact
  (`access_token_auth_helper.rb`), and only its `pending → open` counts as a handoff in reports; so
  there are two tokens.
- `source_id` of a message is stored and comes back in lists and webhooks: our key.
- A webhook is signed from 4.13 on: `X-Chatwoot-Signature: sha256=` and the hex HMAC-SHA256 over
  `{X-Chatwoot-Timestamp}.{body}`; `X-Chatwoot-Delivery` names it. After 5 s it counts as failed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import PositiveInt

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

_OURS: Final = "attune-"
_PRIORITIES: Final = {"high": "urgent", "medium": "high", "low": "medium"}
_PAGES_BACK: Final = 5  # of 20 messages, where a lost answer is looked for
_TAKEN: Final = frozenset({422})


class ChatwootSettings(ConnectorSettings):
    """Settings.

    Attributes:
        account: Number of the account, from the address of its pages.
        inbox: Number of an inbox of the kind API.
        token: Access token of a user who may see that inbox.
        bot_token: Access token of an agent bot; then the handoff counts in reports.
        webhook_secret: Secret of the webhook.
        team: Number of the team that gets the conversations.
        labels: Labels to add.
    """

    account: PositiveInt
    inbox: PositiveInt
    token: Secret
    bot_token: Secret | None = None
    webhook_secret: Secret
    team: PositiveInt | None = None
    labels: tuple[str, ...] = ("attune",)


class ChatwootConnector(Connector):
    """Customers' words go in as incoming messages, everything else of ours as private notes."""

    title = "Chatwoot"
    Settings = ChatwootSettings
    summary_characters = 100_000  # of 150,000 that a message may have

    @classmethod
    def client(cls, settings: ChatwootSettings) -> HttpClient:
        """Send the user's token."""
        url = f"{settings.url}/api/v1/accounts/{settings.account}"
        return HttpClient(cls.title, url, {"api_access_token": settings.token})

    async def open(self, handover: Handover, remote: Remote, remember: Remember) -> None:
        """Note, attributes, labels, priority, team, then open: agents see it when all is there."""
        if "contact" not in remote.details:
            remote.details["contact"] = await self._contact(handover.facts.conversation)
            await remember(remote)
        if remote.id is None:
            remote.id = str(await self._conversation(handover, remote.details["contact"]))
            page = f"accounts/{self.settings.account}/conversations/{remote.id}"
            remote.url = f"{self.settings.url}/app/{page}"
            await remember(remote)
        await self._note(remote, f"{handover.key}-note", handover.summary, handover.again)
        await self._attributes(remote, handover.facts)
        await self._labels(remote)
        await self._priority(remote, handover.facts)
        if self.settings.team:
            await self._post(remote, "assignments", {"team_id": self.settings.team})
        bot = {"api_access_token": self.settings.bot_token} if self.settings.bot_token else None
        await self._post(remote, "toggle_status", {"status": "open"}, bot)

    async def say(self, remote: Remote, said: Said, again: bool) -> None:
        """Add an incoming message or a private note."""
        if said.sender != "customer":
            text = f"{wording.MARK}{said.name}: {said.text}"
            await self._note(remote, said.key, text, again)
        elif not (again and await self._has(remote, said.key)):
            content = {"content": said.text, "message_type": "incoming", "source_id": said.key}
            await self._post(remote, "messages", content)

    async def update(self, remote: Remote, facts: Facts) -> None:
        """Set attributes and priority."""
        await self._attributes(remote, facts)
        await self._priority(remote, facts)

    async def close(self, remote: Remote, said: Said, again: bool) -> None:
        """Say why, and resolve."""
        await self._note(remote, said.key, f"{wording.MARK}{said.text}", again)
        await self._post(remote, "toggle_status", {"status": "resolved"})

    def receive(self, headers: Mapping[str, str], body: bytes, now: float) -> Delivery:
        """Check and read an event."""
        sent_at = headers.get("x-chatwoot-timestamp", "")
        content = sent_at.encode("utf-8", "replace") + b"." + body
        expected = f"sha256={signatures.sha256(self.settings.webhook_secret, content).hex()}"
        signatures.require_same(headers.get("x-chatwoot-signature", ""), expected)
        signatures.require_fresh(signatures.seconds(sent_at), now)
        event = signatures.json_object(body)
        delivery = headers.get("x-chatwoot-delivery") or signatures.name_of(body)
        action = _action(event)
        if action is None:
            return Delivery(delivery, ignored=f"an event {str(event.get('event'))[:80]!r}")
        return Delivery(delivery, (action,))

    async def check(self) -> list[Finding]:
        """Ask for the inbox, and for the webhooks where the token may see them."""
        try:
            _, inbox = await self.http.request("GET", f"/inboxes/{self.settings.inbox}")
        except (NotTaken, MaybeTaken) as error:
            return [Finding(False, str(error))]
        kind = str(inbox.get("channel_type"))
        right = kind == "Channel::Api"
        findings = [
            Finding(True, f"{self.settings.url} takes the token."),
            Finding(right, f"Inbox {self.settings.inbox} is of the kind {kind}"
                    + ("." if right else "; make one of the kind API.")),
        ]  # fmt: skip
        if not self.settings.bot_token:
            findings.append(
                Finding(None, "`bot_token` is not set: handoffs do not count in reports.")
            )
        hint = "The webhook's secret is checked with the first event; send a message to see it."
        return [*findings, Finding(None, hint)]

    async def _contact(self, conversation: str) -> int:
        content = {
            "inbox_id": self.settings.inbox,
            "name": wording.text(self.settings.language, "customer"),
            "identifier": conversation,
        }
        status, made = await self.http.request("POST", "/contacts", content, allowed=_TAKEN)
        if status != 422:
            return int(made["payload"]["contact"]["id"])
        query = {"q": conversation}
        _, found = await self.http.request("GET", "/contacts/search", query=query)
        for contact in found.get("payload", []):
            if contact.get("identifier") == conversation:
                return int(contact["id"])
        raise NotTaken(f"Chatwoot refuses the contact: {str(made)[:200]}", hopeless=True)

    async def _conversation(self, handover: Handover, contact: int) -> int:
        ticket = handover.facts.ticket_id
        if handover.again:
            _, found = await self.http.request("GET", f"/contacts/{contact}/conversations")
            for entry in found.get("payload", []):
                if (entry.get("custom_attributes") or {}).get("attune_ticket") == ticket:
                    return int(entry["id"])
        content = {
            "inbox_id": self.settings.inbox,
            "contact_id": contact,
            "status": "pending",
            "custom_attributes": handover.facts.attributes(),
        }
        _, made = await self.http.request("POST", "/conversations", content)
        return int(made["id"])

    async def _note(self, remote: Remote, key: str, text: str, again: bool) -> None:
        if again and await self._has(remote, key):
            return
        content = {"content": text, "message_type": "outgoing", "private": True, "source_id": key}
        await self._post(remote, "messages", content)

    async def _has(self, remote: Remote, key: str) -> bool:
        """Look whether a message is there; the latest ones come first."""
        query: dict[str, str] = {}
        for _ in range(_PAGES_BACK):
            path = f"/conversations/{remote.number}/messages"
            _, page = await self.http.request("GET", path, query=query)
            messages = page.get("payload", [])
            if any(message.get("source_id") == key for message in messages):
                return True
            if not messages:
                break
            query = {"before": str(min(message["id"] for message in messages))}
        return False

    async def _attributes(self, remote: Remote, facts: Facts) -> None:
        """Set ours beside those of others: the endpoint replaces them all."""
        path = f"/conversations/{remote.number}"
        _, conversation = await self.http.request("GET", path)
        merged = {**(conversation.get("custom_attributes") or {}), **facts.attributes()}
        await self._post(remote, "custom_attributes", {"custom_attributes": merged})

    async def _labels(self, remote: Remote) -> None:
        """Add ours to those of others: the endpoint replaces the list."""
        path = f"/conversations/{remote.number}/labels"
        _, found = await self.http.request("GET", path)
        labels = list(dict.fromkeys([*found.get("payload", []), *self.settings.labels]))
        await self._post(remote, "labels", {"labels": labels})

    async def _priority(self, remote: Remote, facts: Facts) -> None:
        await self._post(remote, "toggle_priority", {"priority": _PRIORITIES[facts.level]})

    async def _post(
        self,
        remote: Remote,
        what: str,
        content: Mapping[str, Any],
        headers: Mapping[str, str] | None = None,
    ) -> None:
        path = f"/conversations/{remote.number}/{what}"
        await self.http.request("POST", path, content, headers=headers)


def _action(event: Mapping[str, Any]) -> Action | None:
    kind = event.get("event")
    if kind == "message_created":
        return _message(event)
    ticket, person = str(event.get("id")), _assignee(event)
    if kind == "conversation_status_changed":
        if event.get("status") == "resolved":
            return Action("resolve", ticket, person)
        if event.get("status") == "pending":
            return Action("hand_back", ticket, person)
    if kind == "conversation_updated" and _changed(event, "assignee_id"):
        return Action("assign", ticket, person)
    return None


def _message(event: Mapping[str, Any]) -> Action | None:
    """Read what an agent wrote; what we wrote ourselves comes back too, and so do bots' words."""
    sender, source = event.get("sender") or {}, str(event.get("source_id") or "")
    person = sender.get("type") == "user" and event.get("message_type") == "outgoing"
    if not person or source.startswith(_OURS):
        return None
    files = [str(file.get("data_url")) for file in event.get("attachments") or []]
    text = "\n".join(filter(None, [event.get("content"), *files]))
    ticket = str((event.get("conversation") or {}).get("id"))
    kind: ActionKind = "note" if event.get("private") else "answer"
    return Action(kind, ticket, str(sender.get("name") or ""), text, str(event.get("id")))


def _assignee(event: Mapping[str, Any]) -> str:
    assignee = (event.get("meta") or {}).get("assignee") or {}
    return str(assignee.get("available_name") or assignee.get("name") or "")


def _changed(event: Mapping[str, Any], name: str) -> bool:
    changes = event.get("changed_attributes") or []
    return any(isinstance(change, dict) and name in change for change in changes)
