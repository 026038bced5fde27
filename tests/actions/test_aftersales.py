from __future__ import annotations

from pathlib import Path

import pytest

from actions.about_order import OrderAction
from actions.aftersales import BrokenItem, Invoice, Refund, ReturnItem, WrongItem
from tests.actions.dialogue import run, slot


@pytest.mark.parametrize(
    ("action", "number", "responses", "offer"),
    [
        (Refund, "A1042", ["utter_refund_late_offer"], "refund"),
        (Refund, "A1043", ["utter_refund_needs_return"], "return"),
        (Refund, "A1044", ["utter_refund_returned"], "human"),
        (Refund, "A1046", ["utter_late_shipped"], "human"),
        (Refund, "A1047", ["utter_return_too_late"], "human"),
        (Refund, "A1048", ["utter_refund_cancelled"], "human"),
        (Refund, "A1049", ["utter_refund_not_yet"], "nothing"),
        (ReturnItem, "A1050", ["utter_return_offer"], "return"),
        (ReturnItem, "A1047", ["utter_return_too_late"], "human"),
        (ReturnItem, "A1049", ["utter_status_shipped", "utter_return_once_delivered"], "nothing"),
        (ReturnItem, "A1044", ["utter_status_returned"], "nothing"),
        (WrongItem, "A1043", ["utter_wrong_item_offer"], "replacement"),
        (WrongItem, "A1045", ["utter_status_processing", "utter_records_disagree"], "human"),
        (BrokenItem, "A1043", ["utter_broken_item_offer"], "replacement"),
        (BrokenItem, "A1042", ["utter_status_shipped", "utter_records_disagree"], "human"),
    ],
)
def test_each_state_of_an_order_has_its_answer(
    database: Path,
    action: type[OrderAction],
    number: str,
    responses: list[str],
    offer: str,
) -> None:
    replies, events = run(action(), order_number=number)
    assert [reply["response"] for reply in replies] == responses
    assert events[-1] == slot("offer", offer)


def test_an_invoice_asked_for_twice_is_requested_once(database: Path) -> None:
    told = {
        "number": "A1052",
        "item": "reading lamp with clamp",
        "amount": "€44.00",
        "request": 1,
        "email": "a…@example.com",
    }
    first, _ = run(Invoice(), order_number="A1052")
    second, _ = run(Invoice(), order_number="A1052")
    assert first == [{"response": "utter_invoice_requested", **told}]
    assert second == [{"response": "utter_invoice_already_requested", **told}]
