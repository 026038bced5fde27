"""Dead letters: what was given up, why, and trying it again."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from rasa_project.channels.messaging.database import Database
from rasa_project.channels.messaging.part import Part
from rasa_project.channels.messaging.tables import Outgoing, Received
from rasa_project.channels.messaging.turn import Turn

_TABLES: Final[dict[str, Any]] = {"in": Received, "out": Outgoing}


@dataclass(frozen=True)
class Letter:
    """Something that was given up.

    Attributes:
        id: `in-` or `out-` and a number.
        channel: Name of the channel.
        customer: Who wrote it, or should have had it.
        at: When it was given up, seconds since 1970.
        words: What it says; empty where the service had it already and it is forgotten here.
        reason: In words.
    """

    id: str
    channel: str
    customer: str
    at: float
    words: str
    reason: str


class NoSuchLetter(LookupError):
    """There is nothing of this id that could be tried again."""


def listed(database: Database) -> list[Letter]:
    """Return all dead letters, the latest first."""
    with database.read() as session:
        letters = [letter for kind in _TABLES for letter in _of(session, kind)]
    return sorted(letters, key=lambda letter: (-letter.at, letter.id))


def try_again(database: Database, ids: Iterable[str]) -> None:
    """Put letters back into their queues, all or none; a running server takes them up by itself.

    Raises:
        NoSuchLetter: One of the ids is none of a dead letter whose words are kept.
    """
    with database.write() as session:
        for name in ids:
            row = _row(session, name)
            row.state, row.attempts, row.error, row.ended_at = "pending", 0, None, None
            row.next_attempt_at = time.time()
            if isinstance(row, Outgoing):
                row.created_at = time.time()


def _of(session: Any, kind: str) -> Iterator[Letter]:
    table = _TABLES[kind]
    for row in session.scalars(select(table).where(table.state == "dead")):
        at = row.ended_at or row.next_attempt_at
        words = _words(row)
        yield Letter(f"{kind}-{row.id}", row.channel, row.customer, at, words, row.error or "")


def _words(row: Any) -> str:
    if isinstance(row, Received):
        return Turn.from_dict(row.turn).words() if row.turn else ""
    part = Part.from_dict(row.part)
    return part.text or part.url or (str(dict(part.custom)) if part.custom else "")


def _row(session: Any, name: str) -> Any:
    kind, _, number = name.partition("-")
    table = _TABLES.get(kind)
    found = table is not None and number.isdecimal() and len(number) < 19
    row = session.get(table, int(number)) if found else None
    if row is None or row.state != "dead":
        raise NoSuchLetter(f"{name} is no message that was given up.")
    if not _words(row):
        raise NoSuchLetter(f"The words of {name} are forgotten: the service had it already.")
    return row
