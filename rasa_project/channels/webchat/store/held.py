"""What is pushed to a customer and waits until Rasa has stored it; in transactions."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select

from rasa_project.channels.webchat.store.messages import Kept, append
from rasa_project.channels.webchat.store.tables import HELD


def hold(
    connection: Any, sender: str, utterance: str, bodies: Sequence[Mapping[str, Any]]
) -> list[int]:
    """Keep the messages of one utterance, in order; return their keys."""
    keys = []
    for body in bodies:
        row = {
            "sender": sender,
            "utterance": utterance,
            "id": body["id"],
            "body": json.dumps(body),
            "since": time.time(),
        }
        keys.append(connection.execute(HELD.insert().values(row)).inserted_primary_key[0])
    return keys


def release(connection: Any, keys: Sequence[int]) -> list[Kept]:
    """Put messages into their conversations, those that are not there yet."""
    kept = []
    for key in keys:
        row = connection.execute(select(HELD).where(HELD.c.key == key).with_for_update()).first()
        if row is not None:
            kept.append(append(connection, row.sender, row.id, json.loads(row.body)))
    drop(connection, keys)
    return kept


def drop(connection: Any, keys: Sequence[int]) -> None:
    """Forget messages that Rasa never stored; who pushed them pushes them again."""
    connection.execute(delete(HELD).where(HELD.c.key.in_(list(keys))))


def left(connection: Any, seconds: float) -> list[tuple[int, str, str]]:
    """List what has waited longer than its server would let it: key, sender id, utterance."""
    rows = connection.execute(
        select(HELD).where(HELD.c.since < time.time() - seconds).order_by(HELD.c.key)
    )
    return [(row.key, row.sender, row.utterance) for row in rows]
