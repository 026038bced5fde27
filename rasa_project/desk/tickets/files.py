"""Files of a conversation: what came with a message, and what agents add to their answers."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select

from rasa_project import attachments
from rasa_project.desk.errors import RequestError
from rasa_project.desk.store.models import Message, ReplyFile, Ticket
from rasa_project.desk.tickets.transitions import find_ticket

_CHAT: Final = "webchat"  # keeps what agents send, whatever channel their customer is on


def channel_of(session: Any, ticket_id: int) -> str:
    """Return the name of the channel that a ticket's customer is on; empty where nobody says."""
    return str(find_ticket(session, ticket_id).conversation.channel or "")


def keep(session: Any, ticket_id: int, brought: Mapping[str, Any]) -> dict[str, Any]:
    """Remember a file that the channel has taken; return it as the page is shown it.

    Args:
        session: A session of `Store.write`.
        ticket_id: Whose answer it is for.
        brought: The channel's own description.
    """
    found = session.get(ReplyFile, brought["id"])
    if found is None:
        found = ReplyFile(
            id=brought["id"], ticket_id=ticket_id, kind=brought["kind"], name=brought["name"],
            mime_type=brought["mime_type"], size=brought["size"], url=brought.get("url"),
            created_at=time.time(),
        )  # fmt: skip
        session.add(found)
        session.flush()
    return {"id": found.id, "kind": found.kind, "name": found.name, "size": found.size}


def for_answer(session: Any, ticket: Ticket, file_ids: Sequence[str]) -> list[dict[str, Any]]:
    """Return the files of an answer as its metadata describes them.

    Raises:
        RequestError: One is not there, or there are too many.
    """
    if len(file_ids) > attachments.MOST:
        raise RequestError(
            400, "too_many_files", f"A message takes {attachments.MOST} files.",
            maximum=attachments.MOST,
        )  # fmt: skip
    described = []
    for file_id in dict.fromkeys(file_ids):
        file = session.get(ReplyFile, file_id)
        if file is None or file.ticket.conversation_id != ticket.conversation_id:
            raise RequestError(409, "file_gone", "A file is not there any more. Add it again.")
        one = {
            "kind": file.kind, "id": file.id, "name": file.name, "mime_type": file.mime_type,
            "size": file.size, "stored": True,
        }  # fmt: skip
        described.append({**one, "url": file.url} if file.url else one)
    return described


def stored(session: Any, message_id: int, number: int) -> tuple[str, str, str]:
    """Return conversation, channel and id of a file of a message at the desk.

    Raises:
        RequestError: There is no such file, or the channel keeps it where we do not reach.
    """
    message = session.get(Message, message_id)
    held = (message.attachments or []) if message is not None else []
    file = held[number] if number < len(held) else {}
    # An id becomes a part of an address.
    if (
        not file.get("stored")
        or not str(file["id"]).isalnum()
        or not _is_at_the_desk(session, message.conversation_id)
    ):
        raise RequestError(404, "no_file", "There is no such file.")
    return str(message.conversation_id), str(file.get("channel") or _CHAT), str(file["id"])


def shown(message: Message) -> list[dict[str, Any]]:
    """Return the files of a message as the page shows them; `here` are those it can fetch."""
    return [
        {
            "kind": one["kind"],
            "name": one.get("name"),
            "mime_type": one.get("mime_type"),
            "size": one.get("size"),
            "url": one.get("url"),
            "here": bool(one.get("stored")),
        }
        for one in message.attachments or []
    ]


def words(message: Message) -> str:
    """Return what was said, with the names of files, for those who see words alone."""
    names = [str(one["name"]) for one in message.attachments or [] if one.get("name")]
    return "\n".join([str(message.text), *(f"📎 {name}" for name in names)])


def _is_at_the_desk(session: Any, conversation_id: str) -> bool:
    query = select(Ticket.id).where(Ticket.conversation_id == conversation_id).limit(1)
    return session.scalar(query) is not None
