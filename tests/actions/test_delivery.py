from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest

from actions.delivery import CancelOrder, LateDelivery, OrderStatus
from actions.wording import day
from tests.actions.dialogue import run, slot

TODAY = date.today()
NOTHING, HUMAN = slot("offer", "nothing"), slot("offer", "human")


def test_a_parcel_on_its_way_is_told_with_its_day(database: Path) -> None:
    replies, events = run(OrderStatus(), order_number="A1049")
    assert replies == [
        {
            "response": "utter_status_shipped",
            "number": "A1049",
            "item": "wall clock",
            "amount": "€52.00",
            "day": day(TODAY + timedelta(days=2), "en"),
        }
    ]
    assert events == [NOTHING]


def test_a_late_parcel_is_told_as_late_in_the_customers_language(database: Path) -> None:
    replies, events = run(OrderStatus(), order_number="A1042", language="zh")
    assert replies == [
        {
            "response": "utter_late_shipped",
            "number": "A1042",
            "item": "粗陶马克杯四件套",
            "amount": "€48.00",
            "days_late": 21,
            "due": day(TODAY - timedelta(days=21), "zh"),
            "scanned": day(TODAY - timedelta(days=17), "zh"),
        }
    ]
    assert events == [NOTHING, HUMAN]


@pytest.mark.parametrize(
    ("action", "number", "responses", "offer"),
    [
        (OrderStatus, "A1043", ["utter_status_delivered"], "nothing"),
        (OrderStatus, "A1044", ["utter_status_returned"], "nothing"),
        (OrderStatus, "A1045", ["utter_status_processing"], "nothing"),
        (OrderStatus, "A1048", ["utter_status_cancelled"], "nothing"),
        (LateDelivery, "A1053", ["utter_late_processing"], "human"),
        (LateDelivery, "A1049", ["utter_status_shipped"], "nothing"),
        (LateDelivery, "A1043", ["utter_status_delivered", "utter_delivered_but_missing"], "human"),
        (CancelOrder, "A1045", ["utter_cancel_offer"], "cancel"),
        (CancelOrder, "A1042", ["utter_cancel_too_late"], "nothing"),
        (CancelOrder, "A1048", ["utter_status_cancelled"], "nothing"),
    ],
)
def test_each_state_of_an_order_has_its_answer(
    database: Path,
    action: type[OrderStatus | LateDelivery | CancelOrder],
    number: str,
    responses: list[str],
    offer: str,
) -> None:
    replies, events = run(action(), order_number=number)
    assert [reply["response"] for reply in replies] == responses
    assert events[-1] == slot("offer", offer)


def test_without_an_order_a_human_is_offered_and_the_count_starts_anew(database: Path) -> None:
    for number in (None, "A9999"):
        replies, events = run(OrderStatus(), order_number=number, order_attempts=2.0)
        assert replies == [{"response": "utter_order_not_found"}]
        assert events == [slot("order_number", None), slot("order_attempts", 0), HUMAN]


def test_a_locked_database_gives_a_sentence_and_a_log_line(
    database: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    run(OrderStatus(), order_number="A1042")  # makes the database
    monkeypatch.setattr("actions.orders.LOCK_SECONDS", 0.05)
    holder = sqlite3.connect(database)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        replies, events = run(OrderStatus(), order_number="A1042")
    finally:
        holder.close()
    assert replies == [{"response": "utter_orders_unavailable"}]
    assert events == [HUMAN]
    assert caplog.messages == [
        "action_order_status cannot use the shop's orders: database is locked."
    ]


def test_a_damaged_database_gives_a_sentence(database: Path) -> None:
    database.parent.mkdir(parents=True)
    database.write_bytes(b"this is no database" * 100)
    replies, _ = run(OrderStatus(), order_number="A1042")
    assert replies == [{"response": "utter_orders_unavailable"}]
