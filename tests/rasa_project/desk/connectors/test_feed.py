"""What other desks have to hear, put beside the change that they hear of."""

from __future__ import annotations

from sqlalchemy import select

from rasa_project.desk.connectors import feed
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import ConnectorEntry, Conversation, Ticket
from rasa_project.desk.tickets import states, transitions


def test_the_sender_is_woken_once_it_can_see_what_there_is_to_send(store: Store) -> None:
    seen: list[list[str]] = []

    def wake() -> None:
        with store.read() as session:
            seen.append(list(session.scalars(select(ConnectorEntry.kind))))

    feed.attach(store, ("other",), wake)
    with store.write() as session, session.begin_nested():  # as the reader takes events
        session.add(Conversation(id="c", last_seen=1.0, slots={}))
        ticket = Ticket(
            conversation_id="c", state=states.QUEUED, opened_at=1.0, heat=0.0, evidence=0.0,
            sort_key=0.0, reasons=[],
        )  # fmt: skip
        session.add(ticket)
        session.flush()
        transitions.record_opening(session, ticket, why="asked for a person", key="open:1")
    assert seen == [["open"]]
