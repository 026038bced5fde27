"""Zammad: a ticket for each of ours.

Contracts:
- https://docs.zammad.org/en/latest/api/ticket/index.html and `/articles.html`: tickets, articles,
  their senders, types and `internal`; https://docs.zammad.org/en/latest/api/user.html;
- `/api/v1/ticket_customer` lists a customer's tickets from the database, while searches may lag
  behind (`Ticket::ScreenOptions.list_by_customer` in `zammad/zammad`);
- https://admin-docs.zammad.org/en/latest/manage/webhook.html and `app/jobs/trigger_webhook_job.rb`:
  `X-Hub-Signature: sha1=` and the hex HMAC-SHA1 over the body, `X-Zammad-Delivery`, which stays
  the same over its four further attempts, and the payload with `ticket` and `article`.

Zammad signs no time. A request that somebody recorded and sends again is known by its delivery, and
what it says by the number of its article for ever.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any, Final

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

_PRIORITIES: Final = {"high": "3 high", "medium": "2 normal", "low": "1 low"}
_CLOSED: Final = frozenset({"closed", "merged", "removed"})
_NOBODY: Final = 1  # the owner of tickets that have none
_EXISTS: Final = frozenset({422})
_LINES: Final = frozenset({"br", "p", "div", "li", "tr", "blockquote"})


class ZammadSettings(ConnectorSettings):
    """Settings.

    Attributes:
        token: Access token with the permission `ticket.agent`.
        webhook_secret: HMAC SHA1 signature token of the webhook.
        group: Name of the group that gets the tickets.
        customer_domain: Customers are known by a made-up address here; nothing is mailed to it.
        tags: Tags of each ticket.
        fields: Names of the ticket's own attributes, by the name of our fact.
    """

    token: Secret
    webhook_secret: Secret
    group: str
    customer_domain: str = "attune.invalid"  # reserved: RFC 2606
    tags: tuple[str, ...] = ("attune",)
    fields: dict[str, str] = {}  # noqa: RUF012  # pydantic copies it


class ZammadConnector(Connector):
    """Customers' words are public articles of theirs, all else of ours internal notes."""

    title = "Zammad"
    Settings = ZammadSettings
    summary_characters = 100_000

    @classmethod
    def client(cls, settings: ZammadSettings) -> HttpClient:
        """Send the access token."""
        headers = {"Authorization": f"Token token={settings.token}"}
        return HttpClient(cls.title, f"{settings.url}/api/v1", headers)

    async def open(self, handover: Handover, remote: Remote, remember: Remember) -> None:
        """Make customer and ticket; the first article is an internal note with the summary."""
        if "customer" not in remote.details:
            remote.details["customer"] = await self._customer(handover.facts.conversation)
            await remember(remote)
        if remote.id is None:
            remote.id = str(await self._ticket(handover, remote.details["customer"]))
            remote.url = f"{self.settings.url}/#ticket/zoom/{remote.id}"
            await remember(remote)

    async def say(self, remote: Remote, said: Said, again: bool) -> None:
        """Add an article."""
        if said.sender != "customer":
            await self._note(remote, said.key, f"{said.name}: {said.text}", again)
            return
        article = {
            "type": "web",
            "sender": "Customer",
            "internal": False,
            "origin_by_id": remote.details["customer"],
            "body": said.text,
        }
        await self._article(remote, said.key, article, again)

    async def update(self, remote: Remote, facts: Facts) -> None:
        """Set priority and attributes."""
        await self.http.request("PUT", f"/tickets/{remote.number}", self._facts(facts))

    async def close(self, remote: Remote, said: Said, again: bool) -> None:
        """Say why, and close."""
        await self._note(remote, said.key, said.text, again)
        await self.http.request("PUT", f"/tickets/{remote.number}", {"state": "closed"})

    def receive(self, headers: Mapping[str, str], body: bytes, now: float) -> Delivery:
        """Check and read what a trigger sends."""
        expected = f"sha1={signatures.sha1(self.settings.webhook_secret, body).hex()}"
        signatures.require_same(headers.get("x-hub-signature", ""), expected)
        content = signatures.json_object(body)
        delivery = headers.get("x-zammad-delivery") or signatures.name_of(body)
        ticket = content.get("ticket") or {}
        if not ticket.get("id"):
            return Delivery(delivery, ignored="a request without a ticket")
        actions = [_article(ticket, content.get("article") or {}), _owner(ticket), _state(ticket)]
        found = tuple(action for action in actions if action is not None)
        return Delivery(delivery, found, ignored="" if found else "a change of ours or nobody's")

    async def check(self) -> list[Finding]:
        """Ask who the token acts for, and for the group."""
        try:
            _, me = await self.http.request("GET", "/users/me")
            _, groups = await self.http.request("GET", "/groups")
        except (NotTaken, MaybeTaken) as error:
            return [Finding(False, str(error))]
        names = [group.get("name") for group in groups]
        found = self.settings.group in names
        hint = "The webhook's signature is checked with the first request; write a note to see it."
        return [
            Finding(True, f"The token acts for {me.get('login')}."),
            Finding(
                found, f"The group {self.settings.group} is {'there' if found else 'missing'}."
            ),
            Finding(None, hint),
        ]

    async def _customer(self, conversation: str) -> int:
        digest = hashlib.sha256(conversation.encode("utf-8", "replace")).hexdigest()[:24]
        address = f"{digest}@{self.settings.customer_domain}"
        user = {
            "firstname": wording.text(self.settings.language, "customer"),
            "lastname": digest[:6],
            "email": address,
            "roles": ["Customer"],
        }
        status, made = await self.http.request("POST", "/users", user, allowed=_EXISTS)
        if status != 422:
            return int(made["id"])
        query = {"query": address, "limit": "20"}
        _, found = await self.http.request("GET", "/users/search", query=query)
        for entry in found:
            if entry.get("email") == address:
                return int(entry["id"])
        # Its search lags behind; or it refuses users, which somebody can change.
        raise NotTaken(f"Zammad neither makes nor finds the customer: {str(made)[:200]}")

    async def _ticket(self, handover: Handover, customer: int) -> int:
        mark = f"[{handover.key}]"
        if handover.again:
            query = {"customer_id": str(customer)}
            _, found = await self.http.request("GET", "/ticket_customer", query=query)
            for entry in ((found.get("assets") or {}).get("Ticket") or {}).values():
                if str(entry.get("title")).endswith(mark):
                    return int(entry["id"])
        ticket = {
            "title": f"{handover.title} {mark}",
            "group": self.settings.group,
            "customer_id": customer,
            "tags": ",".join(self.settings.tags),
            "article": {
                "subject": handover.title,
                "body": handover.summary,
                "content_type": "text/plain",
                "type": "note",
                "internal": True,
            },
            **self._facts(handover.facts),
        }
        _, made = await self.http.request("POST", "/tickets", ticket)
        return int(made["id"])

    def _facts(self, facts: Facts) -> dict[str, Any]:
        known = facts.attributes()
        fields = {to: known[name] for name, to in self.settings.fields.items() if name in known}
        return {"priority": _PRIORITIES[facts.level], **fields}

    async def _note(self, remote: Remote, key: str, text: str, again: bool) -> None:
        article = {"type": "note", "internal": True, "body": f"{wording.MARK}{text}"}
        await self._article(remote, key, article, again)

    async def _article(
        self, remote: Remote, key: str, article: Mapping[str, Any], again: bool
    ) -> None:
        if again and await self._has(remote, key):
            return
        content = {
            "ticket_id": int(remote.number),
            "content_type": "text/plain",
            "message_id": _name(key),
            **article,
        }
        await self.http.request("POST", "/ticket_articles", content)

    async def _has(self, remote: Remote, key: str) -> bool:
        path = f"/ticket_articles/by_ticket/{remote.number}"
        _, articles = await self.http.request("GET", path)
        return any(article.get("message_id") == _name(key) for article in articles)


