"""Answer timers: a customer waits, an answer is due, and whether it came in time.

The timers follow the conversation itself, so they are right whoever answers and however: the first
runs from the ticket's opening to an agent's first words, the next ones from the first message that
stands unanswered. Only open hours count.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import and_, func, select, update

from rasa_project.desk.queue import hours
from rasa_project.desk.queue.config import DeskConfig
from rasa_project.desk.store.models import AnswerTimer, Conversation, Message, Ticket
from rasa_project.desk.tickets import states
from rasa_project.desk.tickets.changes import Changes

FIRST: Final = "first"
NEXT: Final = "next"

_RUNNING = AnswerTimer.ended_at.is_(None)


def start(session: Any, config: DeskConfig, ticket: Ticket, kind: str, at: float) -> None:
    """Start a timer, where there is a target for the ticket's priority."""
    target = _target(config, ticket.priority, kind)
    if target is None:
        return
    timer = AnswerTimer(ticket_id=ticket.id, kind=kind, started_at=at)
    _aim(config, timer, ticket.priority, target)
    session.add(timer)
    session.flush()


def aim_anew(session: Any, config: DeskConfig, ticket: Ticket) -> None:
    """Give the running timer the target of the ticket's new priority.

    A breach that was recorded stays; where the new priority has no target, the timer ends.
    """
    timer = session.scalar(select(AnswerTimer).where(_RUNNING, AnswerTimer.ticket_id == ticket.id))
    if timer is None:
        return
    target = _target(config, ticket.priority, timer.kind)
    if target is None:
        session.delete(timer)
    else:
        _aim(config, timer, ticket.priority, target)


def follow(session: Any, config: DeskConfig, now: float) -> Changes:
    """End timers that were answered, start those that are due to run, and record breaches."""
    changes = Changes()
    changes.tickets |= _end_answered(session)
    changes.tickets |= _end_closed(session)
    changes.tickets |= _start_next(session, config)
    changes.tickets |= _record_breaches(session, now)
    return changes


def running(session: Any, ticket_ids: list[int]) -> dict[int, dict[str, Any]]:
    """Return the running timers of tickets, ready for the page."""
    query = select(AnswerTimer).where(_RUNNING, AnswerTimer.ticket_id.in_(ticket_ids))
    return {
        timer.ticket_id: {"kind": timer.kind, "warn_at": timer.warn_at, "due_at": timer.due_at}
        for timer in session.scalars(query)
    }


def _target(config: DeskConfig, priority: str, kind: str) -> float | None:
    target = config.targets.get(priority)  # type: ignore[call-overload]
    seconds: float | None = getattr(target, kind) if target else None
    return seconds


def _aim(config: DeskConfig, timer: AnswerTimer, priority: str, target: float) -> None:
    timer.priority = priority
    timer.warn_at = hours.after(config, timer.started_at, target * config.warn_at)
    timer.due_at = hours.after(config, timer.started_at, target)


def _end_answered(session: Any) -> set[int]:
    answered_at = func.min(Message.timestamp)
    query = (
        select(AnswerTimer, answered_at)
        .join(Ticket, Ticket.id == AnswerTimer.ticket_id)
        .join(
            Message,
            and_(
                Message.conversation_id == Ticket.conversation_id,
                Message.timestamp >= AnswerTimer.started_at,
            ),
        )
        .where(_RUNNING, Message.sender == "agent")
        .group_by(AnswerTimer.id)
    )
    return {_end(timer, at, answered=True) for timer, at in session.execute(query)}


def _end_closed(session: Any) -> set[int]:
    query = (
        select(AnswerTimer, Ticket.closed_at)
        .join(Ticket, Ticket.id == AnswerTimer.ticket_id)
        .where(_RUNNING, Ticket.state.not_in(states.OPEN))
    )
    return {
        _end(timer, max(closed_at or 0.0, timer.started_at), answered=False)
        for timer, closed_at in session.execute(query)
    }


def _end(timer: AnswerTimer, at: float, *, answered: bool) -> int:
    timer.ended_at, timer.answered = at, int(answered)
    if at > timer.due_at:
        timer.breached_at = timer.breached_at or timer.due_at
    return int(timer.ticket_id)


def _start_next(session: Any, config: DeskConfig) -> set[int]:
    """Start a timer where the customer wrote after an agent's latest words."""
    has_timer = select(AnswerTimer.id).where(_RUNNING, AnswerTimer.ticket_id == Ticket.id).exists()
    query = (
        select(Ticket)
        .join(Conversation, Conversation.id == Ticket.conversation_id)
        .where(
            Ticket.state.in_(states.OPEN), Ticket.entered_at.is_not(None),
            Conversation.last_sender == "customer", ~has_timer,
        )
    )  # fmt: skip
    started = set()
    for ticket in session.scalars(query) if config.targets else ():
        since = _unanswered_since(session, ticket)
        if since is not None:
            start(session, config, ticket, NEXT, since)
            started.add(ticket.id)
    return started


def _unanswered_since(session: Any, ticket: Ticket) -> float | None:
    """Return when the first message came that no agent has answered; none before any answer."""
    said = select(Message.timestamp).where(Message.conversation_id == ticket.conversation_id)
    answered_at = session.scalar(
        said.with_only_columns(func.max(Message.timestamp)).where(
            Message.sender == "agent", Message.timestamp >= ticket.opened_at
        )
    )
    if answered_at is None:
        return None
    since: float | None = session.scalar(
        said.with_only_columns(func.min(Message.timestamp)).where(
            Message.sender == "customer", Message.timestamp > answered_at
        )
    )
    return since


def _record_breaches(session: Any, now: float) -> set[int]:
    missed = (_RUNNING, AnswerTimer.due_at <= now, AnswerTimer.breached_at.is_(None))
    tickets = set(session.scalars(select(AnswerTimer.ticket_id).where(*missed)))
    if tickets:
        session.execute(
            update(AnswerTimer)
            .where(*missed)
            .values(breached_at=AnswerTimer.due_at)
            .execution_options(synchronize_session=False)
        )
    return tickets
