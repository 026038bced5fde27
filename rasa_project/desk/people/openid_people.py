"""Whom an identity provider sends: begun and ended sign-ins, and who somebody is at the desk."""

from __future__ import annotations

import re
import secrets
import time
from typing import Any, Final, NamedTuple

from sqlalchemy import delete, func, select

from rasa_project.desk.audit import log
from rasa_project.desk.errors import RequestError, TooManyRequests
from rasa_project.desk.people import accounts
from rasa_project.desk.people.identity import hash_token
from rasa_project.desk.people.policy import OpenIdPolicy
from rasa_project.desk.store.models import Agent, OpenIdAttempt

ATTEMPT_SECONDS: Final = 600.0
_MAX_ATTEMPTS: Final = 10_000
_MAX_SUBJECT_CHARACTERS: Final = 512
_NO_NAME_SIGNS = re.compile(r"[^a-z0-9._-]+")


class Attempt(NamedTuple):
    """The three random values of one sign-in."""

    state: str
    nonce: str
    verifier: str


def begin(session: Any) -> Attempt:
    """Remember a sign-in that goes to the provider.

    Raises:
        TooManyRequests: Too many went and have not come back.
    """
    now = time.time()
    old = OpenIdAttempt.created_at < now - ATTEMPT_SECONDS
    session.execute(delete(OpenIdAttempt).where(old))
    if session.scalar(select(func.count()).select_from(OpenIdAttempt)) >= _MAX_ATTEMPTS:
        raise TooManyRequests("openid_busy", "Too many people sign in right now.", 60.0)
    attempt = Attempt(*(secrets.token_urlsafe(size) for size in (32, 32, 64)))
    session.add(
        OpenIdAttempt(
            state_hash=hash_token(attempt.state), nonce=attempt.nonce, verifier=attempt.verifier,
            created_at=now,
        )
    )  # fmt: skip
    return attempt


def take(session: Any, state: str) -> Attempt | None:
    """Return the sign-in that a state belongs to, once; None for an unknown or old one."""
    entry = session.get(OpenIdAttempt, hash_token(state))
    if entry is None:
        return None
    session.delete(entry)
    if entry.created_at < time.time() - ATTEMPT_SECONDS:
        return None
    return Attempt(state, entry.nonce, entry.verifier)


def person(session: Any, policy: OpenIdPolicy, claims: dict[str, Any]) -> Agent:
    """Return who somebody is at the desk.

    By the subject that the provider named before; else by a verified e-mail address that an admin
    gave to a person, who is bound to the subject from then on; else somebody new, if the operator
    wants that.

    Raises:
        RequestError: The desk does not know them, or they are disabled.
    """
    subject = f"{policy.issuer} {claims['sub']}"
    if len(subject) > _MAX_SUBJECT_CHARACTERS:
        raise RequestError(403, "openid_unknown", "The desk does not know you.")
    agent = session.scalar(select(Agent).where(Agent.openid_subject == subject))
    agent = agent or _by_email(session, claims, subject) or _new(session, policy, claims, subject)
    if agent is None:
        raise RequestError(
            403, "openid_unknown", "The desk does not know you. Ask an admin to add your e-mail."
        )
    if agent.disabled_at is not None:
        raise RequestError(403, "openid_disabled", "You can no longer sign in here. Ask an admin.")
    return agent


def _email(claims: dict[str, Any]) -> str | None:
    email = claims.get("email")
    verified = claims.get("email_verified") is True
    return email.strip().lower() if verified and isinstance(email, str) else None


def _by_email(session: Any, claims: dict[str, Any], subject: str) -> Agent | None:
    email = _email(claims)
    if not email:
        return None
    known = select(Agent).where(
        Agent.email == email, Agent.openid_subject.is_(None), ~Agent.service
    )
    agent: Agent | None = session.scalar(known)
    if agent is not None:
        agent.openid_subject = subject
        if agent.must_change_password:  # the one-time password has become needless
            agent.password_hash, agent.must_change_password = "", False
        log.record(session, agent, "openid_bound", via=log.OPENID)
    return agent


def _new(session: Any, policy: OpenIdPolicy, claims: dict[str, Any], subject: str) -> Agent | None:
    if not policy.new_role:
        return None
    email = _email(claims)
    taken = email and session.scalar(select(Agent.id).where(Agent.email == email)) is not None
    given = claims.get("preferred_username") or (email or "").split("@")[0] or claims["sub"]
    agent = Agent(
        name=_free_name(session, str(given)), display_name=_display_name(claims, str(given)),
        role=policy.new_role, created_at=time.time(), email=None if taken else email,
        openid_subject=subject, password_hash="", must_change_password=False,
    )  # fmt: skip
    session.add(agent)
    session.flush()
    log.record(session, agent, "person_added", via=log.OPENID, person=agent.name, role=agent.role)
    return agent


def _free_name(session: Any, given: str) -> str:
    base = _NO_NAME_SIGNS.sub("-", given.lower()).strip("-._")[:34] or "person"
    name, number = base, 2
    while session.scalar(select(Agent.id).where(Agent.name == name)) is not None:
        name, number = f"{base}-{number}", number + 1
    return name


def _display_name(claims: dict[str, Any], given: str) -> str:
    """Take the first name that a customer could read."""
    for value in (claims.get("given_name"), claims.get("name"), given):
        name = " ".join(str(value or "").split())[: accounts.MAX_DISPLAY_NAME_CHARACTERS]
        if name and name.isprintable():
            return name
    return "Agent"