def _name(key: str) -> str:
    return f"<{key}@attune.invalid>"


def _article(ticket: Mapping[str, Any], article: Mapping[str, Any]) -> Action | None:
    text = str(article.get("body") or "")
    if article.get("content_type") == "text/html":
        text = as_text(text)
    if article.get("sender") != "Agent" or text.startswith(wording.MARK.strip()):
        return None
    author = article.get("created_by") or {}
    name = " ".join(filter(None, [author.get("firstname"), author.get("lastname")]))
    kind: ActionKind = "note" if article.get("internal") else "answer"
    return Action(kind, str(ticket["id"]), name, text, str(article.get("id")))


def _owner(ticket: Mapping[str, Any]) -> Action | None:
    owner = ticket.get("owner") or {}
    if owner.get("id") in {None, _NOBODY}:
        return None
    name = " ".join(filter(None, [owner.get("firstname"), owner.get("lastname")]))
    return Action("assign", str(ticket["id"]), name) if name else None


def _state(ticket: Mapping[str, Any]) -> Action | None:
    state = ticket.get("state")
    name = state.get("name") if isinstance(state, dict) else state
    return Action("resolve", str(ticket["id"])) if name in _CLOSED else None


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(" ".join(data.split(" ")).replace("\n", " "))

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag in _LINES:
            self.parts.append("\n")


def as_text(html: str) -> str:
    """Return what an article in HTML says, line by line."""
    parser = _Text()
    parser.feed(html)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.parts).split("\n"))
    return "\n".join(lines).strip()
