"""Zendesk Support: a ticket for each of ours.

Contracts, all below https://developer.zendesk.com:
- `/api-reference/ticketing/tickets/tickets`: tickets by `external_id`, comments by updating a
  ticket, `metadata` that comes back in the ticket's audits, and `Idempotency-Key`
  (`/api-reference/ticketing/introduction/#idempotency`);
- `/api-reference/ticketing/users/users`: `create_or_update` finds a user by `external_id`;
- `/documentation/webhooks/verifying`: base64 of HMAC-SHA256 over timestamp and body;
- `/api-reference/webhooks/event-types/ticket-events`: the events.

The customer's words are public comments by the requester, all else of ours are internal notes; so
a public comment by somebody of the staff is always a human's answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import aiohttp
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

_EVENTS: Final = "zen:event-type:ticket."
_PRIORITIES: Final = {"high": "urgent", "medium": "high", "low": "normal"}
_KEY: Final = "attune_key"
_MAX_PAGES: Final = 60  # of 100 audits; a ticket takes 5,000 comments


class ZendeskSettings(ConnectorSettings):
    """Settings.

    Attributes:
        email: Of the agent whom the API token acts for.
        token: API token.
        webhook_secret: Signing secret of the webhook.
        group: Number of the group that gets the tickets.
        tags: Tags of each ticket, beside `emotion_...` and `urgency_...`.
        fields: Numbers of ticket fields, by the name of our fact, such as `emotion: 360001`.
    """

    email: str
    token: Secret
    webhook_secret: Secret
    group: PositiveInt | None = None
    tags: tuple[str, ...] = ("attune",)
    fields: dict[str, int] = {}  # noqa: RUF012  # pydantic copies it


class ZendeskConnector(Connector):
    """One ticket there for one of ours."""

    title = "Zendesk"
    Settings = ZendeskSettings
    summary_characters = 60_000  # of 65,535 that a comment may have

    @classmethod
    def client(cls, settings: ZendeskSettings) -> HttpClient:
        """Sign in with the API token."""
        auth = aiohttp.BasicAuth(f"{settings.email}/token", settings.token)
        return HttpClient(cls.title, f"{settings.url}/api/v2", auth=auth)

    async def open(self, handover: Handover, remote: Remote, remember: Remember) -> None:
        """Make requester and ticket; the first comment is an internal note with the summary."""
        if "requester" not in remote.details:
            remote.details["requester"] = await self._requester(handover.facts.conversation)
            await remember(remote)
        if remote.id is None:
            remote.id = str(await self._ticket(handover, remote.details["requester"]))
            remote.url = f"{self.settings.url}/agent/tickets/{remote.id}"
            await remember(remote)

    async def say(self, remote: Remote, said: Said, again: bool) -> None:
        """Add a comment: the requester's own words, or a note."""
        if said.sender == "customer":
            comment = {"body": said.text, "public": True, "author_id": remote.details["requester"]}
        else:
            comment = {"body": f"{wording.MARK}{said.name}: {said.text}", "public": False}
        await self._comment(remote, said.key, comment, {}, again)

    async def update(self, remote: Remote, facts: Facts) -> None:
        """Set priority and fields."""
        await self._put(remote, self._facts(facts))

    async def close(self, remote: Remote, said: Said, again: bool) -> None:
        """Say why, and solve."""
        comment = {"body": f"{wording.MARK}{said.text}", "public": False}
        await self._comment(remote, said.key, comment, {"status": "solved"}, again)

    def receive(self, headers: Mapping[str, str], body: bytes, now: float) -> Delivery:
        """Check and read an event."""
        sent_at = headers.get("x-zendesk-webhook-signature-timestamp", "")
        content = sent_at.encode("utf-8", "replace") + body
        digest = signatures.sha256(self.settings.webhook_secret, content)
        given = headers.get("x-zendesk-webhook-signature", "")
        signatures.require_same(given, signatures.base64_of(digest))
        signatures.require_fresh(signatures.seconds(sent_at), now)
        event = signatures.json_object(body)
        invocation = headers.get("x-zendesk-webhook-invocation-id")
        delivery = str(event.get("id") or invocation or signatures.name_of(body))
        action = _action(event)
        if action is None:
            return Delivery(delivery, ignored=f"an event {str(event.get('type'))[:80]!r}")
        return Delivery(delivery, (action,))

    async def check(self) -> list[Finding]:
        """Ask who the token acts for."""
        try:
            _, answer = await self.http.request("GET", "/users/me.json")
        except (NotTaken, MaybeTaken) as error:
            return [Finding(False, str(error))]
        role = str(answer["user"].get("role"))
        right = role in {"agent", "admin"}
        hint = "The webhook's secret is checked with the first event; write a comment to see it."
        return [
            Finding(right, f"The token acts for {self.settings.email}, who is {role}."),
            Finding(None, hint),
        ]

    async def name_of(self, person: str) -> str:
        """Look up an agent's number; comments carry names already."""
        if not person.isdecimal():
            return person
        _, answer = await self.http.request("GET", f"/users/{person}.json")
        return str(answer["user"].get("alias") or answer["user"]["name"])

    async def _requester(self, conversation: str) -> int:
        user = {
            "external_id": f"attune:{conversation}",
            "name": wording.text(self.settings.language, "customer"),
            "role": "end-user",
            "skip_verify_email": True,
        }
        _, answer = await self.http.request("POST", "/users/create_or_update.json", {"user": user})
        return int(answer["user"]["id"])

    async def _ticket(self, handover: Handover, requester: int) -> int:
        if handover.again:
            query = {"external_id": handover.key}
            _, found = await self.http.request("GET", "/tickets.json", query=query)
            if found.get("tickets"):
                return int(found["tickets"][0]["id"])
        facts = handover.facts
        tags = [*self.settings.tags, f"urgency_{facts.level}"]
        ticket: dict[str, Any] = {
            "subject": handover.title,
            "external_id": handover.key,
            "requester_id": requester,
            "comment": {"body": handover.summary, "public": False},
            "tags": [*tags, f"emotion_{facts.emotion}"] if facts.emotion else tags,
            **self._facts(facts),
        }
        if self.settings.group:
            ticket["group_id"] = self.settings.group
        _, made = await self.http.request(
            "POST", "/tickets.json", {"ticket": ticket}, headers={"Idempotency-Key": handover.key}
        )
        return int(made["ticket"]["id"])

    def _facts(self, facts: Facts) -> dict[str, Any]:
        known = facts.attributes()
        fields = [
            {"id": number, "value": known[name]}
            for name, number in self.settings.fields.items()
            if name in known
        ]
        return {"priority": _PRIORITIES[facts.level], "custom_fields": fields}

    async def _comment(
        self,
        remote: Remote,
        key: str,
        comment: Mapping[str, Any],
        others: Mapping[str, Any],
        again: bool,
    ) -> None:
        if not (again and await self._has(remote, key)):
            await self._put(remote, {"comment": comment, "metadata": {_KEY: key}, **others})

    async def _put(self, remote: Remote, ticket: Mapping[str, Any]) -> None:
        await self.http.request("PUT", f"/tickets/{remote.number}.json", {"ticket": ticket})

    async def _has(self, remote: Remote, key: str) -> bool:
        """Look for our key in the metadata of the ticket's audits."""
        query = {"page[size]": "100"}
        for _ in range(_MAX_PAGES):
            path = f"/tickets/{remote.number}/audits.json"
            _, page = await self.http.request("GET", path, query=query)
            for audit in page.get("audits", []):
                if ((audit.get("metadata") or {}).get("custom") or {}).get(_KEY) == key:
                    return True
            if not (page.get("meta") or {}).get("has_more"):
                return False
            query["page[after]"] = page["meta"]["after_cursor"]
        return False


def _action(event: Mapping[str, Any]) -> Action | None:
    kind = str(event.get("type")).removeprefix(_EVENTS)
    ticket = str((event.get("detail") or {}).get("id"))
    change = event.get("event") or {}
    if kind == "comment_added":
        return _comment(ticket, change.get("comment") or {})
    if kind == "status_changed" and str(change.get("current")).lower() in {"solved", "closed"}:
        return Action("resolve", ticket)
    if kind == "agent_assignment_changed":
        return Action("assign", ticket, str(change.get("current") or ""))
    return None


def _comment(ticket: str, comment: Mapping[str, Any]) -> Action | None:
    author, text = comment.get("author") or {}, str(comment.get("body") or "")
    if not author.get("is_staff") or text.startswith(wording.MARK):
        return None
    kind: ActionKind = "answer" if comment.get("is_public") else "note"
    return Action(kind, ticket, str(author.get("name") or ""), text, str(comment.get("id")))
