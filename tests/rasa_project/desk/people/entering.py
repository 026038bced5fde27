"""People who come to the desk, for tests that work on the store directly."""

from __future__ import annotations

from rasa_project.desk.errors import RequestError
from rasa_project.desk.people import directory, sign_in
from rasa_project.desk.people.identity import Identity, Visitor
from rasa_project.desk.people.policy import AccessPolicy
from rasa_project.desk.people.sessions import Sessions
from rasa_project.desk.people.sign_in import SignedIn
from rasa_project.desk.store.database import Store

OFFICE = Visitor("192.0.2.1", "a browser")


def add(store: Store, name: str, role: str = "agent", email: str | None = None) -> str:
    """Let somebody in; return the one-time password."""
    with store.write() as session:
        return directory.add(session, "tests", name, role, email)


def enter(
    store: Store, name: str, password: str, visitor: Visitor = OFFICE, old: str | None = None
) -> SignedIn:
    sessions = Sessions(store, AccessPolicy())
    return sign_in.sign_in(store, sessions, name, password, visitor, old)


def attempt(store: Store, name: str, password: str, visitor: Visitor = OFFICE) -> str:
    """Try to come in; return the code of the refusal, or `in`."""
    try:
        enter(store, name, password, visitor)
    except RequestError as refused:
        return refused.code
    return "in"


def found(store: Store, token: str | None, policy: AccessPolicy | None = None) -> Identity | None:
    return Sessions(store, policy or AccessPolicy()).find(token)
