"""Where customers stand who wait for a person; each function runs in a transaction.

Only the desk knows. What it said is kept, so that a page that is opened later shows it at once, and
holds for so long as the desk goes on saying it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from rasa_project.channels.webchat.store.messages import thread_of
from rasa_project.channels.webchat.store.tables import STANDINGS

# The desk says it once a minute.
HOLDS_SECONDS: Final = 180.0


def put(connection: Any, told: Mapping[str, Any]) -> dict[str, dict[str, Any] | None]:
    """Keep what the desk says of conversations; return what is new, by thread.

    Args:
        connection: A transaction that writes.
        told: By Rasa's sender id; None where a customer does not wait any more.
    """
    news: dict[str, dict[str, Any] | None] = {}
    for sender, standing in told.items():
        thread = thread_of(connection, sender)
        if standing != of(connection, thread):
            news[thread] = standing
        if standing is None:
            connection.execute(delete(STANDINGS).where(STANDINGS.c.thread == thread))
        else:
            _write(connection, thread, standing)
    return news


def of(connection: Any, thread: str) -> dict[str, Any] | None:
    """Return where the customer of a thread stands; None where they do not wait."""
    query = select(STANDINGS.c.standing).where(
        STANDINGS.c.thread == thread, STANDINGS.c.until > time.time()
    )
    found = connection.execute(query).scalar()
    return None if found is None else dict(json.loads(found))


def forget(connection: Any) -> None:
    """Delete what says nothing any more."""
    connection.execute(delete(STANDINGS).where(STANDINGS.c.until < time.time()))


def _write(connection: Any, thread: str, standing: Mapping[str, Any]) -> None:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    values = {"standing": json.dumps(standing), "until": time.time() + HOLDS_SECONDS}
    row = dialect.insert(STANDINGS).values({"thread": thread, **values})
    connection.execute(row.on_conflict_do_update(index_elements=["thread"], set_=values))
