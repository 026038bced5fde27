"""Conversations that customers have mailed to them; each function runs in a transaction.

A mail goes out at most once: what was on its way when a server died counts as failed, because
nobody knows whether the mail server had it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, func, select, update

from rasa_project.channels.webchat.refusals import Rejected
from rasa_project.channels.webchat.store.tables import MAILS, THREADS

WAITING, SENDING, SENT, FAILED = "waiting", "sending", "sent", "failed"
DAY_MOST: Final = 5  # of one conversation, and to one address, in 24 hours
_DAY: Final = 86_400.0
# Longer than a mail server may take.
_SENDING_SECONDS: Final = 300.0
_KEPT_SECONDS: Final = 7 * _DAY


@dataclass(frozen=True)
class Asked:
    """A mail that is to be sent.

    Attributes:
        id: The page's.
        thread: Whose conversation.
        address: Where it goes.
        language: In which its own words are.
        zone: Of the customer, such as Europe/Berlin.
        attempts: How often it was tried, this time included.
    """

    id: str
    thread: str
    address: str
    language: str
    zone: str
    attempts: int


def ask(connection: Any, mail_id: str, thread: str, address: str, language: str, zone: str) -> None:
    """Have a conversation mailed, once however often it is asked under the same id.

    Raises:
        Rejected: Too many were asked for in 24 hours, or nothing was said yet.
    """
    if state_of(connection, mail_id, thread) is not None:
        return
    said = connection.execute(select(THREADS.c.last).where(THREADS.c.id == thread)).scalar()
    if not said:
        raise Rejected(None, "mail_empty")
    now = time.time()
    for mine in (MAILS.c.thread == thread, MAILS.c.address == address):
        query = select(func.count()).where(mine, MAILS.c.asked > now - _DAY)
        if connection.execute(query).scalar() >= DAY_MOST:
            raise Rejected(None, "mail_quota")
    row = {
        "id": mail_id, "thread": thread, "address": address, "language": language, "zone": zone,
        "state": WAITING, "attempts": 0, "due": now, "asked": now,
    }  # fmt: skip
    connection.execute(MAILS.insert().values(row))


def state_of(connection: Any, mail_id: str, thread: str) -> str | None:
    """Give what has become of a mail, or None where it was never asked for."""
    query = select(MAILS.c.state).where(MAILS.c.id == mail_id, MAILS.c.thread == thread)
    state: str | None = connection.execute(query).scalar()
    return state


def claim(connection: Any) -> Asked | None:
    """Take the next mail that is due, so that no other worker does."""
    now = time.time()
    stale = update(MAILS).where(MAILS.c.state == SENDING, MAILS.c.due < now)
    connection.execute(stale.values(state=FAILED))
    due = select(MAILS).where(MAILS.c.state == WAITING, MAILS.c.due <= now).order_by(MAILS.c.due)
    row = connection.execute(due.limit(1)).first()
    if row is None:
        return None
    mine = update(MAILS).where(MAILS.c.id == row.id, MAILS.c.state == WAITING)
    values = {"state": SENDING, "attempts": row.attempts + 1, "due": now + _SENDING_SECONDS}
    if not connection.execute(mine.values(values)).rowcount:
        return None
    return Asked(row.id, row.thread, row.address, row.language, row.zone, row.attempts + 1)


def settle(connection: Any, mail_id: str, state: str, after: float = 0.0) -> None:
    """Keep what became of a mail; with the state `waiting` it is tried again after some seconds."""
    change = update(MAILS).where(MAILS.c.id == mail_id)
    connection.execute(change.values(state=state, due=time.time() + after))


def forget(connection: Any) -> None:
    """Delete addresses that are of no use any more."""
    connection.execute(delete(MAILS).where(MAILS.c.asked < time.time() - _KEPT_SECONDS))
