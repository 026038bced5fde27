from __future__ import annotations

import pytest

from rasa_project.desk import accounts, passwords, sign_in
from rasa_project.desk.errors import RequestError, StartError
from rasa_project.desk.store import Store


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
        sign_in.sign_in(store, "agent", first, None)
    _, who = sign_in.sign_in(store, " Agent ", second, None)
    assert who.must_change_password
    choose(store, "a password of Li's", "Li")
    assert accounts.first_one_time_password(store) is None


def test_an_agents_own_password_replaces_the_one_time_password(store: Store) -> None:
    one_time = accounts.first_one_time_password(store)
    assert one_time
    token, _ = sign_in.sign_in(store, "agent", one_time, None)
    choose(store, "a password of Li's", "  Li   Na ")
    assert sign_in.find(store, token) is None
    with pytest.raises(RequestError, match="wrong"):
        sign_in.sign_in(store, "agent", one_time, None)
    _, who = sign_in.sign_in(store, "agent", "a password of Li's", None)
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


def test_agents_are_added_by_name(store: Store) -> None:
    one_time = accounts.add(store, " Ana ")
    _, who = sign_in.sign_in(store, "ana", one_time, None)
    assert (who.name, who.must_change_password) == ("ana", True)
    with pytest.raises(StartError, match="already"):
        accounts.add(store, "ANA")
    with pytest.raises(StartError, match="Received: 'a b'"):
        accounts.add(store, "a b")


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
