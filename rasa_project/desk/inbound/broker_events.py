"""Events as Rasa's brokers carry them, JSON without a number, given names and taken into the store.

The same event has the same name however often it comes. A customer's message is named by the id
that the client gave it: a Rasa that died before it stored the turn publishes the message again when
the client sends it again, with another time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import partial
from typing import Any

from rasa_project.desk.inbound import tracker_events
from rasa_project.desk.inbound.intake import Intake
from rasa_project.desk.inbound.tracker_events import Row
from rasa_project.desk.store.database import Store
from rasa_project.desk.tickets.changes import Changes


def take_batch(store: Store, bodies: Iterable[bytes]) -> Changes:
    """Take events into the store in one transaction; broken ones are logged and hold up nobody."""
    with store.write() as session:
        # What is on the broker need not be in Rasa's store: Rasa publishes first.
        intake = Intake(session, stored_by_rasa=False)
        for body in bodies:
            intake.take_sound(partial(read_row, body), f"{len(body)} bytes from the broker")
        return intake.changes


def read_row(body: bytes) -> Row:
    """Read the body of a broker's message.

    Raises:
        BrokenEvent: It is no event of a conversation.
    """
    try:
        event = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise tracker_events.BrokenEvent(f"its JSON cannot be read: {error}") from error
    if not isinstance(event, dict) or not isinstance(event.get("event"), str):
        raise tracker_events.BrokenEvent("it is no event")
    values = event.get("sender_id"), event["event"], event.get("timestamp")
    return tracker_events.row(0, *values, body.decode("utf-8", "replace"), _name(event))


def _name(event: dict[str, Any]) -> str:
    metadata = event.get("metadata")
    given = metadata.get("message_id") if isinstance(metadata, dict) else None
    if event["event"] == "user" and isinstance(given, str) and given:
        content: Any = ["user", event.get("sender_id"), given]
    else:
        content = event
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
