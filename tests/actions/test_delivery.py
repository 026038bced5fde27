from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest

from actions.delivery import CancelOrder, LateDelivery, OrderStatus
from actions.opening_hours import OpeningHours
from actions.wording import day
from tests.actions.carrier_server import CarrierServer
from tests.actions.dialogue import run, run_beside, slot

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


@contextmanager
def held(database: Path) -> Iterator[None]:
    """Hold the database as a long transaction of somebody else's would."""
    holder = sqlite3.connect(database)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        holder.close()


def test_a_locked_database_gives_a_sentence_and_a_log_line(
    database: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    run(OrderStatus(), order_number="A1042")  # makes the database
    monkeypatch.setattr("actions.orders.LOCK_SECONDS", 0.05)
    with held(database):
        replies, events = run(OrderStatus(), order_number="A1042")
    assert replies == [{"response": "utter_orders_unavailable"}]
    assert events == [HUMAN]
    assert caplog.messages == [
        "action_order_status cannot use the shop's orders: database is locked."
    ]


async def test_while_one_customer_waits_for_the_database_others_are_answered(
    database: Path,
) -> None:
    await run_beside(OrderStatus(), order_number="A1042")  # makes the database
    with held(database):
        waiting = asyncio.create_task(run_beside(OrderStatus(), order_number="A1049"))
        hours, _ = await run_beside(OpeningHours())
        assert len(hours) == 1
        assert not waiting.done()
    replies, _ = await waiting
    assert [reply["response"] for reply in replies] == ["utter_status_shipped"]


def test_a_disk_that_does_not_answer_gives_a_sentence(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(OrderStatus(), order_number="A1042")  # makes the database
    monkeypatch.setattr("actions.orders.ANSWER_SECONDS", 0.05)
    monkeypatch.setattr("actions.orders.LOCK_SECONDS", 0.5)
    with held(database):
        replies, events = run(OrderStatus(), order_number="A1042")
    assert (replies, events) == ([{"response": "utter_orders_unavailable"}], [HUMAN])


def damage_file(database: Path) -> None:
    database.write_bytes(b"this is no database" * 100)


def damage_row(database: Path) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE orders SET due_on = 'soon'")


def someone_elses(database: Path) -> None:
    database.unlink()
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE orders (id)")


def empty_calendar(database: Path) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute("DELETE FROM calendar")


@pytest.mark.parametrize("damage", [damage_file, damage_row, someone_elses, empty_calendar])
def test_a_damaged_database_gives_a_sentence_and_no_trace(
    database: Path, damage: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    run(OrderStatus(), order_number="A1042")  # makes the database
    damage(database)
    assert run(OrderStatus(), order_number="A1042") == (
        [{"response": "utter_orders_unavailable"}],
        [HUMAN],
    )
    (record,) = [each for each in caplog.records if each.levelname == "ERROR"]
    assert record.exc_info is None


async def test_the_carriers_newest_scan_is_told(
    database: Path, carrier_server: CarrierServer
) -> None:
    yesterday = TODAY - timedelta(days=1)
    carrier_server.scans["A1042"] = {"scanned_on": yesterday.isoformat(), "delivered": False}
    replies, _ = await run_beside(LateDelivery(), order_number="A1042")
    assert [(reply["response"], reply["scanned"]) for reply in replies] == [
        ("utter_late_shipped", day(yesterday, "en"))
    ]


async def test_a_parcel_that_the_carrier_has_delivered_is_not_told_as_late(
    database: Path, carrier_server: CarrierServer
) -> None:
    carrier_server.scans["A1042"] = {"scanned_on": TODAY.isoformat(), "delivered": True}
    replies, events = await run_beside(LateDelivery(), order_number="A1042")
    assert [(reply["response"], reply.get("day")) for reply in replies] == [
        ("utter_status_delivered", day(TODAY, "en")),
        ("utter_delivered_but_missing", None),
    ]
    assert events[-1] == HUMAN


async def test_a_carrier_that_does_not_answer_is_told_before_what_the_shop_knows(
    database: Path, carrier_server: CarrierServer, caplog: pytest.LogCaptureFixture
) -> None:
    carrier_server.behaviours = [carrier_server.fail] * 3
    replies, events = await run_beside(OrderStatus(), order_number="A1042")
    assert [reply["response"] for reply in replies] == [
        "utter_tracking_unavailable",
        "utter_late_shipped",
    ]
    assert events == [NOTHING, HUMAN]
    assert [record.levelname for record in caplog.records] == ["WARNING"]


async def test_the_carrier_is_asked_about_parcels_on_their_way_alone(
    database: Path, carrier_server: CarrierServer
) -> None:
    for number in ("A1043", "A1045", "A9999"):
        await run_beside(OrderStatus(), order_number=number)
    assert carrier_server.asked == []
