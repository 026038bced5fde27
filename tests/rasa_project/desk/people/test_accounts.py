from __future__ import annotations

import pytest

from rasa_project.desk.errors import RequestError
from rasa_project.desk.people import accounts, passwords
from rasa_project.desk.people.identity import Identity
from rasa_project.desk.store.database import Store
from tests.rasa_project.desk.people.entering import enter, found


def choose(store: Store, password: str, display_name: str) -> None:
    with store.write() as session:
        accounts.choose_password(session, 1, password, display_name)


def test_a_fresh_desk_gets_a_new_one_time_password_at_each_start_until_it_is_used(
    store: Store,
) -> None:
    first = accounts.first_one_time_password(store)
    second = accounts.first_one_time_password(store)
    assert first and second and first != second
    with pytest.raises(RequestError, match="wrong"):
        enter(store, "agent", first)
    who = enter(store, " Agent ", second).who
    assert who.must_change_password
    choose(store, "a password of Li's", "Li")
    assert accounts.first_one_time_password(store) is None


def test_an_agents_own_password_replaces_the_one_time_password(store: Store) -> None:
    one_time = accounts.first_one_time_password(store)
    assert one_time
    token = enter(store, "agent", one_time).token
    choose(store, "a password of Li's", "  Li   Na ")
    assert found(store, token) is None
    with pytest.raises(RequestError, match="wrong"):
        enter(store, "agent", one_time)
    who = enter(store, "agent", "a password of Li's").who
    assert (who.display_name, who.must_change_password) == ("Li Na", False)


@pytest.mark.parametrize(
    ("password", "display_name", "code"),
    [
        ("too short", "Li", "password_short"),
        ("x" * 201, "Li", "password_long"),
        ("ONE TIME", "Li", "password_same"),
        ("a password of Li's", "  ", "display_name"),
        ("a password of Li's", "L" * 41, "display_name"),
        ("a password of Li's", "L\u202ei", "display_name"),
    ],
)
def test_a_choice_that_cannot_be_taken_is_worded(
    store: Store, password: str, display_name: str, code: str
) -> None:
    one_time = accounts.first_one_time_password(store)
    assert one_time
    with pytest.raises(RequestError) as refused:
        choose(store, one_time if password == "ONE TIME" else password, display_name)
    assert (refused.value.status, refused.value.code) == (400, code)


def test_a_password_is_chosen_once(store: Store) -> None:
    accounts.first_one_time_password(store)
    choose(store, "a password of Li's", "Li")
    with pytest.raises(RequestError, match="already"):
        choose(store, "another password", "Li")


def entered(store: Store) -> Identity:
    accounts.first_one_time_password(store)
    choose(store, "a password of Li's", "Li")
    return enter(store, "agent", "a password of Li's").who


def test_another_password_needs_the_present_one_and_ends_all_sessions(store: Store) -> None:
    li = entered(store)
    token = enter(store, "agent", "a password of Li's").token
    for current, password, code in [
        ("wrong", "another password", "current_password"),
        ("a password of Li's", "short", "password_short"),
    ]:
        with pytest.raises(RequestError) as refused, store.write() as session:
            accounts.change_password(session, li, current, password)
        assert (refused.value.code, found(store, token) is None) == (code, False)
    with store.write() as session:
        accounts.change_password(session, li, "a password of Li's", "another password")
    assert found(store, token) is None
    assert enter(store, "agent", "another password").who.name == "agent"


def test_the_name_for_customers_can_be_changed(store: Store) -> None:
    li = entered(store)
    with store.write() as session:
        accounts.rename(session, li, "  Li  Na ")
    assert enter(store, "agent", "a password of Li's").who.display_name == "Li Na"


def test_passwords_are_stored_as_argon2id_and_compared_whole() -> None:
    stored = passwords.hash_password("a password of Li's")
    assert stored.startswith("$argon2id$")
    tried = ["a password of Li's", "a password of Li's ", "", "\ud800"]
    assert [passwords.matches(stored, password) for password in tried] == [
        True,
        False,
        False,
        False,
    ]
    assert not passwords.matches(None, "a password of Li's")
    assert not passwords.matches("not a hash", "a password of Li's")
