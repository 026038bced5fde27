from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from rasa_project.desk.people import roles
from rasa_project.desk.people.identity import Identity
from rasa_project.desk.queue import duty, events, moves
from rasa_project.desk.queue.config import DeskConfig
from rasa_project.desk.queue.moves import Destination
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import OutboxEntry
from rasa_project.desk.tickets import work
from tests.rasa_project.desk.queue.conversations import act, refusal, steps, ticket_of, told
from tests.rasa_project.desk.rows import add_agent, add_ticket

JOINED = "{} has joined the chat and has read what you wrote."


def pass_on(
    store: Store, ticket: int, who: Identity, to: Destination, config: DeskConfig,
    key: str = "key-00001", note: str = "",
) -> Any:  # fmt: skip
    return act(store, moves.pass_on, ticket, who, key, to, note, config)


def slots(store: Store) -> list[Any]:
    with store.read() as session:
        entries = session.scalars(select(OutboxEntry).order_by(OutboxEntry.id)).all()
    return [
        (event["value"], event.get("metadata"))
        for entry in entries
        for event in entry.events
        if event["event"] == "slot"
    ]


def test_a_waiting_conversation_is_assigned_and_the_customer_hears_who_is_there(
    store: Store, desk_config: DeskConfig
) -> None:
    li, ana, ticket = add_agent(store, "li"), add_agent(store, "ana"), add_ticket(store)
    for _ in range(2):  # a second click
        pass_on(store, ticket, li, Destination(agent=ana.agent_id), desk_config)
    assert steps(store, ticket) == [("queued", "agent", "li", "assigned to ana")]
    assert told(store) == [JOINED.format("Ana")]
    assert slots(store) == [("agent", None)]


def test_a_conversation_is_passed_on_with_a_note_for_the_next(
    store: Store, desk_config: DeskConfig
) -> None:
    li, ana, ticket = add_agent(store, "li"), add_agent(store, "ana"), add_ticket(store)
    act(store, work.claim, ticket, li)
    to = Destination(agent=ana.agent_id)
    pass_on(store, ticket, li, to, desk_config, note=" refund is booked ")
    assert steps(store, ticket)[1:] == [("agent", "agent", "li", "passed on to ana")]
    assert told(store) == [
        JOINED.format("Li"), "Ana is taking over and has read what you wrote."
    ]  # fmt: skip
    assert slots(store) == [("agent", None)]
    with store.read() as session:
        (event,) = events.of_ticket(session, ticket)
    event.pop("at")
    assert event == {
        "kind": "passed_on", "who": "Li", "to": "Ana", "team": None, "note": "refund is booked"
    }  # fmt: skip
    assert refusal(store, work.answer, ticket, li, "message-1", "hello") == (409, "claimed")
    act(store, work.answer, ticket, ana, "message-1", "hello")


def test_a_conversation_goes_back_to_the_queue_and_can_be_taken_again(
    store: Store, desk_config: DeskConfig
) -> None:
    li, ticket = add_agent(store, "li"), add_ticket(store)
    act(store, work.claim, ticket, li)
    pass_on(store, ticket, li, Destination(), desk_config)
    waiting = ticket_of(store, ticket)
    act(store, work.claim, ticket, li)
    assert (waiting.state, waiting.agent_id, ticket_of(store, ticket).state) == (
        "queued", None, "agent",
    )  # fmt: skip
    assert steps(store, ticket) == [
        ("queued", "agent", "li", "claimed"),
        ("agent", "queued", "li", "put back into the queue"),
        ("queued", "agent", "li", "claimed"),
    ]
    assert slots(store) == [("agent", None), ("queued", {"sender": "desk"}), ("agent", None)]


def test_a_team_gets_a_conversation_waiting_or_not(store: Store, desk_config: DeskConfig) -> None:
    li, ticket = add_agent(store, "li"), add_ticket(store)
    pass_on(store, ticket, li, Destination(team="billing"), desk_config, "key-00001")
    act(store, work.claim, ticket, li)
    pass_on(store, ticket, li, Destination(team="vip"), desk_config, "key-00002")
    assert (ticket_of(store, ticket).team, steps(store, ticket)[1:]) == (
        "vip", [("agent", "queued", "li", "passed on to the team vip")],
    )  # fmt: skip


