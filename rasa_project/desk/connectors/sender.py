"""Sends the connectors' outbox: in order within a ticket, over outages, each entry once.

An entry is marked uncertain before its request leaves. If the outcome stays unknown, whether
because the other desk failed midway or because ours was killed, the connector looks there first.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import aliased

from rasa_project.desk.connectors import reading, wording
from rasa_project.desk.connectors.connector import Connector, Facts, Handover, Remote, Said
from rasa_project.desk.connectors.errors import MaybeTaken, NotTaken
from rasa_project.desk.outbound.outbox import wait_seconds
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import ConnectorEntry, ConnectorLink, Message, Ticket
from rasa_project.desk.tickets.changes import Changes
from rasa_project.lanes import Head, Lanes

logger = logging.getLogger(__name__)

_PARALLEL: Final = 4  # tickets of one desk at a time; their rate limits are a few a second
_FACTS: Final = "sent_facts"

Publish = Callable[[Changes], Awaitable[None]]


@dataclass(frozen=True)
class _Job:
    """One entry with all that sending it takes."""

    entry_id: int
    ticket_id: int
    connector: str
    kind: str
    again: bool
    attempts: int
    remote: Remote
    facts: Facts
    sent_facts: str | None
    summary: str
    said: Said | None


class ConnectorSender:
    """Works through the outbox of all connectors.

    Args:
        store: The desk's store.
        connectors: By name.
        desk_url: Where agents open our desk.
        publish: Told of what changed.
    """

    def __init__(
        self, store: Store, connectors: Mapping[str, Connector], desk_url: str, publish: Publish
    ) -> None:
        self._store = store
        self._connectors = connectors
        self._desk_url = desk_url
        self._publish = publish
        self._lanes = Lanes("connectors' outbox", self._heads, self._work, _PARALLEL)

    def wake(self) -> None:
        """Say that there is something new to send."""
        self._lanes.wake()

    async def run(self) -> None:
        """Send for ever."""
        await self._lanes.run()

    def _heads(self) -> list[Head]:
        """Return each ticket's first entry; nothing overtakes the one that opens a ticket."""
        entry, opening = ConnectorEntry, aliased(ConnectorEntry)
        stuck = exists().where(
            and_(
                opening.kind == "open",
                opening.state == "dead",
                opening.ticket_id == entry.ticket_id,
                opening.connector == entry.connector,
            )
        )
        first = (
            select(func.min(entry.id))
            .where(entry.state == "pending", entry.connector.in_(tuple(self._connectors)), ~stuck)
            .group_by(entry.connector, entry.ticket_id)
        )
        query = select(entry.id, entry.connector, entry.ticket_id, entry.next_attempt_at)
        with self._store.read() as session:
            rows = session.execute(query.where(entry.id.in_(first)).order_by(entry.id)).all()
        return [Head(row[0], (row[1], row[2]), row[1], row[3]) for row in rows]

    async def _work(self, entry_id: int) -> None:
        job = await asyncio.to_thread(self._begin, entry_id)
        if job is None:
            return
        error: NotTaken | MaybeTaken | None = None
        try:
            await self._send(job)
        except (NotTaken, MaybeTaken) as raised:
            error = raised
            if isinstance(raised, NotTaken) and raised.retry_after is not None:
                self._lanes.pause(job.connector, raised.retry_after)
        await self._publish(await asyncio.to_thread(self._finish, job, error))

    def _begin(self, entry_id: int) -> _Job | None:
        with self._store.write() as session:
            entry = session.get(ConnectorEntry, entry_id)
            if entry is None or entry.state != "pending":
                return None
            again = entry.uncertain
            entry.attempts += 1
            entry.uncertain = True
            return self._job(session, entry, again)

    def _job(self, session: Any, entry: ConnectorEntry, again: bool) -> _Job:
        ticket = session.get(Ticket, entry.ticket_id)
        link = _link(session, entry.ticket_id, entry.connector)
        language = self._connectors[entry.connector].settings.language
        facts = reading.facts(session, ticket, self._desk_url)
        summary = ""
        if entry.kind == "open":
            shown, earlier = reading.transcript(session, ticket, link.shown_until, language)
            limit = self._connectors[entry.connector].summary_characters
            first = wording.brief(language, facts)
            summary = wording.with_transcript(language, first, shown, earlier, limit)
        details = dict(link.details)
        return _Job(
            entry.id, entry.ticket_id, entry.connector, entry.kind, again, entry.attempts,
            Remote(link.remote_id, link.url, details), facts, details.get(_FACTS), summary,
            _said(session, entry, language),
        )  # fmt: skip

    async def _send(self, job: _Job) -> None:
        connector = self._connectors[job.connector]
        if job.kind == "open":
            key = f"attune-ticket-{job.ticket_id}"
            title = wording.title(connector.settings.language, job.facts)
            handover = Handover(key, job.facts, title, job.summary, job.again)
            await connector.open(handover, job.remote, lambda remote: self._keep(job, remote))
        elif job.kind == "update":
            if _digest(job.facts) != job.sent_facts:
                await connector.update(job.remote, job.facts)
        elif job.kind == "close" and job.said is not None:
            await connector.close(job.remote, job.said, job.again)
        elif job.said is not None:
            await connector.say(job.remote, job.said, job.again)

    async def _keep(self, job: _Job, remote: Remote) -> None:
        await asyncio.to_thread(self._store_remote, job, remote)

    def _store_remote(self, job: _Job, remote: Remote) -> None:
        with self._store.write() as session:
            link = _link(session, job.ticket_id, job.connector)
            if link is not None:  # else its customer was erased
                _put(link, remote)

    def _finish(self, job: _Job, error: NotTaken | MaybeTaken | None) -> Changes:
        with self._store.write() as session:
            entry = session.get(ConnectorEntry, job.entry_id)
            # Its customer was erased; SQLite gives the number to another entry then.
            if entry is None or entry.ticket_id != job.ticket_id:
                return Changes()
            if error is None:
                entry.state, entry.sent_at, entry.error = "sent", time.time(), None
                if job.kind in {"open", "update"}:
                    job.remote.details[_FACTS] = _digest(job.facts)
                _put(_link(session, job.ticket_id, job.connector), job.remote)
            else:
                self._put_off(entry, error, job)
        return Changes(tickets={job.ticket_id})

    def _put_off(self, entry: ConnectorEntry, error: NotTaken | MaybeTaken, job: _Job) -> None:
        now = time.time()
        entry.error = str(error)
        # What was uncertain before stays so: this attempt only failed to find out.
        entry.uncertain = job.again or job.kind == "open" or isinstance(error, MaybeTaken)
        hopeless = isinstance(error, NotTaken) and error.hopeless
        if hopeless or now >= entry.give_up_at:
            entry.state = "dead"
            logger.error("%s gave up on entry %s: %s", entry.connector, entry.id, error)
            return
        pause = error.retry_after if isinstance(error, NotTaken) else None
        entry.next_attempt_at = now + max(wait_seconds(entry.attempts), pause or 0.0)
        if entry.attempts == 1:
            logger.warning("%s has to wait with entry %s: %s", entry.connector, entry.id, error)


def _said(session: Any, entry: ConnectorEntry, language: str) -> Said | None:
    if entry.message_id is not None:
        return reading.said(session.get(Message, entry.message_id), language)
    if entry.kind == "close":
        words = wording.text(language, f"{entry.content['to']}_closed", **entry.content)
    elif entry.kind == "note":
        who = entry.content["who"]
        return Said(
            f"attune-entry-{entry.id}", "system", who, entry.content["text"], entry.created_at
        )
    elif entry.kind == "notice":
        words = wording.text(language, entry.content["text"], **entry.content["values"])
    else:
        return None
    name = wording.text(language, "system")
    return Said(f"attune-entry-{entry.id}", "system", name, words, entry.created_at)


def _link(session: Any, ticket_id: int, connector: str) -> ConnectorLink:
    query = select(ConnectorLink).where(
        and_(ConnectorLink.ticket_id == ticket_id, ConnectorLink.connector == connector)
    )
    link: ConnectorLink = session.scalar(query)
    return link


def _put(link: ConnectorLink, remote: Remote) -> None:
    link.remote_id, link.url, link.details = remote.id, remote.url, dict(remote.details)


def _digest(facts: Facts) -> str:
    content = json.dumps([facts.attributes(), facts.reasons], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:32]
