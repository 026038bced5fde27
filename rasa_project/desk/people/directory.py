"""The people of a desk, as admins see and change them.

Each change is written into the audit log with it. `by` is who decides: an admin, or a text such as
the user of the command line.
"""

from __future__ import annotations

import re
import time
from typing import Any

from sqlalchemy import func, select

from rasa_project.desk.audit import log
from rasa_project.desk.errors import RequestError
from rasa_project.desk.people import accounts, lockout, passwords, roles, sessions
from rasa_project.desk.people.identity import Identity
from rasa_project.desk.store.models import Agent, SignIn, Ticket
from rasa_project.desk.tickets import returning, states
from rasa_project.desk.tickets.changes import Changes

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}")


def people(session: Any) -> list[dict[str, Any]]:
    """Return everybody, the disabled last, with how many conversations they have."""
    has = (
        select(func.count())
        .where(Ticket.agent_id == Agent.id, Ticket.state == states.AGENT)
        .scalar_subquery()
    )
    seen = (
        select(func.max(SignIn.last_seen_at)).where(SignIn.agent_id == Agent.id).scalar_subquery()
    )
    query = select(Agent, has, seen).order_by(Agent.disabled_at.is_not(None), Agent.name)
    return [_person(*row) for row in session.execute(query)]


def add(session: Any, by: Identity | str, name: str, role: str, email: str | None = None) -> str:
    """Make somebody who signs in with a one-time password first.

    Returns:
        The password.

    Raises:
        RequestError: The name or the e-mail address is taken or makes no sense.
    """
    name = free_name(session, name)
    password = passwords.one_time_password()
    agent = Agent(
        name=name, display_name=name, role=require_role(role), created_at=time.time(),
        email=free_email(session, email, None), must_change_password=True,
        password_hash=passwords.hash_password(password),
    )  # fmt: skip
    session.add(agent)
    log.record(session, by, "person_added", person=name, role=role)
    return password


def set_role(session: Any, by: Identity | str, name: str, role: str) -> None:
    """Give somebody another role, from their next request on.

    Raises:
        RequestError: There is no such person, or no admin would be left.
    """
    agent = find(session, name)
    before = agent.role
    if require_role(role) == before:
        return
    if before == roles.ADMIN:
        _require_another_admin(session, agent)
    agent.role = role
    log.record(session, by, "role_changed", person=agent.name, before=before, role=role)


def set_email(session: Any, by: Identity | str, name: str, email: str | None) -> None:
    """Say by which e-mail address an identity provider knows somebody; none takes it away.

    Raises:
        RequestError: There is no such person, or somebody else has the address.
    """
    agent = find(session, name)
    agent.email = free_email(session, email, agent.id)
    agent.openid_subject = None  # bound anew at the next sign-in
    log.record(session, by, "email_changed", person=agent.name)


def disable(session: Any, by: Identity | str, name: str) -> Changes:
    """Keep somebody out from now on; their conversations go back to the queue.

    Raises:
        RequestError: There is no such person, or no admin would be left.
    """
    agent = find(session, name)
    if agent.disabled_at is not None:
        return Changes()
    _require_another_admin(session, agent)
    agent.disabled_at = time.time()
    sessions.end_all(session, agent.id)
    who = by if isinstance(by, str) else by.name
    changes = returning.return_all(
        session, agent, who=who, why=f"{agent.name} can no longer sign in"
    )
    log.record(
        session, by, "person_disabled", person=agent.name, conversations=len(changes.tickets)
    )
    return changes


def enable(session: Any, by: Identity | str, name: str) -> None:
    """Let somebody in again, with the password that they had.

    Raises:
        RequestError: There is no such person.
    """
    agent = find(session, name)
    if agent.disabled_at is not None:
        agent.disabled_at = None
        log.record(session, by, "person_enabled", person=agent.name)


def reset_password(session: Any, by: Identity | str, name: str) -> str:
    """Give somebody a one-time password, sign them out everywhere, and lift their lock.

    Returns:
        The password.

    Raises:
        RequestError: There is no such person, or it is a service.
    """
    agent = find(session, name)
    if agent.service:
        raise RequestError(409, "service", f"{agent.name} is a service; it has tokens instead.")
    password = passwords.one_time_password()
    agent.password_hash = passwords.hash_password(password)
    agent.must_change_password = True
    sessions.end_all(session, agent.id)
    lockout.unlock(session, agent.name)
    log.record(session, by, "password_reset", person=agent.name)
    return password


def find(session: Any, name: str) -> Agent:
    """Return somebody by name.

    Raises:
        RequestError: There is nobody of this name.
    """
    name = accounts.normalize(name)
    agent: Agent | None = session.scalar(select(Agent).where(Agent.name == name))
    if agent is None:
        raise RequestError(404, "no_person", f"There is nobody named {name!r} at the desk.")
    return agent


def require_role(role: str) -> str:
    """Return a role if it is one.

    Raises:
        RequestError: It is none.
    """
    if role not in roles.ROLES:
        raise RequestError(
            400, "unknown_role", f"A role is one of {', '.join(roles.ROLES)}. Received: {role!r}."
        )
    return role


def free_name(session: Any, name: str) -> str:
    """Return a name as it is stored, if nobody has it.

    Raises:
        RequestError: It is taken or cannot be a name.
    """
    name = accounts.normalize(name)
    if not _NAME.fullmatch(name):
        raise RequestError(
            400, "name",
            "A name is up to 40 letters a-z, digits, dots, hyphens and underscores, and begins "
            f"with a letter or digit. Received: {name!r}.",
        )  # fmt: skip
    if session.scalar(select(Agent.id).where(Agent.name == name)) is not None:
        raise RequestError(409, "name_taken", f"There is somebody named {name!r} already.")
    return name


def free_email(session: Any, email: str | None, own: int | None) -> str | None:
    """Return an e-mail address as it is stored, if nobody else has it."""
    email = (email or "").strip().lower()
    if not email:
        return None
    if not _EMAIL.fullmatch(email) or not email.isprintable():
        raise RequestError(400, "email", f"This is no e-mail address. Received: {email[:254]!r}.")
    other = session.scalar(select(Agent.id).where(Agent.email == email))
    if other is not None and other != own:
        raise RequestError(409, "email_taken", "Somebody else has this e-mail address.")
    return email


def _require_another_admin(session: Any, agent: Agent) -> None:
    if agent.role != roles.ADMIN or agent.service:
        return
    others = select(func.count()).where(
        Agent.role == roles.ADMIN, Agent.disabled_at.is_(None), ~Agent.service, Agent.id != agent.id
    )
    if not session.scalar(others):
        raise RequestError(
            409, "last_admin", f"{agent.name} is the last admin. Make somebody else one first."
        )


def _person(agent: Agent, conversations: int, seen: float | None) -> dict[str, Any]:
    return {
        "name": agent.name,
        "display_name": agent.display_name,
        "role": agent.role,
        "email": agent.email,
        "service": agent.service,
        "disabled": agent.disabled_at is not None,
        "must_change_password": agent.must_change_password,
        "has_password": bool(agent.password_hash),
        "conversations": conversations,
        "last_seen_at": seen,
        "created_at": agent.created_at,
    }
