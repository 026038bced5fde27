from __future__ import annotations

import time

import pytest
from sqlalchemy import update

from rasa_project.desk.errors import TooManyRequests
from rasa_project.desk.people import directory, lockout
from rasa_project.desk.people.identity import Visitor
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import SignInFailures
from tests.rasa_project.desk.people.entering import OFFICE, add, attempt, enter

WRONG = "wrong_password"


@pytest.fixture
def password(store: Store) -> str:
    return add(store, "li")


def stranger(number: int) -> Visitor:
    return Visitor(f"203.0.113.{number}", "a script")


def test_a_name_is_locked_for_an_address_after_failures_in_a_row(
    store: Store, password: str
) -> None:
    assert [attempt(store, "li", "wrong") for _ in range(6)] == [WRONG] * 5 + ["locked"]
    with pytest.raises(TooManyRequests) as refused:
        enter(store, "LI", password)
    assert (refused.value.status, refused.value.details) == (429, {"minutes": 15})
    assert 890 <= int(refused.value.headers["Retry-After"]) <= 900
    with store.write() as session:
        session.execute(update(SignInFailures).values(locked_until=time.time() - 1))
    assert attempt(store, "li", password) == "in"


def test_a_name_that_does_not_exist_is_refused_and_locked_alike(store: Store) -> None:
    assert [attempt(store, "nobody", "x") for _ in range(6)] == [WRONG] * 5 + ["locked"]


def test_a_stranger_who_fails_on_purpose_does_not_keep_its_owner_out(
    store: Store, password: str
) -> None:
    assert [attempt(store, "li", "wrong", stranger(1)) for _ in range(6)][-1] == "locked"
    assert attempt(store, "li", password) == "in"


def test_a_known_browser_is_let_in_whatever_strangers_do(
    store: Store, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lockout, "NAME_FAILURES", 4)
    known = Visitor(OFFICE.address, OFFICE.browser, enter(store, "li", password).browser)
    codes = [attempt(store, "li", "wrong", stranger(number)) for number in range(5)]
    assert codes == [WRONG] * 4 + ["locked"]
    assert attempt(store, "li", password) == "locked"  # a browser that nobody knows
    assert attempt(store, "li", password, known) == "in"
    assert [attempt(store, "li", "wrong", known) for _ in range(6)] == [WRONG] * 5 + ["locked"]


def test_a_browser_is_known_for_its_owner_alone(store: Store, password: str) -> None:
    enter(store, "ana", anas := add(store, "ana"))
    known = Visitor(OFFICE.address, OFFICE.browser, enter(store, "li", password).browser)
    for _ in range(5):
        attempt(store, "ana", "wrong")
    assert attempt(store, "ana", anas, known) == "locked"


def test_an_address_that_tries_many_names_is_locked_for_all_of_them(
    store: Store, password: str
) -> None:
    codes = [attempt(store, f"name-{number}", "x", stranger(1)) for number in range(20)]
    assert codes == [WRONG] * 20
    assert attempt(store, "li", password, stranger(1)) == "locked"
    assert attempt(store, "li", password, stranger(2)) == "in"


def test_without_an_address_only_names_are_counted(store: Store, password: str) -> None:
    for number in range(lockout.ADDRESS_FAILURES + 1):
        attempt(store, f"name-{number}", "x", Visitor())
    assert attempt(store, "li", password, Visitor()) == "in"


def test_a_success_forgets_the_failures_before(store: Store, password: str) -> None:
    for _ in range(2):
        for _ in range(4):
            attempt(store, "li", "wrong")
        enter(store, "li", password)
    assert attempt(store, "li", "wrong") == WRONG


def test_a_new_one_time_password_lifts_the_lock(store: Store, password: str) -> None:
    for _ in range(5):
        attempt(store, "li", "wrong")
    assert attempt(store, "li", password) == "locked"
    with store.write() as session:
        fresh = directory.reset_password(session, "tests", "li")
    assert attempt(store, "li", fresh) == "in"