def test_what_cannot_be_is_refused(store: Store, desk_config: DeskConfig) -> None:
    li, ana, ticket = add_agent(store, "li"), add_agent(store, "ana"), add_ticket(store)
    act(store, work.claim, ticket, li)

    def asked(who: Identity, to: Destination, key: str = "key-00001", note: str = "") -> Any:
        return refusal(store, moves.pass_on, ticket, who, key, to, note, desk_config)

    assert [
        asked(ana, Destination()),
        asked(li, Destination(agent=99)),
        asked(li, Destination(team="nobody")),
        asked(li, Destination(agent=ana.agent_id, team="vip")),
        asked(li, Destination(agent=li.agent_id)),
        asked(li, Destination(), key="short"),
        asked(li, Destination(), note="x" * 1_001),
    ] == [
        (409, "claimed"), (404, "no_agent"), (400, "no_team"),
        (400, "destination"), (409, "has_it"), (400, "key"), (400, "too_long"),
    ]  # fmt: skip
    assert steps(store, ticket) == [("queued", "agent", "li", "claimed")]


def test_a_supervisor_may_move_anybodys_conversation(store: Store, desk_config: DeskConfig) -> None:
    li, ana, ticket = add_agent(store, "li"), add_agent(store, "ana"), add_ticket(store)
    act(store, work.claim, ticket, li)
    boss = Identity(ana.agent_id, "ana", "Ana", roles.SUPERVISOR, False, "session", 0.0)
    pass_on(store, ticket, boss, Destination(agent=ana.agent_id), desk_config)
    assert ticket_of(store, ticket).agent_id == ana.agent_id


def test_nobody_has_more_conversations_than_they_may(store: Store, desk_config: DeskConfig) -> None:
    li, ana = add_agent(store, "li"), add_agent(store, "ana")
    one, two, three = (add_ticket(store, name) for name in "abc")
    for ticket in (one, two):
        act(store, work.claim, ticket, li, desk_config)
    assert refusal(store, work.claim, three, li, desk_config) == (409, "limit")
    assert refusal(store, work.take_over, three, li, desk_config) == (409, "limit")
    key, to = "key-00001", Destination(agent=li.agent_id)
    assert refusal(store, moves.pass_on, three, ana, key, to, "", desk_config) == (
        409, "limit_colleague",
    )  # fmt: skip
    with store.write() as session:
        session.merge(ticket_of(store, one)).snoozed_until = 9e9
        assert duty.load(session, li.agent_id) == 1
    act(store, work.claim, three, li, desk_config)


def test_a_priority_moves_a_conversation_up_and_down(store: Store, desk_config: DeskConfig) -> None:
    li, ticket = add_agent(store, "li"), add_ticket(store)
    keys = []
    for number, value in enumerate(("urgent", "normal", "low", "high")):
        act(store, moves.set_priority, ticket, li, f"key-0000{number}", value, desk_config)
        keys.append(ticket_of(store, ticket).sort_key)
    assert [key - keys[1] for key in keys] == pytest.approx([120, 0, -40, 40])
    with store.read() as session:
        happened = [event["priority"] for event in events.of_ticket(session, ticket)]
    assert happened == ["urgent", "normal", "low", "high"]
    again = refusal(store, moves.set_priority, ticket, li, "key-00009", "extreme", desk_config)
    assert again == (400, "priority")


def test_colleagues_are_listed_with_their_load_those_who_are_there_first(
    store: Store, desk_config: DeskConfig
) -> None:
    add_agent(store, "ana")
    li, ticket = add_agent(store, "li"), add_ticket(store)
    act(store, work.claim, ticket, li)
    with store.read() as session:
        assert moves.colleagues(session, desk_config, {li.agent_id}) == [
            {
                "id": 2, "display_name": "Li", "present": True, "conversations": 1, "limit": 2,
                "teams": [], "languages": [],
            },
            {
                "id": 1, "display_name": "Ana", "present": False, "conversations": 0, "limit": 2,
                "teams": [], "languages": [],
            },
        ]  # fmt: skip
