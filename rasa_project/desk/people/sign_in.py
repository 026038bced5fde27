"""Sign-in with name and password."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import select

from rasa_project.desk.audit import log
from rasa_project.desk.errors import RequestError
from rasa_project.desk.people import accounts, lockout, passwords
from rasa_project.desk.people.identity import Identity as Identity
from rasa_project.desk.people.identity import Visitor
from rasa_project.desk.people.sessions import Sessions
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import Agent

_MAX_NAME_CHARACTERS = 40


class SignedIn(NamedTuple):
    """What a sign-in gives.

    Attributes:
        token: Opens the session.
        who: Whom it belongs to.
        browser: By which this browser is known at its next sign-in; none where it was already.
    """

    token: str
    who: Identity
    browser: str | None


def sign_in(
    store: Store,
    sessions: Sessions,
    name: str,
    password: str,
    visitor: Visitor,
    old_token: str | None = None,
) -> SignedIn:
    """Check name and password and begin a session; the browser's old one ends.

    Raises:
        RequestError: Name or password is wrong, or there were too many failures.
    """
    name = accounts.normalize(name)[:_MAX_NAME_CHARACTERS]
    with store.read() as session:
        agent = _agent(session, name)
        lockout.require_unlocked(session, lockout.keys(session, name, visitor, agent))
    # Outside of any transaction: hashing takes a while, by design.
    right = passwords.matches(
        (agent.password_hash or None) if agent else None,
        password[: passwords.MAX_CHARACTERS + 1],
    )
    with store.write() as session:
        agent = _agent(session, name)
        counted = lockout.keys(session, name, visitor, agent)
        lockout.require_unlocked(session, counted)  # attempts side by side count one by one here
        if right and agent is not None:
            lockout.forget(session, counted)
            return begin(session, sessions, agent, visitor, old_token)
        lockout.count_failure(session, counted)
        # People type passwords into the wrong field; only a name that exists is written down.
        details: dict[str, Any] = {"name": name} if agent else {}
        log.record(session, agent, "sign_in_failed", address=visitor.address, **details)
    raise RequestError(401, "wrong_password", "The name or the password is wrong.")


def begin(
    session: Any,
    sessions: Sessions,
    agent: Agent,
    visitor: Visitor,
    old_token: str | None = None,
    via: str = log.BROWSER,
) -> SignedIn:
    """Begin a session for somebody who has shown who they are."""
    token, who = sessions.start(session, agent, visitor, old_token)
    browser = lockout.remember_browser(session, agent, visitor)
    log.record(session, who, "sign_in", via=via, address=visitor.address)
    return SignedIn(token, who, browser)


def _agent(session: Any, name: str) -> Agent | None:
    found: Agent | None = session.scalar(
        select(Agent).where(Agent.name == name, Agent.disabled_at.is_(None), ~Agent.service)
    )
    return found
