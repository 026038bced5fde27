"""Forgets a customer in every store, in an order that can be taken up again after any kill.

First the desk notes, by keyed digests alone, whose events it takes no more: else it would read
again what is still in Rasa's store or on a broker. Then each store forgets in a transaction of its
own. The web chat comes last: it alone knows which conversations are one customer's. Only then the
desk notes that it is done. Whoever is killed in between runs the same command again; what is gone
is found to be gone, and the rest goes.
"""

from __future__ import annotations

import time
from typing import Any, Final

from emotion_component.errors import EmotionError
from rasa_project.channels.webchat.erasing import together
from rasa_project.desk.erasing import cursor, names, rows
from rasa_project.privacy import customer
from rasa_project.privacy.customer import Customer
from rasa_project.privacy.stores import TRACKER, Stores

_ROUNDS: Final = 5
_REST_SECONDS: Final = 0.5


class NotErased(EmotionError):
    """It was refused, or is not whole yet; the message says what to do."""


def erase(stores: Stores, found: Customer, who: str, open_too: bool) -> Any:
    """Delete all rows of a customer.

    Args:
        stores: Of the project.
        found: What `customer.find` gave.
        who: The operator, for the audit log.
        open_too: Also where somebody at the desk has the conversation or is to have it.

    Returns:
        What the web chat erased; none without a web chat.

    Raises:
        NotErased: A ticket is open, or the conversation went on all the time.
    """
    stand_in = _begin(stores, found, open_too)
    erased = None
    for _ in range(_ROUNDS):
        gone = _round(stores, found, stand_in)
        erased = gone if erased is None or gone is None else together(erased, gone)
        if not customer.count(stores, found.senders, found.thread):
            break
        time.sleep(_REST_SECONDS)  # a turn was under way and has been stored since
    else:
        raise NotErased("The conversation went on while it was erased. Run the command again.")
    slow = [one for one in stores.all() if not one.empty_log()]
    if stores.desk is not None:
        with stores.desk.write() as session:
            names.finish(session, stand_in, who)
        stores.desk.empty_log()
    if slow:
        raise NotErased(
            "All rows are gone, but a reader kept a SQLite database's log from being emptied, in "
            "which deleted text may stand until the next one. Run the command again."
        )
    return erased


def require_closed(found: Customer) -> None:
    """Hold that nobody at the desk has the conversation.

    Raises:
        NotErased: Somebody has, or is to have it.
    """
    if found.open_tickets:
        raise _open(found.open_tickets)


def _begin(stores: Stores, found: Customer, open_too: bool) -> str:
    if stores.desk is None:
        return ""
    totals = {name: sum(counts.values()) for name, counts in found.counts.items()}
    with stores.desk.write() as session:
        tickets = rows.open_tickets(session, found.senders)
        if tickets and not open_too:
            raise _open(tickets)
        return names.begin(session, found.names, totals)


def _round(stores: Stores, found: Customer, stand_in: str) -> Any:
    for name, events in stores.events.items():
        events.erase(found.senders)
        if stores.desk is not None and name == TRACKER:
            cursor.step_back(stores.desk, found.senders, events.row_up_to)
    if stores.channels is not None:
        stores.channels.erase(found.senders)
    if stores.desk is not None:
        with stores.desk.write() as session:
            rows.erase(session, found.senders, stand_in)
    return None if stores.chat is None else stores.chat.erase(found.thread)


def _open(tickets: list[int]) -> NotErased:
    numbers = ", ".join(f"#{number}" for number in tickets)
    return NotErased(
        f"The conversation is open at the desk (ticket {numbers}): somebody waits or answers "
        "there. Close it first, or give --open to end it and erase it all the same. Nothing was "
        "erased."
    )
