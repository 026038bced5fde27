from __future__ import annotations

from rasa_project.desk.insight.casework import casework
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import BotStep, Ticket
from rasa_project.desk.tickets import outcomes, work
from tests.rasa_project.desk.rows import add_agent, add_message, add_ticket, feeling


def test_a_ticket_comes_with_what_was_tried_since_the_one_before_it(store: Store) -> None:
    li, first = add_agent(store, "li"), add_ticket(store)
    with store.write() as session:
        work.claim(session, first, li)
    with store.write() as session:
        outcomes.resolve(session, first, li, "", "solved", "")
    with store.write() as session:
        closed = session.get(Ticket, first).closed_at
        second = Ticket(
            conversation_id="c", state="queued", heat=0.0, evidence=0.5, sort_key=0.0,
            reasons=[], opened_at=closed + 20,
        )  # fmt: skip
        session.add(second)
        session.flush()
        session.add(
            BotStep(
                conversation_id="c", source="action", kind="action", name="utter_order_status",
                confidence=1.0, timestamp=closed + 11,
            )
        )  # fmt: skip
    add_message(store, "settled before", closed - 5, intent="refund")
    words, angry = "where is my parcel now", feeling("anger", 0.8)
    asked = add_message(store, words, closed + 10, intent="order_status", emotion=angry)
    add_message(store, "said to the agent A1042", closed + 30, intent="provide_order_number")
    with store.read() as session:
        found = casework(session, second.id)
        before = casework(session, first)
    assert [(step["kind"], step["name"], step["at"]) for step in found["tried"]] == [
        ("intent", "order_status", closed + 10),
        ("action", "utter_order_status", closed + 11),
    ]
    line = {"id": asked, "text": words, "emotion": angry, "at": closed + 10}
    assert found["summary"] == {
        "opening": line, "telling": [], "facts": [{"kind": "reference", "text": "A1042"}],
    }  # fmt: skip
    assert before["outcome"] == {"kind": "solved", "detail": ""}
