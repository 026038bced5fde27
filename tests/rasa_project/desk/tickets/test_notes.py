from __future__ import annotations

from typing import Any

import pytest

from rasa_project.desk.errors import RequestError
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import OutboxEntry
from rasa_project.desk.tickets import notes
from rasa_project.desk.tickets.changes import Changes
from tests.rasa_project.desk.rows import add_agent, add_ticket


def act(store: Store, change: Any, *values: Any) -> Any:
    with store.write() as session:
        return change(session, *values)


def refusal(store: Store, change: Any, *values: Any) -> str:
    with pytest.raises(RequestError) as refused:
        act(store, change, *values)
    return refused.value.code


def test_a_note_is_kept_once_for_colleagues_alone(store: Store) -> None:
    li, ana, ticket = add_agent(store, "li"), add_agent(store, "ana"), add_ticket(store)
    written = [
        act(store, notes.write, ticket, ana, "note-0001", " called the\0 carrier ")
        for _ in range(2)
    ]
    assert written == [Changes(casework={ticket}), Changes()]
    assert [
        refusal(store, notes.write, ticket, li, "note-0001", "called the carrier"),
        refusal(store, notes.write, ticket, li, "note-0002", " "),
        refusal(store, notes.write, ticket, li, "note-0002", "x" * 4_001),
        refusal(store, notes.write, ticket, li, "?", "text"),
        refusal(store, notes.write, 99, li, "note-0002", "text"),
    ] == ["message_id", "empty", "too_long", "message_id", "no_ticket"]
    with store.read() as session:
        (note,) = notes.of_conversation(session, "c")
        assert session.query(OutboxEntry).count() == 0
    assert (note["ticket"], note["agent"], note["text"]) == (ticket, "Ana", "called the carrier")


def test_tags_are_written_in_one_way_and_replaced_as_a_whole(store: Store) -> None:
    li, ticket, other = add_agent(store, "li"), add_ticket(store), add_ticket(store, "d")
    first = act(store, notes.tag, ticket, li, ["#VIP", "late  parcel", "vip", " "])
    same = act(store, notes.tag, ticket, li, ["vip", "late parcel"])
    assert (first, same) == (Changes(casework={ticket}), Changes())
    act(store, notes.tag, ticket, li, ["VIP", "退款"])
    act(store, notes.tag, other, li, ["退款"])
    assert refusal(store, notes.tag, ticket, li, ["x" * 41]) == "tags"
    assert refusal(store, notes.tag, ticket, li, [str(n) for n in range(21)]) == "tags"
    with store.read() as session:
        assert notes.tags_of(session, ticket) == ["vip", "退款"]
        assert notes.known_tags(session) == ["退款", "vip"]
