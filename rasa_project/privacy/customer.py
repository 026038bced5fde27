"""One customer: which conversations are theirs, and what each store has of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from emotion_component.errors import EmotionError
from rasa_project.desk.erasing import names, rows
from rasa_project.desk.erasing.rows import Elsewhere
from rasa_project.privacy.stores import Stores

CHANNELS: Final = "Messaging channels"
DESK: Final = "Desk"
CHAT: Final = "Web chat"


class NothingToErase(EmotionError):
    """There is no such customer or conversation; the message says where it was looked for."""


@dataclass(frozen=True)
class Asked:
    """Whom an operator means.

    Attributes:
        conversation: Rasa's sender id; none where the shop's is given.
        customer: The shop's id; none where Rasa's is given.
        either: The conversation may be the shop's id just as well.
    """

    conversation: str | None = None
    customer: str | None = None
    either: bool = False


@dataclass(frozen=True)
class Customer:
    """Somebody found.

    Attributes:
        senders: Rasa's ids of their conversations.
        thread: The web chat's; none where it does not know them.
        names: All that they are known by, for `names.begin`.
        counts: Rows by store and by what they are.
        open_tickets: Numbers of those that are open at the desk.
        elsewhere: What lies outside of these stores.
        begun: An erasure was stopped midway.
    """

    senders: tuple[str, ...]
    thread: str | None
    names: tuple[str, ...]
    counts: dict[str, dict[str, int]]
    open_tickets: list[int] = field(default_factory=list)
    elsewhere: Elsewhere = field(default_factory=lambda: Elsewhere([], []))
    begun: bool = False


def find(stores: Stores, asked: Asked) -> Customer:
    """Find a customer, and count what each store has of them.

    Raises:
        NothingToErase: No store knows them, and no erasure of theirs was stopped midway.
    """
    thread = _thread(stores, asked)
    given = str(asked.conversation if asked.customer is None else asked.customer)
    senders: tuple[str, ...] = () if asked.customer is not None else (given,)
    known_as = {f"customer:{given}"} if asked.customer is not None or asked.either else set()
    if thread is not None and stores.chat is not None:
        senders = stores.chat.conversations_of(thread)
        customer = stores.chat.customer_of(thread)
        known_as |= set() if customer is None else {f"customer:{customer}"}
    counts = count(stores, senders, thread)
    found = Customer(senders, thread, (*senders, *sorted(known_as)), counts)
    if stores.desk is not None:
        with stores.desk.read() as session:
            found = Customer(
                found.senders, thread, found.names, counts,
                rows.open_tickets(session, senders), rows.elsewhere(session, senders),
                names.unfinished(session, found.names),
            )  # fmt: skip
    if not counts and not found.begun:
        raise NothingToErase(_unknown(asked))
    return found


def count(
    stores: Stores, senders: tuple[str, ...], thread: str | None
) -> dict[str, dict[str, int]]:
    """Count the rows of conversations, by store and by what they are."""
    found = {name: events.count(senders) for name, events in stores.events.items()}
    if stores.channels is not None:
        found[CHANNELS] = stores.channels.count(senders)
    if stores.desk is not None:
        with stores.desk.read() as session:
            found[DESK] = rows.count(session, senders)
    if stores.chat is not None and thread is not None:
        found[CHAT] = stores.chat.count(thread)
    return {name: counts for name, counts in found.items() if counts}


def export(stores: Stores, found: Customer) -> dict[str, Any]:
    """Return all rows of a customer, JSON-ready, by store and by what they are."""
    given: dict[str, Any] = {}
    for name, events in stores.events.items():
        given[name] = events.export(found.senders)
    if stores.channels is not None:
        given[CHANNELS] = stores.channels.export(found.senders)
    if stores.desk is not None:
        with stores.desk.read() as session:
            given[DESK] = rows.export(session, found.senders)
    if stores.chat is not None and found.thread is not None:
        given[CHAT] = stores.chat.export(found.thread)
    return {name: content for name, content in given.items() if content}


def _thread(stores: Stores, asked: Asked) -> str | None:
    if stores.chat is None:
        return None
    if asked.customer is not None:
        return stores.chat.thread_of(customer=asked.customer)
    thread = stores.chat.thread_of(conversation=str(asked.conversation))
    if thread is None and asked.either:
        thread = stores.chat.thread_of(customer=asked.conversation)
    return thread


def _unknown(asked: Asked) -> str:
    if asked.customer is not None:
        return (
            f"The web chat knows no customer {asked.customer!r}. Give the id that your shop "
            "signs (`sub` of its JWT), or the conversation of one who never signed in."
        )
    return (
        f"No store of this project has anything of it: there is no conversation "
        f"{asked.conversation!r}. Give the id as Rasa has it (`sender_id`); the desk shows it, too."
    )
