"""Tells waiting customers their place and the wait to expect, when that changed enough."""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import func, or_, select

from rasa_project.desk.outbound import queue_notices, telling
from rasa_project.desk.queue.teams import Work
from rasa_project.desk.store.models import OutboxEntry, QueueNotice, Ticket
from rasa_project.desk.tickets import states
from rasa_project.desk.tickets.changes import Changes

QUIET_SECONDS: Final = 120.0
# Handling times that an estimate rests on. Fewer than eight have quartiles that mean nothing.
MIN_SAMPLES: Final = 8
MAX_SAMPLES: Final = 60
SAMPLES_FROM_SECONDS: Final = 7 * 24 * 3600.0
LONGEST_MINUTES: Final = 60  # beyond it a figure would promise more than anybody knows

Minutes = tuple[int, int]


def tell(session: Any, now: float, present: dict[int, Work]) -> Changes:
    """Tell those who enter the queue, and those whose place changed enough.

    Args:
        session: A session of `Store.write`.
        now: Seconds since 1970.
        present: The work of the agents who are there, by their ids.
    """
    changes = Changes()
    waiting = places(session, now, present)
    notices = _notices(session, [ticket for ticket, *_ in waiting])
    for ticket, place, wait in waiting:
        minutes = wait[1] if wait else None
        if not is_news(notices.get(ticket.id), place, minutes, now):
            continue
        if _under_way(session, ticket.id):
            continue  # Rasa is slow or down; what is written now would come with that, stale
        text = queue_notices.place(ticket.conversation.language, place, wait, LONGEST_MINUTES)
        changes |= telling.notify(session, ticket, text)
        notice = notices.get(ticket.id) or QueueNotice(ticket_id=ticket.id)
        notice.told_at, notice.place, notice.minutes = now, place, minutes
        session.add(notice)
    return changes


def places(
    session: Any, now: float, present: dict[int, Work]
) -> list[tuple[Ticket, int, Minutes | None]]:
    """Return who waits in which place, from 1, and the minutes to expect; see `tell`."""
    found = []
    for team, line in _lines(session, now).items():
        paces = _pace(session, team, now, present)
        for place, ticket in enumerate(line, start=1):
            found.append((ticket, place, expected_wait(place, *paces) if paces else None))
    return found


def place_of(session: Any, ticket: Ticket, now: float) -> int | None:
    """Return a waiting ticket's place in its team's line, from 1; none if it is in no line."""
    for line in _lines(session, now).values():
        for place, other in enumerate(line, start=1):
            if other.id == ticket.id:
                return place
    return None


def expected_wait(place: int, handling: list[float], hands: int) -> Minutes:
    """Return how many minutes a customer at a place may expect to wait.

    Conversations end `hands` at a time, each after a handling time; the range is that of the middle
    half of the latest handling times.

    Args:
        place: From 1.
        handling: Seconds that conversations took from being taken to their end.
        hands: Conversations that are handled side by side, at least 1.
    """
    low, _, high = statistics.quantiles(handling, n=4, method="inclusive")
    return tuple(_rounded(place * seconds / hands / 60) for seconds in (low, high))  # type: ignore[return-value]


def is_news(notice: QueueNotice | None, place: int, minutes: int | None, now: float) -> bool:
    """Say whether a customer should hear their place now."""
    if notice is None:
        return True
    if now - notice.told_at < QUIET_SECONDS:
        return False
    if notice.place is None:
        return True
    before: int = notice.place
    if abs(place - before) >= max(1, before // 3):
        return True
    if minutes is None or notice.minutes is None:
        return False
    longer: int = notice.minutes
    return abs(minutes - longer) >= max(5, longer // 2)


def enter_anew(session: Any, ticket: Ticket) -> None:
    """Let a customer who came back into the queue hear their place again."""
    notice = session.get(QueueNotice, ticket.id)
    if notice is not None:
        notice.place = notice.minutes = None


def _lines(session: Any, now: float) -> dict[str | None, list[Ticket]]:
    """Return the waiting tickets by team, each line in its order; snoozed ones stand in none."""
    query = (
        select(Ticket)
        .where(
            Ticket.state == states.QUEUED, Ticket.entered_at.is_not(None),
            or_(Ticket.snoozed_until.is_(None), Ticket.snoozed_until <= now),
        )
        .order_by(Ticket.sort_key.desc(), Ticket.id)
    )  # fmt: skip
    lines: dict[str | None, list[Ticket]] = defaultdict(list)
    for ticket in session.scalars(query):
        lines[ticket.team].append(ticket)
    return lines


def _pace(
    session: Any, team: str | None, now: float, present: dict[int, Work]
) -> tuple[list[float], int] | None:
    """Return handling times and hands; none where there is too little to go by."""
    ours = Ticket.team.is_(None) if team is None else Ticket.team == team
    query = (
        select(Ticket.closed_at - Ticket.claimed_at)
        .where(ours, Ticket.claimed_at.is_not(None), Ticket.closed_at > now - SAMPLES_FROM_SECONDS)
        .order_by(Ticket.closed_at.desc())
        .limit(MAX_SAMPLES)
    )
    handling = [seconds for seconds in session.scalars(query) if seconds and seconds > 0]
    serving = _count(work.serves(team) for work in present.values())
    if len(handling) < MIN_SAMPLES or serving == 0:
        return None
    in_hand = session.scalar(
        select(func.count()).select_from(Ticket).where(ours, Ticket.state == states.AGENT)
    )
    return handling, max(serving, in_hand)


def _count(values: Iterable[bool]) -> int:
    return sum(values)


def _notices(session: Any, line: list[Ticket]) -> dict[int, QueueNotice]:
    query = select(QueueNotice).where(QueueNotice.ticket_id.in_([ticket.id for ticket in line]))
    return {notice.ticket_id: notice for notice in session.scalars(query)}


def _under_way(session: Any, ticket_id: int) -> bool:
    pending = select(OutboxEntry.id).where(
        OutboxEntry.ticket_id == ticket_id, OutboxEntry.state == "pending"
    )
    return session.scalar(pending.limit(1)) is not None


def _rounded(minutes: float) -> int:
    step = 1 if minutes <= 10 else 5 if minutes <= 30 else 10
    return max(1, math.ceil(minutes / step) * step)
