"""A desk on a bad day: thousands of open tickets, and one very long conversation."""

from __future__ import annotations

import time
from typing import Any, Final

from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import Conversation, Message, Ticket
from rasa_project.desk.tickets import priority

LONG: Final = "long"
_FEELINGS: Final = (
    ("anger", 0.9, -0.8), ("worry", 0.5, -0.4), ("neutral", 0.1, 0.0), ("joy", 0.6, 0.7),
    ("confusion", 0.4, -0.2), ("disappointment", 0.6, -0.6),
)  # fmt: skip
_SAID: Final = (
    "Where is my parcel?",
    "I have been waiting for three weeks and nobody answers. The shop says one thing, the carrier "
    "another, and I have stayed at home for it twice now. What am I supposed to do?",
    "订单还没有到，已经等了很久了，能帮我查一下吗？",
    "Thank you.\nOne more thing: can I change the address?",
)


def fill(store: Store, tickets: int, turns: int) -> None:
    """Store open tickets, the first of them with a conversation of so many turns.

    Args:
        store: Empty, with its tables.
        tickets: How many wait.
        turns: Messages in the conversation `LONG`, the customer's and the bot's in turn.
    """
    now = time.time()
    with store.write() as session:
        names = [LONG, *(f"c{number}" for number in range(1, tickets))]
        session.add_all(_conversation(name, at, now) for at, name in enumerate(names))
        session.flush()
        session.add_all(_ticket(name, at, now) for at, name in enumerate(names))
        session.flush()
        session.bulk_insert_mappings(Message, [_turn(at, turns, now) for at in range(turns)])


def feeling(number: int) -> dict[str, Any]:
    """Return an emotion as the desk stores it."""
    name, intensity, valence = _FEELINGS[number % len(_FEELINGS)]
    return {"name": name, "intensity": intensity, "valence": valence, "abstained": False}


def _conversation(name: str, number: int, now: float) -> Conversation:
    return Conversation(
        id=name, channel="webchat", language="en", last_seen=now - 899 + number % 900, slots={},
        last_text=_SAID[number % len(_SAID)], last_emotion=feeling(number), last_sender="customer",
    )  # fmt: skip


def _ticket(name: str, number: int, now: float) -> Ticket:
    reason = {"signal": "streak", "value": 3, "weight": 0.7, "says": "negative 3 turns in a row"}
    ticket = Ticket(
        conversation_id=name, state="queued", opened_at=now - 899 + number % 900, entered_at=now,
        heat=1.0 if number == 0 else 0.8 * priority.heat(feeling(number)), evidence=0.7,
        forecast=0.9 if number == 0 else number % 7 / 10, sort_key=0.0, reasons=[reason],
    )  # fmt: skip
    priority.weigh(ticket)
    return ticket


def _turn(at: int, turns: int, now: float) -> dict[str, Any]:
    customer = at % 2 == 0
    return {
        "conversation_id": LONG, "source": f"{at}@{LONG}", "timestamp": now - 10.0 * (turns - at),
        "sender": "customer" if customer else "bot", "text": f"{at}: {_SAID[at // 2 % len(_SAID)]}",
        "emotion": feeling(at // 2) if customer else None,
    }  # fmt: skip
