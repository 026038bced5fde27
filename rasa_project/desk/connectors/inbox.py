"""Takes webhooks of other desks: kept once and answered at once, done afterwards, over a kill."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from rasa_project.desk.connectors.connector import Action, Connector, Delivery
from rasa_project.desk.connectors.errors import MaybeTaken, NotTaken
from rasa_project.desk.connectors.incoming import Incoming
from rasa_project.desk.outbound.outbox import wait_seconds
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import ConnectorDelivery
from rasa_project.desk.tickets.changes import Changes
from rasa_project.lanes import Head, Lanes
from rasa_project.webhooks.errors import Refused

logger = logging.getLogger(__name__)

# Longer than any service tries again; answers are known by their own id for ever besides.
KEPT_SECONDS: Final = 30 * 24 * 3600.0
MAX_ATTEMPTS: Final = 20
_NAME_ATTEMPTS: Final = 3  # after that an answer goes out under the desk's own name
_SWEEP_SECONDS: Final = 3600.0

Publish = Callable[[Changes], Awaitable[None]]


class ConnectorInbox:
    """The deliveries of all connectors, each connector's in order.

    Args:
        store: The desk's store.
        connectors: By name.
        publish: Told of what changed.
    """

    def __init__(self, store: Store, connectors: Mapping[str, Connector], publish: Publish) -> None:
        self._store = store
        self._connectors = connectors
        self._publish = publish
        self._lanes = Lanes("connectors' inbox", self._heads, self._work, parallel=1)

    async def receive(self, name: str, headers: Mapping[str, str], body: bytes) -> Delivery:
        """Check a request and keep what it means; doing it comes later.

        Raises:
            Refused: It is not signed as it must be, or broken.
        """
        try:
            delivery = self._connectors[name].receive(headers, body, time.time())
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            # Signed, so it is theirs; of another shape than they document.
            raise Refused(400, "The content is not of the form that this service sends.") from error
        if delivery.ignored:
            logger.info("%s: %s is ignored.", name, delivery.ignored)
        if delivery.actions:
            if await asyncio.to_thread(self._keep, name, delivery):
                self._lanes.wake()
            else:
                logger.info("%s: delivery %s came before.", name, delivery.id)
        return delivery

    async def run(self) -> None:
        """Do what was kept, for ever."""
        sweeping = asyncio.create_task(self._sweep())
        try:
            await self._lanes.run()
        finally:
            sweeping.cancel()

    def _keep(self, name: str, delivery: Delivery) -> bool:
        now = time.time()
        entry = ConnectorDelivery(
            connector=name, delivery_id=delivery.id[:255], received_at=now, next_attempt_at=now,
            actions=[action.to_dict() for action in delivery.actions],
        )  # fmt: skip
        try:
            with self._store.write() as session:
                session.add(entry)
        except IntegrityError:
            return False
        return True

    def _heads(self) -> list[Head]:
        entry = ConnectorDelivery
        first = (
            select(func.min(entry.id))
            .where(entry.state == "pending", entry.connector.in_(tuple(self._connectors)))
            .group_by(entry.connector)
        )
        query = select(entry.id, entry.connector, entry.next_attempt_at)
        with self._store.read() as session:
            rows = session.execute(query.where(entry.id.in_(first))).all()
        return [Head(row[0], row[1], row[1], row[2]) for row in rows]

    async def _work(self, entry_id: int) -> None:
        name, actions, attempts = await asyncio.to_thread(self._begin, entry_id)
        connector = self._connectors[name]
        try:
            people = [await self._person(connector, action, attempts) for action in actions]
            done = list(zip(actions, people, strict=True))
            changes = await asyncio.to_thread(self._apply, entry_id, name, connector.title, done)
        except Exception as error:  # one that cannot be done must not hold up the others for ever
            await asyncio.to_thread(self._put_off, entry_id, error)
            return
        await self._publish(changes)

    def _begin(self, entry_id: int) -> tuple[str, list[Action], int]:
        with self._store.write() as session:
            entry = session.get(ConnectorDelivery, entry_id)
            entry.attempts += 1
            return entry.connector, [Action(**action) for action in entry.actions], entry.attempts

    async def _person(self, connector: Connector, action: Action, attempts: int) -> str:
        try:
            return await connector.name_of(action.person) if action.person else ""
        except (NotTaken, MaybeTaken):
            if attempts < _NAME_ATTEMPTS:
                raise
            return ""

    def _apply(
        self, entry_id: int, name: str, title: str, actions: list[tuple[Action, str]]
    ) -> Changes:
        with self._store.write() as session:
            incoming = Incoming(session, name, title)
            for action, person in actions:
                incoming.apply(action, person)
            entry = session.get(ConnectorDelivery, entry_id)
            entry.state, entry.error = "done", None
            return incoming.changes

    def _put_off(self, entry_id: int, error: Exception) -> None:
        expected = isinstance(error, (NotTaken, MaybeTaken))
        with self._store.write() as session:
            entry = session.get(ConnectorDelivery, entry_id)
            entry.error = str(error) or repr(error)
            if entry.attempts >= MAX_ATTEMPTS:
                entry.state = "failed"
            entry.next_attempt_at = time.time() + wait_seconds(entry.attempts)
            logger.warning(
                "%s: delivery %s failed: %s", entry.connector, entry.delivery_id, error,
                exc_info=None if expected else error,
            )  # fmt: skip

    async def _sweep(self) -> None:
        while True:
            try:
                await asyncio.to_thread(self._forget)
            except Exception:
                logger.exception("Old deliveries could not be deleted.")
            await asyncio.sleep(_SWEEP_SECONDS)

    def _forget(self) -> None:
        old = ConnectorDelivery.received_at < time.time() - KEPT_SECONDS
        done: Any = ConnectorDelivery.state == "done"
        with self._store.write() as session:
            session.execute(delete(ConnectorDelivery).where(old, done))
