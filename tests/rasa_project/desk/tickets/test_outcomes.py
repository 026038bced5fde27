from __future__ import annotations

import pytest

from rasa_project.desk.errors import RequestError
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import Ticket
from rasa_project.desk.tickets import outcomes, work
from tests.rasa_project.desk.rows import add_agent, add_ticket


def test_a_ticket_is_resolved_with_one_outcome(store: Store) -> None:
    li, ticket = add_agent(store, "li"), add_ticket(store)
    with store.write() as session:
        work.claim(session, ticket, li)
    for kind in ("passed_on", "solved"):  # the second is a second click
        with store.write() as session:
            outcomes.resolve(session, ticket, li, "", kind, " to the warehouse ")
    with store.read() as session:
        assert session.get(Ticket, ticket).state == "resolved"
        assert outcomes.of_ticket(session, ticket) == {
            "kind": "passed_on",
            "detail": "to the warehouse",
        }


@pytest.mark.parametrize(
    ("kind", "detail", "code"),
    [("won", "", "outcome"), ("solved", "x" * 1_001, "too_long"), ("solved", "", "not_claimed")],
)
def test_an_outcome_that_cannot_be_leaves_the_ticket_open(
    store: Store, kind: str, detail: str, code: str
) -> None:
    li, ticket = add_agent(store, "li"), add_ticket(store)
    with pytest.raises(RequestError) as refused, store.write() as session:
        outcomes.resolve(session, ticket, li, "", kind, detail)
    assert refused.value.code == code
    with store.read() as session:
        assert session.get(Ticket, ticket).state == "queued"
        assert outcomes.of_ticket(session, ticket) is None
