from __future__ import annotations

import time
from typing import Any

import pytest
from sqlalchemy import select

from rasa_project.desk.errors import RequestError
from rasa_project.desk.floor import risk, stepping_in
from rasa_project.desk.inbound.intake import Intake
from rasa_project.desk.inbound.tracker_events import CustomerTurn, Row, SlotValue
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import AuditEntry, OutboxEntry, Ticket, Transition
from rasa_project.desk.tickets import work
from tests.rasa_project.desk.rasa_like import emotion
from tests.rasa_project.desk.rows import add_agent, add_ticket


def says(store: Store, conversation: str, feels: dict[str, Any], ago: float = 1.0) -> None:
    with store.write() as session:
        row = Row(hash(conversation) % 1_000, conversation, "", time.time() - ago, "")
        Intake(session).take(row, CustomerTurn("text", None, feels, "webchat", "en"))


def at_risk(store: Store) -> list[str]:
    with store.read() as session:
        return [found["id"] for found in risk.at_risk(session, time.time())]


def refusal(store: Store, change: Any, *values: Any) -> tuple[int, str]:
    with pytest.raises(RequestError) as refused, store.write() as session:
        change(session, *values)
    return refused.value.status, refused.value.code


def test_conversations_with_the_bot_that_go_badly_are_at_risk_the_worst_first(store: Store) -> None:
    calm = {**emotion("joy", 0.5), "forecast": 0.05}
    says(store, "calm", calm)
    says(store, "forecast", {**calm, "forecast": 0.3})
    says(store, "angry", {**emotion("anger", -0.9, 1.0), "forecast": 0.6})
    says(store, "long ago", emotion(), ago=risk.RECENT_SECONDS + 5)
    says(store, "at the desk", emotion())
    with store.write() as session:
        row = Row(5_000, "at the desk", "", time.time(), "")
        Intake(session).take(row, SlotValue("handoff_state", "queued"))
    assert at_risk(store) == ["angry", "forecast"]


def test_watching_shows_what_was_said_and_is_written_down_once_a_while(store: Store) -> None:
    eva = add_agent(store, "eva")
    says(store, "c", emotion())
    for _ in range(2):
        with store.write() as session:
            found = risk.watch(session, "c")
            if not risk.is_recorded(session, "c", eva):
                risk.record(session, "c", eva)
    assert [message["text"] for message in found["messages"]] == ["text"]
    assert (found["ticket"], found["conversation"]["id"]) == (None, "c")
    with store.read() as session:
        entries = session.scalars(select(AuditEntry)).all()
    assert [(entry.actor, entry.action, entry.details) for entry in entries] == [
        ("eva", "conversation_watched", {"conversation": "c"})
    ]
    assert refusal(store, risk.watch, "nobody") == (404, "no_conversation")


def test_taking_over_from_the_bot_opens_and_claims_in_one_step_and_silences_it(
    store: Store,
) -> None:
    eva, ana = add_agent(store, "eva"), add_agent(store, "ana")
    says(store, "c", emotion())
    with store.write() as session:
        (ticket_id,) = stepping_in.take_from_bot(session, "c", eva).tickets
    with store.write() as session:
        assert stepping_in.take_from_bot(session, "c", eva).messages == set()
    assert refusal(store, stepping_in.take_from_bot, "c", ana) == (409, "at_desk")
    with store.read() as session:
        ticket = session.get(Ticket, ticket_id)
        steps = [(step.to_state, step.why) for step in session.scalars(select(Transition))]
        (events,) = session.scalars(select(OutboxEntry.events)).all()
    assert (ticket.state, ticket.agent_id) == ("agent", eva.agent_id)
    assert ticket.reasons == [{"signal": "taken_over", "value": "Eva", "says": "taken over by Eva"}]
    assert steps == [("queued", "taken over by Eva"), ("agent", "taken over by Eva")]
    assert [event["event"] for event in events] == ["slot", "slot", "active_loop", "pause", "bot"]
    assert {**events[0], "metadata": None} == {
        "event": "slot",
        "name": "handoff_state",
        "value": "agent",
        "metadata": None,
    }
    assert events[-1]["text"] == "Eva has joined the chat and has read what you wrote."
    assert at_risk(store) == []


def test_a_handoff_of_the_bots_own_at_the_same_moment_opens_no_second_ticket(
    store: Store,
) -> None:
    eva = add_agent(store, "eva")
    says(store, "c", emotion())
    with store.write() as session:
        stepping_in.take_from_bot(session, "c", eva)
    with store.write() as session:
        for number, value in enumerate(("queued", "agent")):
            row = Row(6_000 + number, "c", "", time.time(), "")
            Intake(session).take(row, SlotValue("handoff_state", value))
    with store.read() as session:
        assert [ticket.state for ticket in session.scalars(select(Ticket))] == ["agent"]


def test_taking_over_from_a_colleague_moves_the_conversation(store: Store) -> None:
    eva, ana = add_agent(store, "eva"), add_agent(store, "ana")
    ticket = add_ticket(store)
    assert refusal(store, stepping_in.take_from_colleague, ticket, eva) == (
        409, "not_with_colleague",
    )  # fmt: skip
    with store.write() as session:
        work.claim(session, ticket, ana)
    with store.write() as session:
        stepping_in.take_from_colleague(session, ticket, eva)
        work.answer(session, ticket, eva, "message-1", "Hello, this is Eva.")
    assert refusal(store, work.answer, ticket, ana, "message-2", "But…") == (409, "claimed")
    with store.read() as session:
        last = session.scalar(select(Transition.why).order_by(Transition.id.desc()))
    assert last == "taken over by Eva from ana"
