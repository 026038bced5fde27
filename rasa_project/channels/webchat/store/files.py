"""The rows of sent files; each function runs in a transaction."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import delete, func, select, update

from rasa_project.attachments import kind_of
from rasa_project.channels.webchat.refusals import Rejected
from rasa_project.channels.webchat.store.messages import thread_of
from rasa_project.channels.webchat.store.tables import FILES

_DAY: Final = 86_400.0
# A page that was closed over what it had uploaded comes back within a day or not at all.
UNSENT_SECONDS: Final = _DAY
CUSTOMER: Final = "customer"
AGENT: Final = "agent"


def known(connection: Any, sender: str, owner: str, client: str) -> dict[str, Any] | None:
    """Return a file that was uploaded before under the same id of the page's, described."""
    same = (FILES.c.sender == sender, FILES.c.owner == owner, FILES.c.client == client)
    row = connection.execute(select(FILES).where(*same)).first()
    return None if row is None else _described(row)


def add(
    connection: Any,
    file_id: str,
    sender: str,
    owner: str,
    client: str,
    name: str,
    mime_type: str,
    size: int,
    day_bytes: int,
) -> dict[str, Any]:
    """Make a file count, once; returns it described, or the one that came first.

    Raises:
        Rejected: With the reason `file_quota`: the conversation has sent as much as it may.
    """
    before = known(connection, sender, owner, client)
    if before is not None:
        return before
    require_room(connection, sender, owner, size, day_bytes)
    row = {
        "id": file_id, "sender": sender, "owner": owner, "client": client, "name": name,
        "mime_type": mime_type, "size": size, "made": time.time(),
    }  # fmt: skip
    connection.execute(FILES.insert().values(row))
    return _described(connection.execute(select(FILES).where(FILES.c.id == file_id)).first())


def require_room(connection: Any, sender: str, owner: str, size: int, day_bytes: int) -> None:
    """Hold that a conversation may send so much more; see `add`."""
    mine = (
        FILES.c.sender == sender, FILES.c.owner == owner, FILES.c.made > time.time() - _DAY,
    )  # fmt: skip
    sent = connection.execute(select(func.sum(FILES.c.size)).where(*mine)).scalar() or 0
    if sent + size > day_bytes:
        raise Rejected(None, "file_quota")


def attach(
    connection: Any, sender: str, file_ids: Sequence[str], message_id: str
) -> list[dict[str, Any]]:
    """Bind a customer's files to the message that holds them; return them described.

    Raises:
        Rejected: With the reason `file_gone`: one is not there, somebody else's, or in another
            message.
    """
    held = []
    for file_id in file_ids:
        row = connection.execute(select(FILES).where(FILES.c.id == file_id)).first()
        if row is None or row.owner != CUSTOMER or not _is_of(connection, row.sender, sender):
            raise Rejected(message_id, "file_gone")
        if row.message not in {None, message_id}:
            raise Rejected(message_id, "file_gone")
        bound = update(FILES).where(FILES.c.id == file_id).values(message=message_id)
        connection.execute(bound)
        held.append(_described(row))
    return held


def find(connection: Any, file_id: str, sender: str | None = None) -> Any:
    """Return a file's row, or none; with `sender` only where it is of that conversation."""
    row = connection.execute(select(FILES).where(FILES.c.id == file_id)).first()
    if row is None or (sender is not None and not _is_of(connection, row.sender, sender)):
        return None
    return row


def known_among(connection: Any, file_ids: Sequence[str]) -> set[str]:
    """Return those of the ids that have a row."""
    rows = connection.execute(select(FILES.c.id).where(FILES.c.id.in_(list(file_ids))))
    return {row.id for row in rows}


def forget(connection: Any, seconds: float) -> list[str]:
    """Delete the rows of what a customer uploaded and never sent, and of what is that old."""
    now = time.time()
    unsent = FILES.c.message.is_(None) & (FILES.c.owner == CUSTOMER)
    over = (unsent & (FILES.c.made < now - UNSENT_SECONDS)) | (FILES.c.made < now - seconds)
    gone = [row.id for row in connection.execute(select(FILES.c.id).where(over))]
    connection.execute(delete(FILES).where(FILES.c.id.in_(gone)))
    return gone


def _is_of(connection: Any, sender: str, other: str) -> bool:
    """Say whether two conversations of Rasa's are one to the customer."""
    return sender == other or thread_of(connection, sender) == thread_of(connection, other)


def _described(row: Any) -> dict[str, Any]:
    return {
        "kind": kind_of(row.mime_type),
        "id": row.id,
        "name": row.name,
        "mime_type": row.mime_type,
        "size": row.size,
        "stored": True,
    }
