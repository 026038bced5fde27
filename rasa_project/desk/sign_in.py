"""Sign-in, the sessions that follow from it, and the lock after failed attempts."""

from __future__ import annotations

import hashlib
import math
import secrets
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select

from rasa_project.desk import accounts, passwords
from rasa_project.desk.errors import RequestError
from rasa_project.desk.models import Agent, FailedSignIn, SignIn
from rasa_project.desk.store import Store

SESSION_SECONDS = 12 * 3600.0  # a shift
FAILURES_BEFORE_LOCK = 5
LOCK_SECONDS = 15 * 60.0
_FORGET_FAILURES_SECONDS = 24 * 3600.0
_MAX_NAME_CHARACTERS = 40


@dataclass(frozen=True)
class Identity:
    """Who is signed in, and until when.

    Attributes:
        agent_id: Key in the table of agents.
        name: Sign-in name.
        display_name: What customers and colleagues read.
        must_change_password: Signed in with a one-time password, so nothing else is allowed yet.
        session: Hash of the session's token.
        expires_at: Seconds since 1970.
    """

    agent_id: int
    name: str
    display_name: str
    must_change_password: bool
    session: str
    expires_at: float

    def as_json(self) -> dict[str, Any]:
        """Return what the agent's own page may know."""
        return {
            "id": self.agent_id,
            "name": self.name,
            "display_name": self.display_name,
            "must_change_password": self.must_change_password,
        }


def sign_in(store: Store, name: str, password: str, old_token: str | None) -> tuple[str, Identity]:
    """Check name and password and begin a session; the browser's old one ends.

    Returns:
        The session's token and who it belongs to.

    Raises:
        RequestError: Name or password is wrong, or the name is locked.
    """
    name = accounts.normalize(name)[:_MAX_NAME_CHARACTERS]
    with store.read() as session:
        _require_unlocked(session.get(FailedSignIn, name))
        agent = session.scalar(select(Agent).where(Agent.name == name))
    # Outside of any transaction: hashing takes a while, by design.
    right = passwords.matches(
        agent.password_hash if agent else None, password[: passwords.MAX_CHARACTERS + 1]
    )
    with store.write() as session:
        failed = session.get(FailedSignIn, name)
        _require_unlocked(failed)  # attempts side by side count one after the other here
        if not right or agent is None:
            _count_failure(session, name, failed)
        else:
            _forget_failures(session, name)
            return start_session(session, agent, old_token)
    raise RequestError(401, "wrong_password", "The name or the password is wrong.")


def start_session(session: Any, agent: Agent, old_token: str | None) -> tuple[str, Identity]:
    """Begin a session for an agent; sessions that have expired go."""
    now = time.time()
    token = secrets.token_urlsafe(32)
    gone = [SignIn.expires_at <= now]
    if old_token:
        gone.append(SignIn.token_hash == _hash(old_token))
    for condition in gone:
        session.execute(delete(SignIn).where(condition))
    entry = SignIn(
        token_hash=_hash(token), agent_id=agent.id, created_at=now, expires_at=now + SESSION_SECONDS
    )
    session.add(entry)
    return token, _identity(entry, agent)


def find(store: Store, token: str | None) -> Identity | None:
    """Return who a token belongs to, None for an unknown or expired one."""
    if not token:
        return None
    with store.read() as session:
        entry = session.get(SignIn, _hash(token))
        if entry is None or entry.expires_at <= time.time():
            return None
        return _identity(entry, session.get(Agent, entry.agent_id))


def sign_out(store: Store, identity: Identity) -> None:
    """End a session."""
    with store.write() as session:
        session.execute(delete(SignIn).where(SignIn.token_hash == identity.session))


def _identity(entry: SignIn, agent: Agent) -> Identity:
    return Identity(
        agent.id, agent.name, agent.display_name, agent.must_change_password,
        entry.token_hash, entry.expires_at,
    )  # fmt: skip


def _require_unlocked(failed: FailedSignIn | None) -> None:
    left = failed.locked_until - time.time() if failed else 0.0
    if left > 0:
        minutes = math.ceil(left / 60)
        raise RequestError(
            429, "locked", f"Too many failed attempts. Try again in {minutes} min.", minutes=minutes
        )


def _count_failure(session: Any, name: str, failed: FailedSignIn | None) -> None:
    now = time.time()
    old = now - _FORGET_FAILURES_SECONDS
    if failed is None:
        failed = FailedSignIn(name=name, failures=0, last_at=now, locked_until=0.0)
        session.add(failed)
    elif failed.last_at < old:
        failed.failures = 0
    failed.failures += 1
    failed.last_at = now
    if failed.failures >= FAILURES_BEFORE_LOCK:
        failed.failures, failed.locked_until = 0, now + LOCK_SECONDS
    session.flush()
    session.execute(delete(FailedSignIn).where(FailedSignIn.last_at < old))


def _forget_failures(session: Any, name: str) -> None:
    session.execute(delete(FailedSignIn).where(FailedSignIn.name == name))


def _hash(token: str) -> str:
    """A fast hash is enough: the token is random, so it cannot be guessed from its hash."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
