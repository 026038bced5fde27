"""Who may open a thread: revoked sessions, and customers that the shop vouches for."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from rasa_project import attachments
from rasa_project.channels.webchat.store import files, payloads
from rasa_project.channels.webchat.store.messages import Kept, append, make_thread, thread_of
from rasa_project.channels.webchat.store.tables import ALIASES, MESSAGES, REVOKED, THREADS
from rasa_project.channels.webchat.tokens import Session

# Names in one question; builds of SQLite that are still about take 999.
_AT_ONCE: Final = 400


def is_over(connection: Any, session: Session) -> bool:
    """Say whether a session was logged out, here or everywhere."""
    return bool(over_among(connection, [session]))


def over_among(connection: Any, sessions: Iterable[Session]) -> list[Session]:
    """List those of the sessions that are over.

    A few questions for all of them: a worker asks this of all its pages, every few seconds.
    """
    asked = list(sessions)
    chunks = (asked[at : at + _AT_ONCE] for at in range(0, len(asked), _AT_ONCE))
    return [session for chunk in chunks for session in _over(connection, chunk)]


def _over(connection: Any, sessions: Sequence[Session]) -> list[Session]:
    senders = {session.sender for session in sessions}
    aliases = select(ALIASES.c.sender, ALIASES.c.thread).where(ALIASES.c.sender.in_(senders))
    thread_of_sender = {sender: sender for sender in senders} | dict(
        connection.execute(aliases).all()
    )
    threads = set(thread_of_sender.values())
    moments = select(THREADS.c.id, THREADS.c.signed_out).where(THREADS.c.id.in_(threads))
    signed_out = dict(connection.execute(moments).all())
    ids = [session.id for session in sessions]
    logged_out = select(REVOKED.c.session).where(REVOKED.c.session.in_(ids))
    revoked = set(connection.execute(logged_out).scalars())
    return [
        session
        for session in sessions
        if session.id in revoked
        or (signed_out.get(thread_of_sender[session.sender]) or 0.0) >= session.issued
    ]


def accept(
    connection: Any,
    session: Session,
    message_id: str,
    text: str,
    metadata: Mapping[str, Any],
    file_ids: Sequence[str] = (),
    init_payloads: Collection[str] = (),
) -> Kept | None:
    """Store what a customer says, for Rasa to answer; None where the session is over.

    What begins with a slash is an intent to Rasa only where a button carries it that was shown in
    this conversation, or where it is one of `init_payloads`; else it is words like any other.

    The metadata's `customer` is what the shop vouches for, never what a page claims.

    Raises:
        Rejected: A file is not there, or not this customer's.
    """
    if is_over(connection, session):
        return None
    told = {key: value for key, value in metadata.items() if key != "customer"}
    held = files.attach(connection, session.sender, file_ids, message_id)
    if (profile := profile_of(connection, session.sender)) is not None:
        told["customer"] = profile
    title = metadata.get("title")
    pressed = payloads.title_of(connection, session.sender, text)
    # A client may send a button's payload without its title.
    said = title if isinstance(title, str) else text
    shown = pressed if said == text else payloads.title_of(connection, session.sender, said)
    body: dict[str, Any] = {
        "id": message_id, "text": shown or said, "timestamp": time.time(), "sender": "user",
    }  # fmt: skip
    if pressed is None and payloads.is_payload(text) and text.strip() not in init_payloads:
        text = payloads.as_words(text)
    if held:
        body["files"] = held
        told[attachments.KEY] = held
        text = text.strip() or attachments.stand_in(held)
    turn = {"text": text, "metadata": {**told, "message_id": message_id}}
    return append(connection, session.sender, message_id, body, turn)


def revoke(connection: Any, session: Session) -> None:
    """End a session: its tokens open nothing any more."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    row = {"session": session.id, "until": session.expires}
    connection.execute(dialect.insert(REVOKED).values(row).on_conflict_do_nothing())
    connection.execute(delete(REVOKED).where(REVOKED.c.until < time.time()))


def revoke_all(connection: Any, session: Session) -> None:
    """End every session of the thread, on all devices."""
    revoke(connection, session)
    thread = thread_of(connection, session.sender)
    change = update(THREADS).where(THREADS.c.id == thread)
    connection.execute(change.values(signed_out=time.time()))


def profile_of(connection: Any, sender: str) -> dict[str, Any] | None:
    """Return what the shop vouches for about who speaks here; None for an anonymous one."""
    thread = thread_of(connection, sender)
    row = connection.execute(select(THREADS).where(THREADS.c.id == thread)).first()
    if row is None or row.customer is None:
        return None
    return {**json.loads(row.profile), "id": row.customer}


def identify(
    connection: Any, customer: str, profile: Mapping[str, Any], guest: Session | None, fresh: str
) -> str:
    """Give a customer the thread that is theirs, wherever they come from.

    An anonymous conversation in which something was said becomes theirs, joined to the end of
    what they said before; Rasa goes on in it. The anonymous session ends: its token, which any
    earlier visitor of that browser may have kept, must not open the customer's conversation.

    Args:
        connection: A transaction that writes.
        customer: The shop's id of the customer.
        profile: What else the shop vouches for.
        guest: The anonymous session that signs in, None without one.
        fresh: The sender id for a customer who never chatted.

    Returns:
        The sender id for the customer's session.
    """
    own = connection.execute(
        select(THREADS).where(THREADS.c.customer == customer).with_for_update()
    ).first()
    before = _guest_thread(connection, guest)
    if own is None:
        thread = fresh if before is None else before.id
        make_thread(connection, thread)
    else:
        thread = own.id
        if before is not None and before.last:
            _join(connection, before, own)
    if guest is not None:
        revoke(connection, guest)
    change = update(THREADS).where(THREADS.c.id == thread)
    connection.execute(change.values(customer=customer, profile=json.dumps(dict(profile))))
    sender = select(THREADS.c.sender).where(THREADS.c.id == thread)
    return str(connection.execute(sender).scalar())


def _guest_thread(connection: Any, guest: Session | None) -> Any:
    """Lock the thread of an anonymous session; None where it is somebody's already."""
    if guest is None or thread_of(connection, guest.sender) != guest.sender:
        return None
    make_thread(connection, guest.sender)
    query = select(THREADS).where(THREADS.c.id == guest.sender, THREADS.c.customer.is_(None))
    return connection.execute(query.with_for_update()).first()


def _join(connection: Any, guest: Any, own: Any) -> None:
    """Put the messages of one thread behind those of the other."""
    connection.execute(
        update(MESSAGES)
        .where(MESSAGES.c.thread == guest.id)
        .values(thread=own.id, number=MESSAGES.c.number + own.last)
    )
    connection.execute(
        update(THREADS)
        .where(THREADS.c.id == own.id)
        .values(last=own.last + guest.last, sender=guest.sender, touched=time.time())
    )
    connection.execute(update(ALIASES).where(ALIASES.c.thread == guest.id).values(thread=own.id))
    connection.execute(ALIASES.insert().values(sender=guest.id, thread=own.id))
    connection.execute(delete(THREADS).where(THREADS.c.id == guest.id))
