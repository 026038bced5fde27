"""Figures of tickets that came through the intake and were worked on, not of rows made up."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from rasa_project.desk.dashboard import counting, tables
from rasa_project.desk.dashboard.counting import Selection, nearest
from rasa_project.desk.dashboard.period import Period
from rasa_project.desk.inbound.intake import Intake
from rasa_project.desk.inbound.tracker_events import CustomerTurn, Decision, Row, SlotValue
from rasa_project.desk.store.database import Store
from rasa_project.desk.store.models import Conversation, Message, Ticket, TicketFigures
from rasa_project.desk.tickets import states, transitions
from tests.rasa_project.desk.rasa_like import STREAK, emotion

NOON = 1_772_366_400  # 2026-03-01 12:00 UTC
MARCH = Selection(Period(date(2026, 3, 1), date(2026, 3, 31), ZoneInfo("UTC")))
NONE = {
    "tickets": 0, "closed": 0, "answered": 0, "abandoned": 0, "rated": 0, "waited_median": None,
    "waited_p90": None, "handled_median": None, "handled_p90": None, "recovered": None,
    "compared": 0, "reopened": None, "rating": None, "happy": None,
}  # fmt: skip


class Customer:
    """One conversation, whose events are taken in with times of the test's choice."""

    def __init__(self, store: Store, name: str, channel: str = "webchat") -> None:
        self.store, self.name, self.channel, self.events = store, name, channel, 0

    def take(self, at: float, *facts: Any) -> None:
        with self.store.write() as session:
            intake = Intake(session)
            for fact in facts:
                self.events += 1
                intake.take(Row(self.events, self.name, "", at, ""), fact)

    def says(self, at: float, feels: dict[str, Any] | None, intent: str = "refund") -> None:
        self.take(at, CustomerTurn("text", None, feels, self.channel, "en", intent))

    def comes(self, at: float, feels: dict[str, Any] | None) -> None:
        self.says(at, feels)
        self.take(at, SlotValue("handoff_state", "queued"), Decision({"reasons": [STREAK]}))

    def is_answered(self, at: float) -> None:
        with self.store.write() as session:
            ticket = self._ticket(session)
            if ticket.state == states.QUEUED:
                key = f"claim:{ticket.id}"
                transitions.move(session, ticket, states.AGENT, who="li", why="", at=at, key=key)
                ticket.claimed_at = at
            message = Message(conversation_id=self.name, sender="agent", text="Hello", timestamp=at)
            session.add(message)

    def is_closed(self, at: float, state: str = states.RESOLVED) -> None:
        with self.store.write() as session:
            ticket = self._ticket(session)
            key = f"close:{ticket.id}"
            transitions.move(session, ticket, state, who="li", why="", at=at, key=key)

    def _ticket(self, session: Any) -> Ticket:
        query = select(Ticket).where(
            Ticket.conversation_id == self.name, Ticket.state.in_(states.OPEN)
        )
        found: Ticket = session.scalar(query)
        return found


def ask(store: Store, count: Any, selection: Selection = MARCH, *more: Any) -> Any:
    with store.read() as session:
        return count(session, selection, *more)


def test_a_ticket_is_followed_from_its_arrival_to_its_end(store: Store) -> None:
    ana = Customer(store, "ana")
    ana.comes(NOON, emotion("anger", -0.8))
    ana.is_answered(NOON + 40)
    ana.is_answered(NOON + 90)
    ana.says(NOON + 100, emotion("gratitude", 0.6))
    ana.says(NOON + 110, {**emotion("sadness", -0.5), "abstained": True})
    ana.is_closed(NOON + 340)
    ana.says(NOON + 400, emotion("anger", -0.9))
    assert ask(store, counting.total) == {
        **NONE, "tickets": 1, "closed": 1, "answered": 1, "waited_median": 40, "waited_p90": 40,
        "handled_median": 300, "handled_p90": 300, "recovered": 1.0, "compared": 1,
        "reopened": 0.0,
    }  # fmt: skip
    assert ask(store, counting.emotions) == [
        {"key": "anger", "arrival": 1, "end": 0},
        {"key": "gratitude", "arrival": 0, "end": 1},
    ]
    assert ask(store, counting.reasons) == [{"key": "streak", "tickets": 1}]
    with store.read() as session:
        figures = session.scalar(select(TicketFigures))
        kinds = (figures.channel, figures.language, figures.intent, figures.state)
    assert kinds == ("webchat", "en", "refund", "resolved")


