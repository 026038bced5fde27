from __future__ import annotations

from pathlib import Path

import pytest

from actions.about_order import OrderAction
from actions.agreement import CancelAsAgreed, RegisterRefund, RegisterReplacement, RegisterReturn
from actions.orders import OrderStore
from tests.actions.dialogue import run, slot

LISTEN = {"event": "followup", "timestamp": None, "name": "action_listen"}
DONE = [slot("offer", "nothing"), LISTEN]


@pytest.mark.parametrize(
    ("action", "kind"),
    [(RegisterRefund, "refund"), (RegisterReturn, "return"), (RegisterReplacement, "replacement")],
)
def test_what_is_agreed_to_is_filed(
    store: OrderStore, action: type[OrderAction], kind: str
) -> None:
    replies, events = run(action(), order_number="A1043")
    assert replies == [
        {
            "response": f"utter_{kind}_registered",
            "number": "A1043",
            "item": "fern in a terracotta pot",
            "amount": "€29.50",
            "request": 1,
            "email": "j…@example.com",
        }
    ]
    assert events == DONE
    assert store.file_request("A1043", kind) == (1, False)


def test_an_order_is_cancelled_as_agreed(store: OrderStore) -> None:
    replies, events = run(CancelAsAgreed(), order_number="A1051")
    assert [reply["response"] for reply in replies] == ["utter_cancelled"]
    assert events == DONE
    order = store.find("A1051")
    assert order is not None
    assert order.status == "cancelled"


def test_an_order_that_has_left_meanwhile_is_not_said_to_be_cancelled(database: Path) -> None:
    replies, _ = run(CancelAsAgreed(), order_number="A1049")
    assert [reply["response"] for reply in replies] == ["utter_status_shipped"]


def test_with_an_unreadable_database_nothing_is_said_to_be_filed(database: Path) -> None:
    database.mkdir(parents=True)  # a folder where the file should be
    replies, events = run(RegisterRefund(), order_number="A1042")
    assert replies == [{"response": "utter_orders_unavailable"}]
    assert events == [slot("offer", "human"), LISTEN]
