"""A conversation's messages as agents see them, a page at a time from the latest to the first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import and_, or_, select

from rasa_project import attachments
from rasa_project.desk.errors import RequestError
from rasa_project.desk.store.models import Message, OutboxEntry
from rasa_project.desk.tickets import files
from rasa_project.desk.tickets.transitions import find_ticket

PAGE_MESSAGES: Final = 200
# Of text in one page; it holds one message at least, however long that is.
PAGE_CHARACTERS: Final = 200_000


def page(
    session: Any, conversation_id: str, before: Message | None = None
) -> tuple[list[dict[str, Any]], bool]:
    """Return messages, the oldest first, and whether there are earlier ones.

    Args:
        session: Of the desk's store.
        conversation_id: Rasa's id.
        before: The messages before this one; the latest ones where there is none.
    """
    query = (
        _with_delivery()
        .where(Message.conversation_id == conversation_id)
        .order_by(Message.timestamp.desc(), Message.id.desc())
        .limit(PAGE_MESSAGES + 1)
    )
    if before is not None:
        query = query.where(_earlier_than(before))
    found = session.execute(query).all()
    fitting = _fitting(message for message, _ in found[:PAGE_MESSAGES])
    return [shown(*row) for row in reversed(found[:fitting])], len(found) > fitting


def earlier(session: Any, ticket_id: int, message_id: int) -> dict[str, Any]:
    """Return the page of a ticket's conversation that ends before a message.

    Raises:
        RequestError: There is no such ticket, or no such message in its conversation.
    """
    conversation_id = find_ticket(session, ticket_id).conversation_id
    message = session.get(Message, message_id)
    if message is None or message.conversation_id != conversation_id:
        raise RequestError(404, "no_message", "There is no such message in this conversation.")
    messages, cut = page(session, conversation_id, message)
    return {"messages": messages, "cut": cut}


def of_ids(session: Any, ids: Iterable[int], *conditions: Any) -> list[dict[str, Any]]:
    """Return single messages, in order, of those that meet the conditions."""
    query = _with_delivery().where(Message.id.in_(ids), *conditions)
    said = session.execute(query.order_by(Message.timestamp, Message.id))
    return [shown(*row) for row in said]


def shown(message: Message, delivery: str | None) -> dict[str, Any]:
    """Return one message, and how far it is on its way to the customer."""
    return {
        "id": message.id,
        "conversation": message.conversation_id,
        "message_id": message.message_id,
        "sender": message.sender,
        "agent": message.agent,
        "text": message.text,
        "emotion": message.emotion,
        "buttons": [button["title"] for button in message.buttons or []],
        "files": files.shown(message),
        "wordless": message.text == attachments.stand_in(message.attachments or [])
        and bool(message.attachments),
        "timestamp": message.timestamp,
        "delivery": delivery,
    }


def _with_delivery() -> Any:
    entry = OutboxEntry
    return select(Message, entry.state).outerjoin(entry, entry.message_id == Message.message_id)


def _earlier_than(message: Message) -> Any:
    same_time = and_(Message.timestamp == message.timestamp, Message.id < message.id)
    return or_(Message.timestamp < message.timestamp, same_time)


def _fitting(messages: Iterable[Message]) -> int:
    """Return how many of the messages one page holds."""
    characters, count = 0, 0
    for message in messages:
        characters += len(message.text)
        if count and characters > PAGE_CHARACTERS:
            break
        count += 1
    return count
