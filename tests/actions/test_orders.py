from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest

from actions import seed
from actions.orders import Order, OrderStore, normalize

TODAY = date.today()


def test_the_first_use_makes_the_database_with_its_orders(store: OrderStore) -> None:
    assert store.find("A1042") == Order(
        number="A1042",
        item_en="stoneware mug, set of four",
        item_zh="粗陶马克杯四件套",
        cents=4800,
        email="mira.holt@example.com",
        status="shipped",
        ordered_on=TODAY - timedelta(days=27),
        due_on=TODAY - timedelta(days=21),
        shipped_on=TODAY - timedelta(days=25),
        scanned_on=TODAY - timedelta(days=17),
        delivered_on=None,
    )


def test_every_seeded_order_can_be_found(store: OrderStore) -> None:
    found = [store.find(each.number) for each in seed.SEEDS]
    assert [order.number for order in found if order] == [each.number for each in seed.SEEDS]


@pytest.mark.parametrize("written", ["a1042", "A-1042", "#1042", "1042", " A 1042 ", "Ａ１０４２"])
def test_an_order_is_found_however_its_number_is_written(store: OrderStore, written: str) -> None:
    order = store.find(written)
    assert order is not None
    assert order.number == "A1042"


@pytest.mark.parametrize("written", ["A9999", "042", "", "%", "A1042' OR '1'='1", "B1042"])
def test_an_unknown_number_finds_nothing(store: OrderStore, written: str) -> None:
    assert store.find(written) is None


def test_normalize_gives_one_form() -> None:
    assert [normalize(text) for text in ("a-1042", "#１０４２", "")] == ["A1042", "1042", ""]


def test_the_same_request_twice_is_one_request(store: OrderStore) -> None:
    assert store.file_request("A1042", "refund") == (1, True)
    assert store.file_request("A1042", "refund") == (1, False)
    assert store.file_request("A1043", "refund")[1] is True


def test_only_an_order_that_has_not_left_is_cancelled(store: OrderStore) -> None:
    assert [store.cancel("A1045"), store.cancel("A1042"), store.cancel("A1045")] == [
        True,
        False,
        False,
    ]
    cancelled = store.find("A1045")
    assert cancelled is not None
    assert cancelled.status == "cancelled"


def test_dates_move_along_with_the_calendar(store: OrderStore, database: Path) -> None:
    store.cancel("A1045")
    with sqlite3.connect(database) as connection:
        # As if everything had been written ten days ago.
        connection.execute("UPDATE calendar SET seeded_on = date('now', 'localtime', '-10 days')")
        connection.execute("UPDATE orders SET due_on = date(due_on, '-10 days')")
    late, cancelled = store.find("A1042"), store.find("A1045")
    assert late is not None and cancelled is not None
    assert late.days_late(TODAY) == 21
    assert late.delivered_on is None
    assert cancelled.status == "cancelled"


def test_what_has_arrived_is_never_late(store: OrderStore) -> None:
    orders = [store.find(number) for number in ("A1043", "A1046", "A1048", "A1049", "A1053")]
    assert [order.days_late(TODAY) for order in orders if order] == [0, 4, 0, 0, 3]


def test_many_workers_at_once_seed_one_database(database: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: OrderStore(database).find("A1043"), range(8)))
    assert {order.number for order in found if order} == {"A1043"}
    with sqlite3.connect(database) as connection:
        (count,) = connection.execute("SELECT count(*) FROM orders").fetchone()
    assert count == len(seed.SEEDS)
