"""What the desk's store holds of conversations: counted, given out, and deleted.

Tickets stay as numbers, times and names of agents, under a word that leads back to nobody, because
the supervisors' figures and the audit log hang on them.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import delete, func, insert, or_, select, update

from rasa_project.desk.audit import anonymous
from rasa_project.desk.store.models import (
    Absence,
    AnswerTimer,
    BotStep,
    ConnectorDelivery,
    ConnectorEntry,
    ConnectorLink,
    Conversation,
    EmotionCorrection,
    HandoffVerdict,
    Message,
    Note,
    OutboxEntry,
    Outcome,
    QueueNotice,
    ReplyFile,
    Survey,
    Ticket,
    TicketEvent,
    TicketFigures,
    TicketLink,
    TicketTag,
    Transition,
)
from rasa_project.desk.tickets import states

_KEPT: Final = {"synchronize_session": False}


class Part(NamedTuple):
    """Rows of one table that belong to a customer.

    Attributes:
        what: In words, for operators.
        table: The model.
        where: Which rows.
    """

    what: str
    table: Any
    where: Any


class Elsewhere(NamedTuple):
    """What an operator has to look after by hand.

    Attributes:
        tickets: Of other help desks: the connector and its number.
        linked: Conversations that agents said are the same customer's.
    """

    tickets: list[tuple[str, str]]
    linked: list[str]


def count(session: Any, senders: Sequence[str]) -> dict[str, int]:
    """Count the rows of conversations, by what they are; what there is none of is left out."""
    found = {
        part.what: session.scalar(select(func.count()).select_from(part.table).where(part.where))
        for part in [*_goes(session, senders), *_stays(session, senders)]
    }
    return {what: number for what, number in found.items() if number}


def export(session: Any, senders: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of conversations, JSON-ready, by what they are."""
    parts = [*_goes(session, senders), *_stays(session, senders)]
    found = {
        part.what: [
            dict(row) for row in session.execute(
                select(part.table.__table__).where(part.where)
            ).mappings()
        ]
        for part in parts
    }  # fmt: skip
    return {what: rows for what, rows in found.items() if rows}


def open_tickets(session: Any, senders: Sequence[str]) -> list[int]:
    """Return the tickets that wait for somebody or that somebody has."""
    query = select(Ticket.id).where(
        Ticket.conversation_id.in_(senders), Ticket.state.in_(states.OPEN)
    )
    return list(session.scalars(query))


def elsewhere(session: Any, senders: Sequence[str]) -> Elsewhere:
    """Return what the desk knows of the customer that lies in nobody's reach here."""
    tickets = _tickets(session, senders)
    links = select(ConnectorLink.connector, ConnectorLink.remote_id).where(
        ConnectorLink.ticket_id.in_(tickets), ConnectorLink.remote_id.is_not(None)
    )
    pairs = select(TicketLink).where(_either(tickets))
    others = {one for link in session.scalars(pairs) for one in (link.ticket_id, link.earlier_id)}
    linked = select(Ticket.conversation_id).distinct().where(
        Ticket.id.in_(others), Ticket.conversation_id.not_in(senders)
    )  # fmt: skip
    return Elsewhere(
        [(name, remote) for name, remote in session.execute(links)], list(session.scalars(linked))
    )


def erase(session: Any, senders: Sequence[str], stand_in: str) -> None:
    """Delete the rows of conversations, and leave of their tickets what is nobody's.

    Args:
        session: A session of `Store.write`.
        senders: Rasa's sender ids.
        stand_in: Takes the place of the ids.
    """
    tickets = _tickets(session, senders)
    parts = _goes(session, senders)
    for part in parts[:-1]:
        session.execute(delete(part.table).where(part.where), execution_options=_KEPT)
    if tickets:
        _keep_figures(session, senders, tickets, stand_in)
    conversations = parts[-1]
    session.execute(delete(conversations.table).where(conversations.where), execution_options=_KEPT)
    anonymous.replace(session, senders, stand_in)


def _tickets(session: Any, senders: Sequence[str]) -> list[int]:
    return list(session.scalars(select(Ticket.id).where(Ticket.conversation_id.in_(senders))))


