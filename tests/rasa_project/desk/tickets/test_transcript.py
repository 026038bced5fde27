from __future__ import annotations

import pytest

from rasa_project.desk.errors import RequestError
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import Message
from rasa_project.desk.tickets import transcript, views
from tests.rasa_project.desk import crowd
from tests.rasa_project.desk.rows import add_message, add_ticket


def test_a_conversation_comes_in_pages_from_its_end_to_its_beginning(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transcript, "PAGE_MESSAGES", 3)
    ticket = add_ticket(store)
    ids = [add_message(store, str(number), float(number)) for number in range(7)]
    with store.write() as session:  # two at the same moment, between which a page ends
        session.get(Message, ids[3]).timestamp = 4.0
    pages = []
    with store.read() as session:
        found = views.ticket(session, ticket)
        while True:
            pages.append(([message["text"] for message in found["messages"]], found["cut"]))
            if not found["cut"]:
                break
            found = transcript.earlier(session, ticket, found["messages"][0]["id"])
    assert pages == [(["4", "5", "6"], True), (["1", "2", "3"], True), (["0"], False)]


def test_five_megabytes_come_in_pages_too_and_a_giant_in_one_of_its_own(store: Store) -> None:
    ticket = add_ticket(store)
    for number in range(5):
        add_message(store, "x" * 90_000, float(number))
    giant = add_message(store, "y" * 5_000_000, 9.0)
    with store.read() as session:
        newest = views.ticket(session, ticket)
        before = transcript.earlier(session, ticket, giant)
    assert [len(message["text"]) for message in newest["messages"]] == [5_000_000]
    assert [len(message["text"]) for message in before["messages"]] == [90_000, 90_000]
    assert (newest["cut"], before["cut"]) == (True, True)


def test_a_message_of_another_conversation_is_no_place_to_go_on_from(store: Store) -> None:
    ticket, _ = add_ticket(store), add_ticket(store, "other")
    other = add_message(store, "hello", 1.0, conversation="other")
    with pytest.raises(RequestError) as refused, store.read() as session:
        transcript.earlier(session, ticket, other)
    assert refused.value.code == "no_message"


def test_all_tickets_come_in_pages_each_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PAGE_OPEN", 7)
    crowd.fill(store, 30, 2)
    pages: list[list[tuple[float, int]]] = []
    with store.read() as session:
        more, after = True, None
        while more:
            found, more = views.open_tickets(session, after)
            pages.append([(ticket["sort_key"], ticket["id"]) for ticket in found])
            after = pages[-1][-1]
    listed = [ticket for page in pages for ticket in page]
    assert [len(page) for page in pages] == [7, 7, 7, 7, 2]
    assert listed == sorted(listed, key=lambda ticket: (-ticket[0], ticket[1]))
    assert len({ticket_id for _, ticket_id in listed}) == 30
