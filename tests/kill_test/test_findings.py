"""What the comparison finds, shown on talks that went wrong."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import Conversation, Message, OutboxEntry, Ticket, Transition
from tests.kill_test.findings import Findings, bot_among_humans
from tests.kill_test.talk import Record

STEPS = ["bot > queued", "queued > agent", "agent > bot"]
NOTHING = {"lost": 0, "doubled": 0, "reordered": 0, "bot_spoke": 0}


@pytest.mark.parametrize(
    ("found", "wrong"),
    [
        (["a", "b", "c"], {}),
        (["a", "c"], {"lost": 1}),
        (["a", "b", "b", "c"], {"doubled": 1}),
        (["a", "b", "c", "d"], {"doubled": 1}),
        (["a", "c", "b"], {"reordered": 1}),
        (["c", "b", "c"], {"lost": 1, "doubled": 1, "reordered": 1}),
    ],
)
def test_what_is_missing_double_or_out_of_order_is_counted(
    found: list[str], wrong: dict[str, int]
) -> None:
    findings = Findings()
    findings.compare("here", ["a", "b", "c"], found)
    assert findings.counts() == {**NOTHING, **wrong}


def said_by(sender: str | None, text: str) -> dict[str, Any]:
    return {"event": "bot", "text": text, "metadata": {"sender": sender} if sender else {}}


def state(value: str) -> dict[str, Any]:
    return {"event": "slot", "name": "handoff_state", "value": value}


def test_the_bot_may_speak_on_the_turn_that_hands_over_and_after_the_handback() -> None:
    turn = {"event": "user", "text": "help"}
    events = [
        *(turn, state("queued"), said_by(None, "A colleague comes.")),
        *(turn, state("agent"), said_by("system", "Li is here"), said_by("agent", "Hello")),
        *(turn, said_by(None, "I can help, too!"), state("agent")),
        *(state("bot"), said_by("bot", "It's me again")),
        *(turn, said_by(None, "We open at 9.")),
    ]
    assert bot_among_humans(events) == ["I can help, too!"]


def test_rasa_and_customer_are_both_asked_whether_the_bot_spoke() -> None:
    record = Record(said=["a"], bot_heard=["I can help, too!"])
    events = [
        {"event": "user", "text": "help", "metadata": {"message_id": "a"}},
        said_by(None, "A"),
    ]
    findings = Findings()
    findings.check_rasa("c", record, events)
    assert (findings.lost, findings.bot_spoke) == ([], ["c to the customer: I can help, too!"])


def conversation(**steps: str) -> list[Any]:
    """One ticket, with a customer's message and an agent's answer."""
    rows: list[Any] = [
        Conversation(id="c", last_seen=1.0, slots={}),
        Ticket(
            id=1, conversation_id="c", state="bot", heat=0, evidence=0, sort_key=0, reasons=[],
            opened_at=1.0,
        ),
        Message(conversation_id="c", sender="customer", text="help", timestamp=1.0),
        Message(conversation_id="c", sender="agent", text="yes", message_id="b", timestamp=2.0),
        OutboxEntry(
            conversation_id="c", ticket_id=1, message_id="b", events=[], state=steps["sent"],
            next_attempt_at=0, created_at=0,
        ),
    ]  # fmt: skip
    path = steps["path"].split()
    return rows + [
        Transition(
            ticket_id=1, from_state=frm, to_state=to, who="", why="", at=1.0, key=f"{frm}{place}"
        )
        for place, (frm, to) in enumerate(itertools.pairwise(path))
    ]


@pytest.mark.parametrize(
    ("steps", "wrong"),
    [
        ({"sent": "sent", "path": "bot queued agent bot"}, {}),
        ({"sent": "dead", "path": "bot queued agent bot"}, {"lost": 1}),
        ({"sent": "sent", "path": "bot queued agent"}, {"lost": 1}),
        ({"sent": "sent", "path": "bot queued agent bot queued"}, {"doubled": 1}),
    ],
)
def test_the_desk_must_have_every_message_and_every_step_of_a_ticket(
    tmp_path: Any, steps: dict[str, str], wrong: dict[str, int]
) -> None:
    store = Store(f"sqlite:///{tmp_path / 'desk.db'}")
    store.open()
    with store.write() as session:
        for row in conversation(**steps):
            session.add(row)
            session.flush()
    record = Record(said=["a", "b"], texts={"a": "help", "b": "yes"}, customers={"a"}, steps=STEPS)
    findings = Findings()
    with store.read() as session:
        findings.check_desk("c", record, session, "c")
    store.close()
    assert findings.counts() == {**NOTHING, **wrong}
