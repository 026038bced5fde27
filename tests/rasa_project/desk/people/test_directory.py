from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from rasa_project.desk.errors import RequestError
from rasa_project.desk.people import directory
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import AuditEntry, OutboxEntry, Ticket, Transition
from rasa_project.desk.tickets import work
from tests.rasa_project.desk.people.entering import add, attempt, enter, found
from tests.rasa_project.desk.rows import add_ticket


def act(store: Store, change: Any, *values: Any) -> Any:
    with store.write() as session:
        return change(session, "tests", *values)


def refusal(store: Store, change: Any, *values: Any) -> tuple[int, str]:
    with pytest.raises(RequestError) as refused:
        act(store, change, *values)
    return refused.value.status, refused.value.code


def written(store: Store) -> list[tuple[str, dict[str, Any]]]:
    with store.read() as session:
        found = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(entry.action, entry.details) for entry in found]


def test_people_are_added_by_name_with_a_role(store: Store) -> None:
    who = enter(store, "ana", add(store, " Ana ", "supervisor", " Ana@Example.com")).who
    assert (who.name, who.role, who.must_change_password) == ("ana", "supervisor", True)
    with store.read() as session:
        (person,) = directory.people(session)
    assert {name: person[name] for name in ("email", "disabled", "service", "conversations")} == {
        "email": "ana@example.com",
        "disabled": False,
        "service": False,
        "conversations": 0,
    }


@pytest.mark.parametrize(
    ("name", "role", "email", "refused"),
    [
        ("ANA", "agent", None, (409, "name_taken")),
        ("a b", "agent", None, (400, "name")),
        ("", "agent", None, (400, "name")),
        ("x" * 41, "agent", None, (400, "name")),
        ("li", "king", None, (400, "unknown_role")),
        ("li", "agent", "nowhere", (400, "email")),
        ("li", "agent", "ANA@example.com", (409, "email_taken")),
    ],
)
def test_who_cannot_be_added_is_told_why(
    store: Store, name: str, role: str, email: str | None, refused: tuple[int, str]
) -> None:
    add(store, "ana", email="ana@example.com")
    assert refusal(store, directory.add, name, role, email) == refused


def test_a_disabled_persons_conversations_go_back_to_the_queue_with_a_reason(
    store: Store,
) -> None:
    add(store, "boss", "admin")
    li = enter(store, "li", add(store, "li"))
    kept, other = add_ticket(store, "a", "zh"), add_ticket(store, "b")
    with store.write() as session:
        work.claim(session, kept, li.who)
    changes = act(store, directory.disable, "LI")
    assert (changes.tickets, found(store, li.token)) == ({kept}, None)
    assert act(store, directory.disable, "li").tickets == set()
    with store.read() as session:
        ticket = session.get(Ticket, kept)
        assert (ticket.state, ticket.agent_id, session.get(Ticket, other).state) == (
            "queued",
            None,
            "queued",
        )
        steps = session.scalars(select(Transition).order_by(Transition.id.desc())).first()
        assert (steps.from_state, steps.to_state, steps.who, steps.why) == (
            "agent", "queued", "tests", "li can no longer sign in",
        )  # fmt: skip
        told = session.scalars(select(OutboxEntry).order_by(OutboxEntry.id.desc())).first()
    assert [event.get("value") or event["text"] for event in told.events] == [
        "queued",
        "将由另一位客服继续为您服务，您写的内容都会看到，请稍候。",
    ]
    boss = enter(store, "boss", act(store, directory.reset_password, "boss")).who
    with store.write() as session:
        assert work.claim(session, kept, boss).tickets == {kept}
    assert written(store)[-3:-1] == [
        ("person_disabled", {"person": "li", "conversations": 1}),
        ("password_reset", {"person": "boss"}),
    ]


def test_the_enabled_come_in_with_the_password_that_they_had(store: Store) -> None:
    add(store, "boss", "admin")
    password = add(store, "li")
    act(store, directory.disable, "li")
    assert attempt(store, "li", password) == "wrong_password"
    act(store, directory.enable, "li")
    assert attempt(store, "li", password) == "in"


def test_an_admin_always_stays(store: Store) -> None:
    add(store, "boss", "admin")
    add(store, "li")
    assert [
        refusal(store, directory.disable, "boss"),
        refusal(store, directory.set_role, "boss", "agent"),
    ] == [(409, "last_admin")] * 2
    act(store, directory.set_role, "li", "admin")
    act(store, directory.disable, "boss")
    assert refusal(store, directory.set_role, "li", "supervisor") == (409, "last_admin")


def test_a_role_counts_from_the_next_request(store: Store) -> None:
    token = enter(store, "li", add(store, "li")).token
    act(store, directory.set_role, "li", "supervisor")
    who = found(store, token)
    assert who is not None and who.role == "supervisor"
    act(store, directory.set_role, "li", "supervisor")
    assert written(store)[-1] == (
        "role_changed",
        {"person": "li", "before": "agent", "role": "supervisor"},
    )


def test_a_person_who_does_not_exist_is_named(store: Store) -> None:
    changes = (directory.disable, directory.enable, directory.reset_password)
    assert [refusal(store, change, "li") for change in changes] == [(404, "no_person")] * 3
