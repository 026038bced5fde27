from __future__ import annotations

from rasa_project.desk.queue import merging
from rasa_project.desk.store.database import Store
from rasa_project.desk.tickets import work
from tests.rasa_project.desk.queue.conversations import act, refusal, steps, ticket_of, told
from tests.rasa_project.desk.rows import add_agent, add_ticket

KEY = "key-00001"


def earlier(store: Store, ticket: int) -> list[int]:
    with store.read() as session:
        return [one["id"] for one in merging.earlier(session, ticket_of(store, ticket))]


def test_a_closed_ticket_of_the_same_customer_is_linked(store: Store) -> None:
    li, old, new = add_agent(store, "li"), add_ticket(store, "old"), add_ticket(store, "new")
    act(store, work.claim, old, li)
    act(store, work.resolve, old, li, "")
    before = told(store, "old")
    for _ in range(2):
        act(store, merging.merge, new, li, KEY, old)
    assert (earlier(store, new), earlier(store, old)) == ([old], [new])
    assert (ticket_of(store, new).state, told(store, "old")) == ("queued", before)


def test_an_open_double_is_resolved_and_its_customer_hears_where_the_answer_comes(
    store: Store,
) -> None:
    li = add_agent(store, "li")
    double, ticket = add_ticket(store, "double", language="zh"), add_ticket(store, "new")
    act(store, work.claim, ticket, li)
    act(store, merging.merge, ticket, li, KEY, double)
    assert steps(store, double) == [
        ("queued", "agent", "li", f"merged into {ticket}"),
        ("agent", "resolved", "li", f"merged into {ticket}"),
    ]
    assert told(store, "double") == ["我们会在您的另一个对话中回复您。"]


def test_what_a_colleague_has_or_belongs_together_already_is_not_merged(store: Store) -> None:
    li, ana = add_agent(store, "li"), add_agent(store, "ana")
    hers, mine = add_ticket(store, "hers"), add_ticket(store, "mine")
    act(store, work.claim, hers, ana)
    assert [
        refusal(store, merging.merge, mine, li, KEY, hers),
        refusal(store, merging.merge, hers, li, KEY, mine),
        refusal(store, merging.merge, mine, li, KEY, mine),
        refusal(store, merging.merge, mine, li, KEY, 99),
    ] == [(409, "claimed"), (409, "claimed"), (409, "same"), (404, "no_ticket")]
