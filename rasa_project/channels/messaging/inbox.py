"""What customers did: kept once before the provider is answered, until Rasa has dealt with it."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from rasa_project.channels.messaging.database import Database
from rasa_project.channels.messaging.presence import Presence
from rasa_project.channels.messaging.queue import Queue, customer_of, end, wait_seconds
from rasa_project.channels.messaging.tables import Outgoing, Received
from rasa_project.channels.messaging.turn import Reading, Turn, short

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 6  # of a turn that fails while others do not; about half a minute


@dataclass(frozen=True)
class Job:
    """A turn to be answered.

    Attributes:
        id: Of its entry.
        turn: What the customer did.
        again: Rasa may have dealt with it already: a process died over it.
    """

    id: int
    turn: Turn
    again: bool


class TooEarly(Exception):
    """A delivery can be dealt with in a moment; the provider has to make it again."""


class Inbox(Queue):
    """One channel's turns."""

    def __init__(self, database: Database, presence: Presence, channel: str) -> None:
        super().__init__(database, presence, channel, Received, "reading")

    def keep(self, reading: Reading) -> int:
        """Keep a delivery; return how many turns in it are new.

        It survives a kill, and the machine's power failure, when this returns.

        Raises:
            TooEarly: It may be about a message that is just being sent; nothing is kept.
        """
        with self.database.write() as session:
            for receipt in reading.receipts:
                self._note_receipt(session, receipt.remote_id, receipt.failure)
            return sum(self._keep(session, turn) for turn in reading.turns)

    def begin(self, entry_id: int) -> Job | None:
        """Claim a turn; none where somebody else has it."""
        with self.database.write() as session:
            row = self.take(session, entry_id)
            if row is None:
                return None
            again, row.uncertain = row.uncertain, True
            return Job(row.id, Turn.from_dict(row.turn), again)

    def finish(self, entry_id: int) -> None:
        """Put a turn at rest that Rasa has dealt with, and forget its words."""
        with self.database.write() as session:
            row = self.mine(session, entry_id)
            if row is None:
                return
            self.give_back(session, row)
            row.turn = None
            end(row, "done")

    def rest(self, entry_id: int, seconds: float) -> None:
        """Leave a turn for a while that nobody has begun with."""
        with self.database.write() as session:
            row = session.get(Received, entry_id)
            if row is not None and row.state == "pending":
                row.next_attempt_at = time.time() + seconds

    def wait(self, entry_id: int, seconds: float) -> None:
        """Leave a turn for a while that Rasa was not asked about."""
        with self.database.write() as session:
            row = self.mine(session, entry_id)
            if row is None:
                return
            self.give_back(session, row)
            row.attempts -= 1
            row.next_attempt_at = time.time() + seconds

    def fail(self, entry_id: int, error: str, counted: bool) -> None:
        """Try a turn again later, or give it up where it failed too often.

        Args:
            entry_id: The turn.
            error: What went wrong.
            counted: It is the turn's own fault as far as anybody can tell.
        """
        with self.database.write() as session:
            row = self.mine(session, entry_id)
            if row is None:
                return
            self.give_back(session, row)
            row.error = error
            if not counted:
                row.attempts -= 1
            elif row.attempts >= MAX_ATTEMPTS:
                end(row, "dead", error)
                logger.error("%s: turn %s is given up: %s", self.channel, row.delivery_id, error)
                return
            row.next_attempt_at = time.time() + wait_seconds(row.attempts)

    def _keep(self, session: Any, turn: Turn) -> bool:
        stored = turn.to_dict()
        known = select(Received).where(
            Received.channel == self.channel, Received.delivery_id == stored["id"]
        )
        row = session.scalar(known)
        if turn.edits:
            self._edit(row, stored)
            return False
        if row is not None:
            logger.info("%s: delivery %s came before.", self.channel, stored["id"])
            return False
        if not turn.words() and not turn.pressed:
            logger.info("%s: delivery %s holds nothing to answer.", self.channel, stored["id"])
            return False
        now = time.time()
        place = now if stored["order"] is None else stored["order"]
        session.add(
            Received(
                channel=self.channel, customer=stored["customer"], delivery_id=stored["id"],
                turn=stored, place=place, received_at=now, next_attempt_at=now,
            )
        )  # fmt: skip
        customer = customer_of(session, self.channel, stored["customer"])
        times = (stored["window_from"], stored["sent_at"], now)
        heard_at = min(now, next(at for at in times if at is not None))
        customer.heard_at = max(customer.heard_at or 0.0, heard_at)
        customer.route = {**customer.route, **stored["route"]}
        session.flush()
        return True

    def _edit(self, row: Received | None, stored: dict[str, Any]) -> None:
        """Take a new wording while Rasa has not read the old one; else only say so."""
        if row is not None and row.state == "pending" and row.attempts == 0:
            row.turn = {**row.turn, "text": stored["text"]}
        else:
            logger.info("%s: an edit of %s came too late.", self.channel, stored["id"])

    def _note_receipt(self, session: Any, remote_id: str, failure: str) -> None:
        if not failure:
            return
        sent = update(Outgoing).where(
            Outgoing.channel == self.channel, Outgoing.remote_id == short(remote_id)
        )
        marked = session.execute(sent.values(state="dead", error=failure)).rowcount
        if not marked and self._is_sending(session):
            raise TooEarly(f"What became of {remote_id} is known before that it was sent.")
        logger.error("%s: message %s did not arrive: %s", self.channel, remote_id, failure)

    def _is_sending(self, session: Any) -> bool:
        """Say whether a message is on its way, whose id nobody knows yet."""
        query = select(Outgoing.id).where(
            Outgoing.channel == self.channel, Outgoing.state == "pending", Outgoing.uncertain
        )
        return session.scalars(query.limit(1)).first() is not None


def described(ignored: Iterable[str], channel: str) -> None:
    """Write into the log what deliveries held beside turns."""
    for what in ignored:
        logger.info("%s: %s is ignored.", channel, what)
