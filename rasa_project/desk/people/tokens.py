"""API tokens: what programs sign in with; shown once, stored hashed, ended by time or by hand.

A token belongs to a person, or to a service, which is somebody without a password. It may do what
its role may, and never more than its owner.
"""

from __future__ import annotations

import secrets
import time
from typing import Any, Final

from sqlalchemy import select, update

from rasa_project.desk.audit import log
from rasa_project.desk.errors import RequestError
from rasa_project.desk.people import accounts, directory, roles
from rasa_project.desk.people.identity import Identity, hash_token
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import Agent, ApiToken

PREFIX: Final = "attune_"  # by which scanners for leaked secrets know it
MAX_DAYS: Final = 3650
MAX_TOKENS: Final = 50  # of one owner
_MAX_NAME_CHARACTERS = 80
_DAY = 24 * 3600.0
_TOUCH_SECONDS = 60.0


def make(
    session: Any, who: Identity, name: str, role: str, days: int, service: str | None = None
) -> tuple[str, dict[str, Any]]:
    """Make a token for oneself, or as an admin for a service, which is made where there is none.

    Returns:
        The token, which nobody sees again, and what the list says of it.

    Raises:
        RequestError: The role is beyond one's own, or something makes no sense.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= _MAX_NAME_CHARACTERS or not name.isprintable():
        raise RequestError(
            400, "token_name", f"Name the token, in up to {_MAX_NAME_CHARACTERS} characters.",
            maximum=_MAX_NAME_CHARACTERS,
        )  # fmt: skip
    if not 1 <= days <= MAX_DAYS:
        raise RequestError(
            400, "token_days", f"A token is good for 1 to {MAX_DAYS} days.", maximum=MAX_DAYS
        )
    if not roles.covers(who.role, directory.require_role(role)):
        raise RequestError(403, "role", f"This is for people with the role {role}.", role=role)
    owner = session.get(Agent, who.agent_id)
    if service:
        owner = _service(session, who, service, role)
    _require_room(session, owner)
    return _store(session, who, owner, name, role, days)


def revoke(session: Any, who: Identity, token_id: int) -> None:
    """End a token of one's own, or as an admin anybody's; again changes nothing.

    Raises:
        RequestError: There is no such token, or it is somebody else's.
    """
    entry = session.get(ApiToken, token_id)
    mine = entry is not None and entry.agent_id == who.agent_id
    if entry is None or not (mine or who.role == roles.ADMIN):
        raise RequestError(404, "no_token", "There is no such token.")
    if entry.revoked_at is None:
        entry.revoked_at = time.time()
        log.record(session, who, "token_revoked", token=entry.name)


def listed(session: Any, who: Identity) -> list[dict[str, Any]]:
    """Return one's own tokens, and as an admin everybody's, the newest first."""
    query = select(ApiToken, Agent).join(Agent, Agent.id == ApiToken.agent_id)
    if who.role != roles.ADMIN:
        query = query.where(ApiToken.agent_id == who.agent_id)
    query = query.where(ApiToken.revoked_at.is_(None)).order_by(ApiToken.id.desc())
    return [_token(*row) for row in session.execute(query)]


def find(store: Store, token: str) -> Identity | None:
    """Return whom a token belongs to, None for an unknown, ended or expired one."""
    now = time.time()
    with store.read() as session:
        query = select(ApiToken).where(ApiToken.token_hash == hash_token(token))
        entry = session.scalar(query)
        if entry is None or entry.revoked_at is not None or entry.expires_at <= now:
            return None
        agent = session.get(Agent, entry.agent_id)
        if agent.disabled_at is not None:
            return None
    if now - (entry.last_used_at or 0.0) > _TOUCH_SECONDS:
        with store.write() as session:
            own = update(ApiToken).where(ApiToken.id == entry.id)
            session.execute(own.values(last_used_at=now))
    role = entry.role if roles.covers(agent.role, entry.role) else agent.role
    return Identity(
        agent.id, agent.name, agent.display_name, role, False, entry.token_hash,
        entry.expires_at, token=entry.name, has_password=False,
    )  # fmt: skip


def _service(session: Any, who: Identity, name: str, role: str) -> Agent:
    if who.role != roles.ADMIN:
        raise RequestError(403, "role", "Only an admin makes services.", role=roles.ADMIN)
    name = accounts.normalize(name)
    found: Agent | None = session.scalar(select(Agent).where(Agent.name == name))
    if found is not None and found.service:
        if not roles.covers(found.role, role):
            found.role = role
        return found
    agent = Agent(
        name=directory.free_name(session, name), display_name=name, role=role,
        created_at=time.time(), service=True, password_hash="", must_change_password=False,
    )  # fmt: skip
    session.add(agent)
    session.flush()
    log.record(session, who, "service_added", person=name, role=role)
    return agent


def _require_room(session: Any, owner: Agent) -> None:
    live = select(ApiToken.id).where(
        ApiToken.agent_id == owner.id,
        ApiToken.revoked_at.is_(None),
        ApiToken.expires_at > time.time(),
    )
    if len(session.scalars(live).all()) >= MAX_TOKENS:
        raise RequestError(
            409, "too_many_tokens", f"{owner.name} has {MAX_TOKENS} tokens. End one first.",
            maximum=MAX_TOKENS,
        )  # fmt: skip


def _store(
    session: Any, who: Identity, owner: Agent, name: str, role: str, days: int
) -> tuple[str, dict[str, Any]]:
    token, now = PREFIX + secrets.token_urlsafe(32), time.time()
    entry = ApiToken(
        agent_id=owner.id, name=name, role=role, token_hash=hash_token(token), created_at=now,
        expires_at=now + days * _DAY,
    )  # fmt: skip
    session.add(entry)
    session.flush()
    log.record(session, who, "token_made", token=name, person=owner.name, role=role, days=days)
    return token, _token(entry, owner)


def _token(entry: ApiToken, owner: Agent) -> dict[str, Any]:
    return {
        "id": entry.id,
        "name": entry.name,
        "owner": owner.name,
        "service": owner.service,
        "role": entry.role,
        "created_at": entry.created_at,
        "expires_at": entry.expires_at,
        "last_used_at": entry.last_used_at,
    }