def test_who_comes_back_within_three_days_reopens_the_last_ticket(store: Store) -> None:
    for name, days in (("soon", 2), ("late", 4)):
        customer = Customer(store, name)
        customer.comes(NOON, emotion())
        customer.is_answered(NOON + 1)
        customer.is_closed(NOON + 2)
        customer.comes(NOON + days * 86_400, emotion())
    total = ask(store, counting.total)
    assert (total["tickets"], total["closed"], total["reopened"]) == (4, 2, 0.5)


def test_a_mood_that_was_never_clear_is_not_compared(store: Store) -> None:
    unclear = Customer(store, "unclear")
    unclear.comes(NOON, {**emotion(), "abstained": True})
    unclear.says(NOON + 5, emotion("joy", 0.9))
    silent = Customer(store, "silent")
    silent.comes(NOON, emotion("worry", -0.4))
    same = Customer(store, "same")
    same.comes(NOON, emotion("worry", -0.4))
    same.says(NOON + 5, emotion("worry", -0.35))
    total = ask(store, counting.total)
    assert (total["tickets"], total["compared"], total["recovered"]) == (3, 1, 0.0)
    assert ask(store, counting.emotions)[-1] == {"key": "unclear", "arrival": 1, "end": 0}


def test_tickets_are_grouped_and_filtered(store: Store) -> None:
    for index, channel in enumerate(["webchat", "telegram", "webchat"]):
        customer = Customer(store, f"c{index}", channel)
        customer.comes(NOON + 86_400 * index, emotion())
        customer.is_answered(NOON + 86_400 * index + 10 * (index + 1))
    rows = ask(store, counting.by_group, MARCH, "channel")
    short = [(row["key"], row["tickets"], row["waited_median"]) for row in rows]
    assert short == [("webchat", 2, 10), ("telegram", 1, 20)]
    chosen = Selection(MARCH.period, (("channel", "webchat"),))
    days = ask(store, counting.over_time, chosen)
    assert [row["tickets"] for row in days] == [1, 0, 1, *[0] * 28]
    assert days[1] == {"start": days[1]["start"], **NONE}
    assert ask(store, counting.by_group, chosen, "language")[0]["tickets"] == 2
    nobody = Selection(MARCH.period, (("intent", ""),))
    assert ask(store, counting.total, nobody) == NONE
    with store.read() as session:
        choices = counting.choices(session, MARCH.period)
    assert choices == {"channel": ["telegram", "webchat"], "language": ["en"], "intent": ["refund"]}


def test_nothing_is_counted_where_nothing_was(store: Store) -> None:
    for load in tables.TABLES.values():
        rows = ask(store, load)
        assert all(not row.get("tickets") and not row.get("answers") for row in rows)
    assert ask(store, counting.total) == NONE
    assert len(ask(store, counting.over_time)) == 31


@pytest.mark.parametrize(
    ("counts", "median", "high"),
    [
        ([(5, 1)], 5, 5),
        ([(1, 1), (2, 1)], 1, 2),
        ([(1, 9), (100, 1)], 1, 1),
        ([(1, 8), (100, 2)], 1, 100),
        ([(1, 1), (2, 1), (3, 1)], 2, 3),
    ],
)
def test_median_and_90th_percentile_are_of_nearest_rank(
    counts: list[tuple[int, int]], median: int, high: int
) -> None:
    assert (nearest(counts, 0.5), nearest(counts, 0.9)) == (median, high)


def test_tickets_are_written_in_parts_and_formulas_are_disarmed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "ROWS_AT_A_TIME", 2)
    for index in range(3):
        Customer(store, f"c{index}", '=HYPERLINK("x")').comes(NOON + index, emotion())
    written, after = "", None
    with store.read() as session:
        for _ in range(2):
            part, after = tables.tickets_as_csv(session, MARCH, after)
            written += part
    lines = written.splitlines()
    assert (after, len(lines), lines[0][:14]) == (None, 4, "\ufeffticket,opened")
    assert lines[1].startswith('1,2026-03-01T12:00:00+00:00,"\'=HYPERLINK(""x"")",en,refund,streak')


def test_a_conversation_without_figures_of_its_own_is_none_of_the_desks(store: Store) -> None:
    Customer(store, "bot only").says(NOON, emotion())
    with store.read() as session:
        conversation = session.get(Conversation, "bot only")
        kept = (conversation.intent, round(conversation.heat, 2), conversation.forecast)
    assert (kept, ask(store, counting.total)) == (("refund", 0.71, 0.62), NONE)