def _goes(session: Any, senders: Sequence[str]) -> list[Part]:
    """Name what is deleted, what hangs on other rows before these."""
    tickets = _tickets(session, senders)
    messages = select(Message.id).where(Message.conversation_id.in_(senders))
    plain: dict[str, Any] = {
        "entries for other help desks": ConnectorEntry,
        "links to other help desks": ConnectorLink,
        "files of answers": ReplyFile,
        "notes": Note,
        "tags": TicketTag,
        "steps of tickets": TicketEvent,
        "notices of the queue": QueueNotice,
        "contacts left": Absence,
        "verdicts": HandoffVerdict,
    }
    return [
        Part("corrections", EmotionCorrection, EmotionCorrection.message_id.in_(messages)),
        Part(
            "deliveries of other help desks", ConnectorDelivery,
            ConnectorDelivery.id.in_(_deliveries(session, tickets)),
        ),
        *(Part(what, table, table.ticket_id.in_(tickets)) for what, table in plain.items()),
        Part("links of tickets", TicketLink, _either(tickets)),
        Part("entries for Rasa", OutboxEntry, OutboxEntry.conversation_id.in_(senders)),
        Part("steps of the bot", BotStep, BotStep.conversation_id.in_(senders)),
        Part("messages", Message, Message.conversation_id.in_(senders)),
        Part("conversations", Conversation, Conversation.id.in_(senders)),
    ]  # fmt: skip


def _stays(session: Any, senders: Sequence[str]) -> list[Part]:
    """Name what stays without the person."""
    tickets = _tickets(session, senders)
    return [
        Part("tickets (kept as figures)", Ticket, Ticket.id.in_(tickets)),
        Part("surveys (kept as figures)", Survey, Survey.ticket_id.in_(tickets)),
        Part("outcomes (kept as figures)", Outcome, Outcome.ticket_id.in_(tickets)),
    ]


def _either(tickets: Sequence[int]) -> Any:
    return or_(TicketLink.ticket_id.in_(tickets), TicketLink.earlier_id.in_(tickets))


def _deliveries(session: Any, tickets: Sequence[int]) -> list[int]:
    """Find what other desks sent of these tickets; their numbers stand within JSON."""
    links = select(ConnectorLink.connector, ConnectorLink.remote_id).where(
        ConnectorLink.ticket_id.in_(tickets), ConnectorLink.remote_id.is_not(None)
    )
    theirs = {(name, remote) for name, remote in session.execute(links)}
    query = select(ConnectorDelivery.id, ConnectorDelivery.connector, ConnectorDelivery.actions)
    names = {name for name, _ in theirs}
    return [
        row.id
        for row in session.execute(query.where(ConnectorDelivery.connector.in_(names)))
        if any((row.connector, action.get("ticket")) in theirs for action in row.actions)
    ]


def _keep_figures(
    session: Any, senders: Sequence[str], tickets: Sequence[int], stand_in: str
) -> None:
    """Put tickets under the stand-in, with nothing in them that anybody said."""
    now = time.time()
    _make_stand_in(session, senders, stand_in)
    was_open = open_tickets(session, senders)
    for table in (Ticket, TicketFigures, Survey):
        theirs = table.conversation_id.in_(senders)
        _set(session, table, theirs, conversation_id=stand_in)
    _set(session, Ticket, Ticket.id.in_(tickets), reasons=[])
    _set(session, Survey, Survey.ticket_id.in_(tickets), comment=None)
    _set(session, Outcome, Outcome.ticket_id.in_(tickets), detail="")
    for step in (
        session.execute(select(Transition.id).where(Transition.ticket_id.in_(tickets)))
        .scalars()
        .all()
    ):  # its key held the conversation's id
        _set(session, Transition, Transition.id == step, why="", key=f"erased:{stand_in}:{step}")
    over = {"state": states.RESOLVED, "closed_at": now}
    _set(session, Ticket, Ticket.id.in_(was_open), **over, snoozed_until=None)
    over["closed_at"] = int(now)
    _set(session, TicketFigures, TicketFigures.ticket_id.in_(was_open), **over)
    running = (AnswerTimer.ticket_id.in_(was_open), AnswerTimer.ended_at.is_(None))
    session.execute(
        update(AnswerTimer).where(*running).values(ended_at=now, answered=0),
        execution_options=_KEPT,
    )


def _make_stand_in(session: Any, senders: Sequence[str], stand_in: str) -> None:
    known = select(Conversation.id).where(Conversation.id == stand_in)
    if session.scalar(known) is not None:
        return  # a ticket was opened between two runs
    query = select(Conversation).where(Conversation.id.in_(senders))
    before = session.scalars(query.order_by(Conversation.last_seen.desc())).first()
    session.execute(
        insert(Conversation.__table__).values(
            id=stand_in, channel=before.channel, language=before.language,
            last_seen=before.last_seen, slots={},
        )
    )  # fmt: skip


def _set(session: Any, table: Any, where: Any, **values: Any) -> None:
    session.execute(update(table).where(where).values(**values), execution_options=_KEPT)
