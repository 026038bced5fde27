"""Agents, their sessions, and attempts that failed."""

from __future__ import annotations

from sqlalchemy import Boolean, Float, ForeignKey, Integer, String

from rasa_project.desk.people.roles import AGENT
from rasa_project.desk.store.models.base import Base, Column


class Agent(Base):
    """Somebody who may sign in, or a service that has tokens."""

    __tablename__ = "agents"

    id = Column(Integer, primary_key=True)
    name = Column(String(40), nullable=False, unique=True)
    display_name = Column(String(80), nullable=False)
    password_hash = Column(String(255), nullable=False)  # empty where there is no password
    must_change_password = Column(Boolean, nullable=False)
    role = Column(String(16), nullable=False, default=AGENT, server_default="admin")
    created_at = Column(Float, nullable=False)
    service = Column(Boolean, nullable=False, default=False, server_default="0")
    disabled_at = Column(Float)
    email = Column(String(254), index=True, unique=True)
    openid_subject = Column(String(512), index=True, unique=True)  # with the issuer before it


class SignIn(Base):
    """A session of an agent's browser; its token itself is stored nowhere."""

    __tablename__ = "sign_ins"

    token_hash = Column(String(64), primary_key=True)
    agent_id = Column(ForeignKey("agents.id"), nullable=False)
    created_at = Column(Float, nullable=False)
    expires_at = Column(Float, nullable=False, index=True)
    last_seen_at = Column(Float, nullable=False, default=0.0, server_default="0")
    address = Column(String(64), nullable=False, default="", server_default="")
    browser = Column(String(200), nullable=False, default="", server_default="")


class SignInFailures(Base):
    """Failed attempts in a row; `key` says whose, see `people/lockout.py`."""

    __tablename__ = "sign_in_failures"

    key = Column(String(200), primary_key=True)
    failures = Column(Integer, nullable=False)
    last_at = Column(Float, nullable=False, index=True)
    locked_until = Column(Float, nullable=False, default=0.0)


class KnownBrowser(Base):
    """A browser in which an agent has signed in; its token itself is stored nowhere."""

    __tablename__ = "known_browsers"

    token_hash = Column(String(64), primary_key=True)
    agent_id = Column(ForeignKey("agents.id"), nullable=False, index=True)
    last_at = Column(Float, nullable=False, index=True)


class ApiToken(Base):
    """What a program signs in with; the token itself is stored nowhere."""

    __tablename__ = "api_tokens"

    id = Column(Integer, primary_key=True)
    agent_id = Column(ForeignKey("agents.id"), nullable=False, index=True)
    name = Column(String(80), nullable=False)
    role = Column(String(16), nullable=False)
    token_hash = Column(String(64), nullable=False, unique=True)
    created_at = Column(Float, nullable=False)
    expires_at = Column(Float, nullable=False)
    last_used_at = Column(Float)
    revoked_at = Column(Float)


class OpenIdAttempt(Base):
    """A sign-in that has gone to the identity provider and not come back yet."""

    __tablename__ = "openid_attempts"

    state_hash = Column(String(64), primary_key=True)
    nonce = Column(String(64), nullable=False)
    verifier = Column(String(128), nullable=False)
    created_at = Column(Float, nullable=False, index=True)
