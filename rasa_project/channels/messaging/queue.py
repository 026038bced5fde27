"""What inbox and outbox share: entries in order for a customer, each taken by one process."""

from __future__ import annotations

import time
from typing import Any, Final, Literal

from sqlalchemy import and_, func, or_, select

from rasa_project.channels.messaging.database import Database
from rasa_project.channels.messaging.presence import Presence, living
from rasa_project.channels.messaging.tables import Customer, Outgoing, Received
from rasa_project.lanes import Head

_LONGEST_WAIT_SECONDS: Final = 60.0


class Queue:
    """One channel's entries of one table.

    Args:
        database: Where they are.
        presence: This process.
        channel: Name of the channel.
        entry: The table.
        claim: The column of `Customer` that says who works on the customer's first entry.
        pace: Seconds by which `Customer.paced_until` may lie ahead when an entry is taken; none
            where it does not matter.
    """

    def __init__(
        self,
        database: Database,
        presence: Presence,
        channel: str,
        entry: type[Received] | type[Outgoing],
        claim: Literal["reading", "sending"],
        pace: float | None = None,
    ) -> None:
        self.database = database
        self.channel = channel
        self._presence = presence
        self._entry: Any = entry
        self._claim = claim
        self._pace = pace

    def heads(self) -> list[Head]:
        """Return each customer's first entry, unless another living process works on it."""
        entry = self._entry
        order = [entry.place, entry.id] if entry is Received else [entry.id]
        number = func.row_number().over(partition_by=entry.customer, order_by=order)
        ranked = (
            select(entry.id, entry.customer, entry.next_attempt_at, number.label("number"))
            .where(entry.state == "pending", entry.channel == self.channel)
            .subquery()
        )
        mine = and_(Customer.channel == self.channel, Customer.customer == ranked.c.customer)
        with self.database.read() as session:
            query = (
                select(ranked, Customer.paced_until)
                .join(Customer, mine)
                .where(ranked.c.number == 1, self._free(session))
                .order_by(ranked.c.id)
            )
            rows = session.execute(query).all()
        return [Head(row.id, row.customer, self.channel, self._due(row)) for row in rows]

    def take(self, session: Any, entry_id: int) -> Any | None:
        """Claim an entry within a transaction that writes; none where somebody else has it."""
        row = session.get(self._entry, entry_id)
        if row is None or row.state != "pending":
            return None
        query = select(Customer).where(*_whose(row), self._free(session))
        customer = session.scalar(query)
        if customer is None:
            return None
        setattr(customer, self._claim, self._presence.id)
        row.attempts += 1
        return row

    def mine(self, session: Any, entry_id: int) -> Any | None:
        """Return an entry that this process has in hand; none where its customer was erased."""
        return session.get(self._entry, entry_id)

    def give_back(self, session: Any, row: Any) -> Customer:
        """End this process's claim on a customer."""
        customer: Customer = session.scalar(select(Customer).where(*_whose(row)))
        if getattr(customer, self._claim) == self._presence.id:
            setattr(customer, self._claim, None)
        return customer

    def _free(self, session: Any) -> Any:
        """Select customers that nobody else works on.

        What this process has claimed itself counts as free: the caller knows what it works on, and
        a claim that could not be ended must not last for ever.
        """
        claim = getattr(Customer, self._claim)
        others = [name for name in living(session) if name != self._presence.id]
        return or_(claim.is_(None), claim.notin_(others))

    def _due(self, row: Any) -> float:
        if self._pace is None:
            return float(row.next_attempt_at)
        return float(max(row.next_attempt_at, row.paced_until - self._pace))


def wait_seconds(attempts: int) -> float:
    """Return how long to wait after a number of failed attempts, from one second to a minute."""
    return float(min(_LONGEST_WAIT_SECONDS, 2.0 ** min(max(attempts - 1, 0), 6)))


def end(row: Any, state: Literal["done", "dead"], error: str | None = None) -> None:
    """Put an entry at rest."""
    row.state, row.error, row.ended_at, row.uncertain = state, error, time.time(), False


def customer_of(session: Any, channel: str, customer: str) -> Customer:
    """Return somebody's row, made where there is none."""
    row: Customer | None = session.get(Customer, (channel, customer))
    if row is None:
        row = Customer(channel=channel, customer=customer, route={}, paced_until=0.0)
        session.add(row)
        session.flush()
    return row


def _whose(row: Any) -> tuple[Any, Any]:
    return Customer.channel == row.channel, Customer.customer == row.customer
