"""What is still to be sent: kept once when it is said, until the provider has it."""

from __future__ import annotations

import datetime
import logging
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import select

from rasa_project.channels.messaging.database import Database
from rasa_project.channels.messaging.errors import MaybeSent, NotSent
from rasa_project.channels.messaging.part import Part, Recipient
from rasa_project.channels.messaging.presence import Presence
from rasa_project.channels.messaging.provider import Provider
from rasa_project.channels.messaging.queue import Queue, customer_of, end, wait_seconds
from rasa_project.channels.messaging.tables import Customer, Outgoing
from rasa_project.channels.messaging.turn import short

logger = logging.getLogger(__name__)

GIVE_UP_SECONDS: Final = 24 * 3600.0  # longer than any outage; later an answer confuses
_NAMESPACE: Final = uuid.UUID("5b0e6e0c-6d55-4a7e-9d5c-2f4f0d6c7a11")


@dataclass(frozen=True)
class Errand:
    """A part to be sent.

    Attributes:
        id: Of its entry.
        to: Where it goes.
        part: With its key and the buttons' tokens.
    """

    id: int
    to: Recipient
    part: Part


class WindowClosed(NotSent):
    """The customer's last message is too long ago for the provider's rules."""


class Outbox(Queue):
    """One channel's outgoing parts.

    Args:
        database: Where they are kept.
        presence: This process.
        provider: Says what the channel takes.
    """

    def __init__(self, database: Database, presence: Presence, provider: Provider) -> None:
        limits = provider.limits
        ahead = limits.gap_seconds * (limits.burst - 1)
        pace = ahead if limits.gap_seconds else None
        super().__init__(database, presence, provider.name, Outgoing, "sending", pace)
        self._provider = provider

    def say(self, customer: str, parts: Sequence[Part], utterance: str, pushed: bool) -> bool:
        """Keep an utterance; it survives a kill when this returns.

        Args:
            customer: Where it goes.
            parts: What it is made of.
            utterance: Names it for ever; what was said before under this name is not said again.
            pushed: It answers no message, so that the provider's window may be closed.

        Returns:
            False where it was said before.

        Raises:
            WindowClosed: The provider would refuse it; nothing was kept.
        """
        to, now, name = short(customer), time.time(), short(utterance)
        with self.database.write() as session:
            known = select(Outgoing.id).where(
                Outgoing.channel == self.channel,
                Outgoing.customer == to,
                Outgoing.utterance == name,
            )
            if session.scalars(known.limit(1)).first() is not None:
                return False
            row = customer_of(session, self.channel, to)
            if pushed:
                for part in parts:
                    self._require_window(row, part)
            for piece, part in enumerate(parts):
                session.add(
                    Outgoing(
                        channel=self.channel, customer=to, utterance=name, piece=piece,
                        part=part.to_dict(), created_at=now, next_attempt_at=now,
                    )
                )  # fmt: skip
                session.flush()  # one by one: their order is that of their numbers
        return True

    def begin(self, entry_id: int) -> Errand | None:
        """Claim a part; none where somebody else has it, or it must not go out any more."""
        with self.database.write() as session:
            row = self.take(session, entry_id)
            if row is None:
                return None
            part = _addressed(row)
            customer = customer_of(session, self.channel, row.customer)
            try:
                self._require_window(customer, part)
            except WindowClosed as error:
                self.give_back(session, row)
                self._give_up(row, str(error))
                return None
            if row.uncertain:
                logger.warning(
                    "%s: message %s may reach the customer twice: it is not known whether it was "
                    "sent.", self.channel, row.id,
                )  # fmt: skip
            row.uncertain = True
            return Errand(row.id, Recipient(row.customer, customer.route), part)

    def sent(self, entry_id: int, remote_id: str) -> None:
        """Put a part at rest that the provider has, and forget its words."""
        with self.database.write() as session:
            row = self.mine(session, entry_id)
            if row is None:
                return
            customer = self.give_back(session, row)
            gap = self._provider.limits.gap_seconds
            customer.paced_until = max(customer.paced_until, time.time()) + gap
            row.remote_id = short(remote_id) or None
            row.part = {**row.part, "text": "", "url": "", "custom": {}}
            end(row, "done")

    def failed(self, entry_id: int, error: NotSent | MaybeSent) -> None:
        """Try a part again later, or give it up."""
        with self.database.write() as session:
            row = self.mine(session, entry_id)
            if row is None:
                return
            self.give_back(session, row)
            row.uncertain = isinstance(error, MaybeSent)
            hopeless = isinstance(error, NotSent) and error.hopeless
            if hopeless or time.time() - row.created_at > GIVE_UP_SECONDS:
                self._give_up(row, str(error))
                return
            if row.error is None:
                logger.warning("%s: message %s has to wait: %s", self.channel, row.id, error)
            row.error = str(error)
            pause = error.retry_after if isinstance(error, NotSent) else None
            wait = wait_seconds(row.attempts) if pause is None else pause
            row.next_attempt_at = time.time() + wait

    def window_ends(self, customer: str) -> float | None:
        """Return until when somebody may be written to; none where there is no end or no word."""
        with self.database.read() as session:
            row = session.get(Customer, (self.channel, short(customer)))
            return self._window_ends(row)

    def _window_ends(self, customer: Customer | None) -> float | None:
        window = self._provider.limits.window_seconds
        if window is None or customer is None or customer.heard_at is None:
            return None
        return float(customer.heard_at + window)

    def _require_window(self, customer: Customer, part: Part) -> None:
        ends = self._window_ends(customer)
        if ends is None or time.time() <= ends or self._provider.outside_window(part):
            return
        hours = round((self._provider.limits.window_seconds or 0) / 3600)
        when = datetime.datetime.fromtimestamp(ends, datetime.timezone.utc)
        raise WindowClosed(
            f"{self._provider.title} allows messages only within {hours} hours of the customer's "
            f"last one; it was possible until {when:%Y-%m-%d %H:%M} UTC. They have to write first.",
            hopeless=True,
        )

    def _give_up(self, row: Outgoing, reason: str) -> None:
        end(row, "dead", reason)
        logger.error(
            "%s: message %s for %s is given up: %s", self.channel, row.id, row.customer, reason
        )


def _addressed(row: Outgoing) -> Part:
    """Return a stored part with what has to be known to send it."""
    part = Part.from_dict(row.part)
    buttons = tuple(
        replace(button, token=f"{row.id}.{index}") for index, button in enumerate(part.buttons)
    )
    name = f"{row.channel}/{row.customer}/{row.utterance}/{row.piece}"
    return replace(part, buttons=buttons, key=str(uuid.uuid5(_NAMESPACE, name)))
