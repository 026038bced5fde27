"""Writes down who saw and did what, in the transaction that does it.

Whatever changes the desk's store during a request is recorded by itself, under the name of its
route; see `watch`. Code that knows more says it with `record`, which then stands instead.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, event, select

from rasa_project.desk.people.identity import Identity
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import Agent, AuditEntry

BROWSER: Final = "browser"
COMMAND_LINE: Final = "command line"
OPENID: Final = "OpenID"
# Looking at the same conversation again within this time is one look.
LOOK_SECONDS: Final = 300.0
_DAY: Final = 24 * 3600.0
_MAX_DETAIL_CHARACTERS = 200


@dataclass
class Asked:
    """The request that is being carried out.

    Attributes:
        who: Who asks; none where nobody is signed in.
        action: The route's name.
        ticket_id: Which conversation it is about, if it is about one.
        details: The rest of the path.
        address: Where it comes from.
        recorded: It stands in the log already.
    """

    who: Identity | None
    action: str
    ticket_id: int | None
    details: Mapping[str, Any]
    address: str
    recorded: bool = False


_asked: ContextVar[Asked | None] = ContextVar("asked", default=None)


@contextmanager
def asking(asked: Asked) -> Iterator[None]:
    """Carry out a request, also in the threads that it uses."""
    token = _asked.set(asked)
    try:
        yield
    finally:
        _asked.reset(token)


def watch(store: Store) -> None:
    """Record each request that changes something, in the transaction of its change."""
    event.listen(store.sessions, "after_flush", _flushed)
    event.listen(store.sessions, "do_orm_execute", _executed)
    event.listen(store.sessions, "before_commit", _witness)
    event.listen(store.sessions, "after_commit", _committed)


def record(
    session: Any,
    who: Identity | Agent | str | None,
    action: str,
    *,
    ticket_id: int | None = None,
    via: str | None = None,
    address: str | None = None,
    **details: str | int,
) -> None:
    """Write down what somebody did.

    Args:
        session: A session of `Store.write`, the one that does it.
        who: Who it was; a text for somebody who is no agent, none for a stranger.
        action: What it was, in snake case.
        ticket_id: The conversation it was done to.
        via: How they came; taken from the identity unless given.
        address: From where; taken from the request unless given.
        **details: What else tells of it; never a secret, never what a customer said.
    """
    asked = _asked.get()
    if address is None:
        address = asked.address if asked else ""
    session.info["audited"] = True
    session.add(
        AuditEntry(
            at=time.time(), agent_id=_agent_id(who), actor=_actor(who), via=via or _via(who),
            action=action, ticket_id=ticket_id, details=_short(details), address=address,
        )
    )  # fmt: skip


def saw(session: Any, asked: Asked) -> None:
    """Write down what somebody looked at; a look at the same conversation goes on for a while."""
    if asked.ticket_id is not None and asked.who is not None:
        since = time.time() - LOOK_SECONDS
        same = select(AuditEntry.id).where(
            AuditEntry.ticket_id == asked.ticket_id,
            AuditEntry.action == asked.action,
            AuditEntry.agent_id == asked.who.agent_id,
            AuditEntry.via == _via(asked.who),
            AuditEntry.at > since,
        )
        if session.scalar(same.limit(1)) is not None:
            return
    _record_asked(session, asked)


def prune(session: Any, days: float) -> None:
    """Delete what is older than the retention."""
    session.execute(delete(AuditEntry).where(AuditEntry.at < time.time() - max(1.0, days) * _DAY))


def _record_asked(session: Any, asked: Asked) -> None:
    record(session, asked.who, asked.action, ticket_id=asked.ticket_id, **asked.details)


def _flushed(session: Any, _context: object) -> None:
    session.info["changed"] = True


def _executed(state: Any) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        state.session.info["changed"] = True


def _witness(session: Any) -> None:
    asked = _asked.get()
    if asked is None or asked.recorded:
        return
    session.flush()  # so that it is known whether anything changed at all
    if session.info.get("changed") and not session.info.get("audited"):
        _record_asked(session, asked)


def _committed(session: Any) -> None:
    asked = _asked.get()
    if asked is not None and session.info.get("audited"):
        asked.recorded = True


def _agent_id(who: Identity | Agent | str | None) -> int | None:
    if isinstance(who, Identity):
        return who.agent_id
    return None if who is None or isinstance(who, str) else int(who.id)


def _actor(who: Identity | Agent | str | None) -> str:
    if who is None:
        return "nobody"
    return (who if isinstance(who, str) else str(who.name))[:80]


def _via(who: Identity | Agent | str | None) -> str:
    if isinstance(who, str):
        return COMMAND_LINE
    if isinstance(who, Identity) and who.token is not None:
        return f"token {who.token}"
    return BROWSER


def _short(details: Mapping[str, str | int]) -> dict[str, str | int]:
    return {
        name: value[:_MAX_DETAIL_CHARACTERS] if isinstance(value, str) else value
        for name, value in details.items()
    }
