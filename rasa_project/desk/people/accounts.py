"""One's own account: its first password, another one, the name that customers read."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import and_, select

from rasa_project.desk.audit import log
from rasa_project.desk.errors import RequestError
from rasa_project.desk.people import passwords, roles, sessions
from rasa_project.desk.people.identity import Identity
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import Agent

FIRST_AGENT = "agent"
_RUNS_THE_DESK = and_(Agent.role == roles.ADMIN, Agent.disabled_at.is_(None), ~Agent.service)
MAX_DISPLAY_NAME_CHARACTERS = 40  # customers read it in a chat bubble


def normalize(name: str) -> str:
    """Return a sign-in name as it is stored; `Agent ` and `agent` are the same person."""
    return name.strip().lower()


def first_one_time_password(store: Store) -> str | None:
    """Make the first agent of a fresh desk, and a new one-time password until it was used.

    Returns:
        The password, or None once the first agent has chosen their own, or somebody else runs
        the desk.
    """
    with store.write() as session:
        agent = session.scalar(select(Agent).where(Agent.name == FIRST_AGENT))
        if agent is None and session.scalar(select(Agent.id).where(_RUNS_THE_DESK).limit(1)):
            return None
        if agent is not None and (not agent.must_change_password or agent.disabled_at is not None):
            return None
        password = passwords.one_time_password()
        if agent is None:
            agent = Agent(
                name=FIRST_AGENT, display_name=FIRST_AGENT, role=roles.ADMIN,
                created_at=time.time(),
            )  # fmt: skip
            session.add(agent)
        agent.password_hash = passwords.hash_password(password)
        agent.must_change_password = True
        return password


def choose_password(session: Any, agent_id: int, password: str, display_name: str) -> Agent:
    """Replace a one-time password by the agent's own, and sign out their other browsers.

    Raises:
        RequestError: The password or the name cannot be taken, or was chosen before.
    """
    agent: Agent = session.get(Agent, agent_id)
    if not agent.must_change_password:
        raise RequestError(409, "password_chosen", "You have chosen your password already.")
    passwords.require_good(password)
    if passwords.matches(agent.password_hash, password):
        raise RequestError(
            400, "password_same", "Choose a password other than the one-time password."
        )
    agent.display_name = _display_name(display_name)
    agent.password_hash = passwords.hash_password(password)
    agent.must_change_password = False
    sessions.end_all(session, agent.id)
    log.record(session, agent, "password_chosen")
    return agent


def change_password(session: Any, who: Identity, current: str, password: str) -> Agent:
    """Take another password, and sign out everywhere else.

    Raises:
        RequestError: The current one is wrong, or the other one cannot be taken.
    """
    agent: Agent = session.get(Agent, who.agent_id)
    if not passwords.matches(agent.password_hash or None, current):
        raise RequestError(400, "current_password", "This is not your current password.")
    passwords.require_good(password)
    agent.password_hash = passwords.hash_password(password)
    sessions.end_all(session, agent.id)
    log.record(session, who, "password_changed")
    return agent


def rename(session: Any, who: Identity, display_name: str) -> Agent:
    """Take another name for customers, from the next message on.

    Raises:
        RequestError: It cannot be a name.
    """
    agent: Agent = session.get(Agent, who.agent_id)
    before, agent.display_name = agent.display_name, _display_name(display_name)
    log.record(session, who, "renamed", before=before, display_name=agent.display_name)
    return agent


def _display_name(value: str) -> str:
    name = " ".join(value.split())
    if not 0 < len(name) <= MAX_DISPLAY_NAME_CHARACTERS or not name.isprintable():
        raise RequestError(
            400, "display_name",
            f"Enter the name that customers see, up to {MAX_DISPLAY_NAME_CHARACTERS} characters.",
            maximum=MAX_DISPLAY_NAME_CHARACTERS,
        )  # fmt: skip
    return name
