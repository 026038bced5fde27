from __future__ import annotations

import pytest
from sqlalchemy import select

from rasa_project.desk.people import directory
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import AuditEntry, SignIn
from tests.rasa_project.desk.people.entering import add, attempt, enter, found


@pytest.fixture
def password(store: Store) -> str:
    return add(store, "li")


def test_a_token_opens_the_session_it_was_given_for(store: Store, password: str) -> None:
    token, who, _ = enter(store, "li", password)
    assert found(store, token) == who
    assert [found(store, other) for other in (None, "", token + "x", "\ud800")] == [None] * 4


def test_neither_token_is_stored_itself(store: Store, password: str) -> None:
    done = enter(store, "li", password)
    assert done.browser is not None
    with store.engine.connect() as connection:
        rows = [
            connection.exec_driver_sql(f"SELECT * FROM {table}").fetchall()
            for table in ("sign_ins", "known_browsers", "audit_entries")
        ]
    assert done.token not in str(rows) and done.browser not in str(rows)


def test_signing_in_again_ends_the_browsers_old_session(store: Store, password: str) -> None:
    old, elsewhere = enter(store, "li", password).token, enter(store, "li", password).token
    new = enter(store, "li", password, old=old).token
    assert [found(store, token) is not None for token in (old, elsewhere, new)] == [
        False,
        True,
        True,
    ]


def test_the_disabled_and_services_do_not_sign_in(store: Store, password: str) -> None:
    with store.write() as session:
        directory.disable(session, "tests", "li")
    assert attempt(store, "li", password) == "wrong_password"
    with store.read() as session:
        assert session.scalars(select(SignIn)).all() == []


def test_sign_ins_and_failures_are_written_down_but_not_what_was_typed(
    store: Store, password: str
) -> None:
    attempt(store, "my secret", "wrong")
    attempt(store, "li", "wrong")
    enter(store, "li", password)
    with store.read() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [
        (entry.actor, entry.via, entry.action, entry.details, entry.address) for entry in entries
    ] == [
        ("tests", "command line", "person_added", {"person": "li", "role": "agent"}, ""),
        ("nobody", "browser", "sign_in_failed", {}, "192.0.2.1"),
        ("li", "browser", "sign_in_failed", {"name": "li"}, "192.0.2.1"),
        ("li", "browser", "sign_in", {}, "192.0.2.1"),
    ]
