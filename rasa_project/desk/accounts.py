"""The agents of a desk: made, given a one-time password, given a password of their own."""

from __future__ import annotations

import re
import time
from typing import Any

from sqlalchemy import delete, select

from rasa_project.desk import passwords
from rasa_project.desk.errors import RequestError, StartError
from rasa_project.desk.models import Agent, SignIn
from rasa_project.desk.store import Store

FIRST_AGENT = "agent"
MAX_DISPLAY_NAME_CHARACTERS = 40  # customers read it in a chat bubble
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")


def normalize(name: str) -> str:
    """Return a sign-in name as it is stored; `Agent ` and `agent` are the same person."""
    return name.strip().lower()


def first_one_time_password(store: Store) -> str | None:
    """Make the first agent of a fresh desk, and a new one-time password until it was used.

    Returns:
        The password, or None once the first agent has chosen their own.
    """
    with store.write() as session:
        agent = session.scalar(select(Agent).where(Agent.name == FIRST_AGENT))
        if agent is not None and not agent.must_change_password:
            return None
        return _give_one_time_password(session, FIRST_AGENT, agent)


def add(store: Store, name: str) -> str:
    """Make an agent who signs in with a one-time password first.

    Returns:
        The password.

    Raises:
        StartError: The name is taken or cannot be a name.
    """
    name = normalize(name)
    if not _NAME.fullmatch(name):
        raise StartError(
            "An agent's name is up to 40 letters a-z, digits, dots, hyphens and underscores. "
            f"Received: {name!r}."
        )
    with store.write() as session:
        if session.scalar(select(Agent.id).where(Agent.name == name)) is not None:
            raise StartError(f"There is an agent {name!r} already. Choose another name.")
        return _give_one_time_password(session, name, None)


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
    session.execute(delete(SignIn).where(SignIn.agent_id == agent.id))
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


def _give_one_time_password(session: Any, name: str, agent: Agent | None) -> str:
    password = passwords.one_time_password()
    if agent is None:
        agent = Agent(name=name, display_name=name, created_at=time.time())
        session.add(agent)
    agent.password_hash = passwords.hash_password(password)
    agent.must_change_password = True
    return password
