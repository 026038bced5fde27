"""The files of one channel's customers: what is still to be fetched, and what is kept."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, func, or_, select

from rasa_project import attachments
from rasa_project.channels.messaging.database import Database
from rasa_project.channels.messaging.media.source import Source
from rasa_project.channels.messaging.presence import Presence, living
from rasa_project.channels.messaging.tables import File
from rasa_project.channels.messaging.turn import Turn, short, storable
from rasa_project.lanes import Head

logger = logging.getLogger(__name__)

_DAY: Final = 24 * 3600.0
# Longer than any outage; some services forget a file after a day, most after a month.
GIVE_UP_SECONDS: Final = 3 * _DAY
_LONGEST_WAIT_SECONDS: Final = 600.0
_ID_CHARACTERS: Final = 40
_HEADS: Final = 200
QUOTA: Final = "file_quota"


@dataclass(frozen=True)
class Errand:
    """A file to be fetched.

    Attributes:
        number: Of its row.
        id: Under which it will be kept.
        source: Where it is.
    """

    number: int
    id: str
    source: Source


class Shelf:
    """One channel's files.

    Args:
        database: Where their rows are.
        presence: This process.
        channel: Name of the channel.
        kinds: The kinds of attachments that the channel can fetch.
    """

    def __init__(
        self, database: Database, presence: Presence, channel: str, kinds: frozenset[str]
    ) -> None:
        self._database = database
        self._presence = presence
        self._channel = channel
        self._kinds = kinds

    def note(self, turn: Turn) -> list[dict[str, Any]]:
        """Note a turn's files, once; return all that came with it, described for the metadata.

        What is noted survives a kill when this returns. Its `id` is ours, and `remote_id` the
        provider's.
        """
        told: list[dict[str, Any]] = list(turn.metadata().get(attachments.KEY, []))
        wanted = {
            number: self._id(turn, number)
            for number, one in enumerate(turn.attachments[: attachments.MOST])
            if one.kind in self._kinds and (one.id or one.url)
        }
        if not wanted:
            return told
        with self._database.write() as session:
            for number, file_id in wanted.items():
                self._note(session, turn, number, file_id)
        for number, file_id in wanted.items():
            mine = {"id": file_id, "stored": True, "channel": self._channel}
            remote = {"remote_id": told[number]["id"]} if "id" in told[number] else {}
            told[number] = {**told[number], **remote, **mine}
        return told

    def heads(self) -> list[Head]:
        """Return what is to be fetched, unless another living process does."""
        with self._database.read() as session:
            query = (
                select(File.number, File.next_attempt_at)
                .where(File.state == "pending", File.channel == self._channel, self._free(session))
                .order_by(File.next_attempt_at)
                .limit(_HEADS)
            )
            rows = session.execute(query).all()
        return [Head(row.number, row.number, self._channel, row.next_attempt_at) for row in rows]

    def begin(self, number: int, day_bytes: int) -> Errand | None:
        """Claim a file; none where somebody else has it, or its sender has sent too much."""
        with self._database.write() as session:
            query = select(File).where(File.number == number, self._free(session))
            row = session.scalar(query)
            if row is None or row.state != "pending":
                return None
            if self._sent_today(session, row.customer) >= day_bytes:
                _end(row, "dead", QUOTA)
                return None
            row.worker = self._presence.id
            row.attempts += 1
            return Errand(row.number, row.id, Source.from_dict(row.source))

    def keep(self, number: int, name: str, mime_type: str, size: int) -> None:
        """Say that a file is in its place."""
        with self._database.write() as session:
            row = session.get(File, number)
            if row is None:
                return  # its customer was erased; the file is swept
            row.name, row.mime_type, row.size = storable(name), mime_type, size
            row.source = None
            _end(row, "done")

    def postpone(self, number: int, reason: str, seconds: float | None = None) -> None:
        """Try a file again later, or give it up where that went on for too long.

        Args:
            number: Of its row.
            reason: In words.
            seconds: After which the provider wants to be asked again; none where it does not say.
        """
        with self._database.write() as session:
            row = session.get(File, number)
            if row is None:
                return
            if time.time() - row.noted_at > GIVE_UP_SECONDS:
                self._give_up(row, reason)
                return
            if row.error is None:
                logger.warning("%s: a file has to wait: %s", self._channel, reason)
            row.worker, row.error = None, storable(reason)
            wait = wait_seconds(row.attempts) if seconds is None else seconds
            row.next_attempt_at = time.time() + wait

    def give_up(self, number: int, reason: str) -> None:
        """Say that a file will never be here.

        Args:
            number: Of its row.
            reason: In words, or one of `intake.NotTaken`.
        """
        with self._database.write() as session:
            row = session.get(File, number)
            if row is not None:
                self._give_up(row, reason)

    def find(self, file_id: str, customer: str) -> File | None:
        """Return a customer's file."""
        with self._database.read() as session:
            row: File | None = session.scalar(select(File).where(
                File.id == file_id, File.channel == self._channel,
                File.customer == short(customer),
            ))  # fmt: skip
            return row

    def known_among(self, ids: Sequence[str]) -> set[str]:
        """Return those ids, of any channel, that have a row."""
        with self._database.read() as session:
            return set(session.scalars(select(File.id).where(File.id.in_(list(ids)))))

    def forget(self, before: float) -> list[str]:
        """Delete the rows of what ended before a time; return their ids."""
        with self._database.write() as session:
            old = [File.channel == self._channel, File.ended_at < before]
            gone = list(session.scalars(select(File.id).where(*old)))
            session.execute(delete(File).where(*old))
        return gone

    def _note(self, session: Any, turn: Turn, number: int, file_id: str) -> None:
        if session.scalar(select(File.number).where(File.id == file_id)) is not None:
            return  # a process died over this turn
        source = Source(turn.attachments[number], turn.id, turn.route)
        now = time.time()
        session.add(
            File(
                id=file_id, channel=self._channel, customer=short(turn.customer),
                source=source.to_dict(), noted_at=now, next_attempt_at=now,
            )
        )  # fmt: skip
        session.flush()

    def _id(self, turn: Turn, number: int) -> str:
        name = f"{self._channel}\0{short(turn.id)}\0{number}".encode("utf-8", "replace")
        return hashlib.sha256(name).hexdigest()[:_ID_CHARACTERS]

    def _free(self, session: Any) -> Any:
        """Select files that nobody else fetches; see `Queue._free`."""
        others = [name for name in living(session) if name != self._presence.id]
        return or_(File.worker.is_(None), File.worker.notin_(others))

    def _sent_today(self, session: Any, customer: str) -> int:
        theirs = [
            File.channel == self._channel, File.customer == customer, File.state == "done",
            File.ended_at > time.time() - _DAY,
        ]  # fmt: skip
        return int(session.scalar(select(func.sum(File.size)).where(*theirs)) or 0)

    def _give_up(self, row: File, reason: str) -> None:
        _end(row, "dead", storable(reason))
        logger.error("%s: a file of %s is not kept: %s", self._channel, row.customer, reason)


def wait_seconds(attempts: int) -> float:
    """Return how long to wait after failed attempts, from two seconds to ten minutes."""
    return float(min(_LONGEST_WAIT_SECONDS, 2.0 ** min(attempts, 10)))


def _end(row: Any, state: str, error: str | None = None) -> None:
    row.state, row.error, row.ended_at, row.worker = state, error, time.time(), None
