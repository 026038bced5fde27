"""The sessions of signed-in browsers: begun, found, listed and ended."""

from __future__ import annotations

import secrets
import time
from typing import Any

from sqlalchemy import delete, or_, select, update

from rasa_project.desk.errors import RequestError
from rasa_project.desk.people.identity import Identity, Visitor, hash_token
from rasa_project.desk.people.policy import AccessPolicy
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import Agent, SignIn

# A sign of life is written down at most so often.
_TOUCH_SECONDS = 60.0
_ID_CHARACTERS = 16


class Sessions:
    """The sessions of one desk.

    Args:
        store: The desk's store.
        policy: How long they last.
    """

    def __init__(self, store: Store, policy: AccessPolicy) -> None:
        self._store = store
        self._policy = policy

    @property
    def lifetime(self) -> float:
        """Seconds after which a session ends, used or not."""
        return self._policy.session_seconds

    def start(
        self, session: Any, agent: Agent, visitor: Visitor, old_token: str | None
    ) -> tuple[str, Identity]:
        """Begin a session; the browser's old one, and all that have expired, go.

        Returns:
            The session's token and who it belongs to.
        """
        now = time.time()
        token = secrets.token_urlsafe(32)
        gone = or_(SignIn.expires_at <= now, SignIn.last_seen_at <= now - self._policy.idle_seconds)
        session.execute(delete(SignIn).where(gone))
        if old_token:
            session.execute(delete(SignIn).where(SignIn.token_hash == hash_token(old_token)))
        entry = SignIn(
            token_hash=hash_token(token), agent_id=agent.id, created_at=now, last_seen_at=now,
            expires_at=now + self._policy.session_seconds, address=visitor.address,
            browser=visitor.browser,
        )  # fmt: skip
        session.add(entry)
        return token, _identity(entry, agent)

    def find(self, token: str | None) -> Identity | None:
        """Return who a token belongs to, None for an unknown or expired one; a sign of life."""
        if not token:
            return None
        with self._store.read() as session:
            entry = session.get(SignIn, hash_token(token))
            if entry is None or not self._alive(entry):
                return None
            agent = session.get(Agent, entry.agent_id)
            if agent.disabled_at is not None:
                return None
            found = _identity(entry, agent)
        if time.time() - entry.last_seen_at > _TOUCH_SECONDS:
            self._touch(entry.token_hash)
        return found

    def alive(self, hashes: set[str]) -> set[str]:
        """Return which of these sessions still go on; no sign of life."""
        with self._store.read() as session:
            query = select(SignIn).where(SignIn.token_hash.in_(hashes))
            return {entry.token_hash for entry in session.scalars(query) if self._alive(entry)}

    def of(self, who: Identity) -> list[dict[str, Any]]:
        """Return a person's own sessions, the one used last first."""
        query = (
            select(SignIn)
            .where(SignIn.agent_id == who.agent_id)
            .order_by(SignIn.last_seen_at.desc(), SignIn.token_hash)
        )
        with self._store.read() as session:
            found = [entry for entry in session.scalars(query) if self._alive(entry)]
        return [
            {
                "id": entry.token_hash[:_ID_CHARACTERS],
                "address": entry.address,
                "browser": entry.browser,
                "created_at": entry.created_at,
                "last_seen_at": entry.last_seen_at,
                "current": entry.token_hash == who.session,
            }
            for entry in found
        ]

    def _alive(self, entry: SignIn) -> bool:
        now = time.time()
        return bool(entry.expires_at > now and entry.last_seen_at > now - self._policy.idle_seconds)

    def _touch(self, token_hash: str) -> None:
        with self._store.write() as session:
            session.execute(
                update(SignIn)
                .where(SignIn.token_hash == token_hash)
                .values(last_seen_at=time.time())
            )


def end(session: Any, token_hash: str) -> None:
    """End one session."""
    session.execute(delete(SignIn).where(SignIn.token_hash == token_hash))


def end_one(session: Any, who: Identity, session_id: str) -> str:
    """End one of a person's own sessions, by the id in their list; return its hash.

    Raises:
        RequestError: There is none.
    """
    own = select(SignIn.token_hash).where(SignIn.agent_id == who.agent_id)
    for token_hash in session.scalars(own):
        if token_hash[:_ID_CHARACTERS] == session_id:
            end(session, token_hash)
            return str(token_hash)
    raise RequestError(404, "no_session", "This session has ended already.")


def end_all(session: Any, agent_id: int) -> None:
    """End all sessions of a person."""
    session.execute(delete(SignIn).where(SignIn.agent_id == agent_id))


def _identity(entry: SignIn, agent: Agent) -> Identity:
    return Identity(
        agent.id, agent.name, agent.display_name, agent.role, agent.must_change_password,
        entry.token_hash, entry.expires_at, has_password=bool(agent.password_hash),
    )  # fmt: skip
