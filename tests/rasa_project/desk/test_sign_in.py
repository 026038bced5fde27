from __future__ import annotations

import time

import pytest
from sqlalchemy import select, update

from rasa_project.desk import accounts, sign_in
from rasa_project.desk.errors import RequestError
from rasa_project.desk.models import FailedSignIn, SignIn
from rasa_project.desk.store import Store


@pytest.fixture
def password(store: Store) -> str:
    return accounts.add(store, "li")


def fail(store: Store, name: str = "li") -> str:
    with pytest.raises(RequestError) as refused:
        sign_in.sign_in(store, name, "wrong", None)
    return refused.value.code


def test_a_token_opens_the_session_it_was_given_for(store: Store, password: str) -> None:
    token, who = sign_in.sign_in(store, "li", password, None)
    assert sign_in.find(store, token) == who
    assert [sign_in.find(store, other) for other in (None, "", token + "x", "\ud800")] == [None] * 4


def test_the_token_itself_is_not_stored(store: Store, password: str) -> None:
    token, _ = sign_in.sign_in(store, "li", password, None)
    with store.read() as session:
        assert token not in session.scalars(select(SignIn.token_hash)).all()


def test_signing_in_again_ends_the_browsers_old_session(store: Store, password: str) -> None:
    old, _ = sign_in.sign_in(store, "li", password, None)
    elsewhere, _ = sign_in.sign_in(store, "li", password, None)
    new, _ = sign_in.sign_in(store, "li", password, old)
    found = [sign_in.find(store, token) is not None for token in (old, elsewhere, new)]
    assert found == [False, True, True]


def test_sessions_end_by_time_and_by_signing_out(store: Store, password: str) -> None:
    token, who = sign_in.sign_in(store, "li", password, None)
    sign_in.sign_out(store, who)
    assert sign_in.find(store, token) is None
    token, _ = sign_in.sign_in(store, "li", password, None)
    with store.write() as session:
        session.execute(update(SignIn).values(expires_at=time.time() - 1))
    assert sign_in.find(store, token) is None
    sign_in.sign_in(store, "li", password, None)
    with store.read() as session:
        assert len(session.scalars(select(SignIn)).all()) == 1


def test_a_name_is_locked_after_failures_in_a_row_also_for_the_right_password(
    store: Store, password: str
) -> None:
    codes = [fail(store) for _ in range(6)]
    assert codes == ["wrong_password"] * 5 + ["locked"]
    with pytest.raises(RequestError) as refused:
        sign_in.sign_in(store, "LI", password, None)
    assert (refused.value.status, refused.value.details) == (429, {"minutes": 15})
    with store.write() as session:
        session.execute(update(FailedSignIn).values(locked_until=time.time() - 1))
    assert sign_in.sign_in(store, "li", password, None)[1].name == "li"


def test_a_success_forgets_the_failures_before(store: Store, password: str) -> None:
    for _ in range(2):
        for _ in range(4):
            fail(store)
        sign_in.sign_in(store, "li", password, None)
    assert fail(store) == "wrong_password"


def test_a_name_that_does_not_exist_is_refused_and_locked_alike(store: Store) -> None:
    assert [fail(store, "nobody") for _ in range(6)] == ["wrong_password"] * 5 + ["locked"]
