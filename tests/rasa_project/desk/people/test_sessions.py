from __future__ import annotations

import time

import pytest
from sqlalchemy import select, update

from rasa_project.desk.errors import RequestError
from rasa_project.desk.people import sessions
from rasa_project.desk.people.identity import Visitor
from rasa_project.desk.people.policy import AccessPolicy
from rasa_project.desk.people.sessions import Sessions
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import SignIn
from tests.rasa_project.desk.people.entering import add, enter, found


@pytest.fixture
def password(store: Store) -> str:
    return add(store, "li")


def set_back(store: Store, **times: float) -> None:
    with store.write() as session:
        session.execute(
            update(SignIn).values({name: time.time() - ago for name, ago in times.items()})
        )


def test_a_session_ends_when_its_time_is_over_however_busy_it_was(
    store: Store, password: str
) -> None:
    token = enter(store, "li", password).token
    set_back(store, expires_at=1.0)
    assert found(store, token) is None
    enter(store, "li", password)
    with store.read() as session:
        assert len(session.scalars(select(SignIn)).all()) == 1


def test_a_session_ends_when_nobody_sits_at_it(store: Store, password: str) -> None:
    policy = AccessPolicy(idle_seconds=600.0)
    token = enter(store, "li", password).token
    set_back(store, last_seen_at=590.0)
    assert found(store, token, policy) is not None  # which was a sign of life
    set_back(store, created_at=590.0)
    assert found(store, token, policy) is not None
    with store.read() as session:
        assert session.scalar(select(SignIn.last_seen_at)) > time.time() - 60
    set_back(store, last_seen_at=601.0)
    assert found(store, token, policy) is None


def test_looking_whether_sessions_go_on_keeps_none_alive(store: Store, password: str) -> None:
    who = enter(store, "li", password).who
    set_back(store, last_seen_at=590.0)
    alive = Sessions(store, AccessPolicy(idle_seconds=600.0)).alive({who.session, "another"})
    with store.read() as session:
        assert (alive, session.scalar(select(SignIn.last_seen_at)) < time.time() - 580) == (
            {who.session},
            True,
        )


def test_people_see_their_own_sessions_and_end_them_one_by_one_or_all(
    store: Store, password: str
) -> None:
    add(store, "ana")
    home = enter(store, "li", password, Visitor("198.51.100.7", "at home"))
    office = enter(store, "li", password)
    mine = Sessions(store, AccessPolicy())
    listed = mine.of(office.who)
    assert [(entry["address"], entry["browser"], entry["current"]) for entry in listed] == [
        ("192.0.2.1", "a browser", True),
        ("198.51.100.7", "at home", False),
    ]
    with store.write() as session:
        assert sessions.end_one(session, office.who, listed[1]["id"]) == home.who.session
    with pytest.raises(RequestError) as refused, store.write() as session:
        sessions.end_one(session, office.who, listed[1]["id"])
    assert refused.value.code == "no_session"
    assert [found(store, home.token), found(store, office.token)] == [None, office.who]
    with store.write() as session:
        sessions.end_all(session, office.who.agent_id)
    assert mine.of(office.who) == []


def test_nobody_ends_the_session_of_somebody_else(store: Store, password: str) -> None:
    ana = enter(store, "ana", add(store, "ana")).who
    li = enter(store, "li", password)
    (entry,) = Sessions(store, AccessPolicy()).of(li.who)
    with pytest.raises(RequestError, match="ended already"), store.write() as session:
        sessions.end_one(session, ana, entry["id"])
    assert found(store, li.token) == li.who
