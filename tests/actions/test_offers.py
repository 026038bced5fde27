from __future__ import annotations

import pytest
from rasa_sdk import Action

from actions.offers import AccountAccess, Complaint, NoOrderNumber, OutOfScope
from tests.actions.dialogue import run, slot


@pytest.mark.parametrize(
    ("action", "response"),
    [
        (AccountAccess, "utter_account_access"),
        (Complaint, "utter_complaint"),
        (NoOrderNumber, "utter_no_order_number"),
        (OutOfScope, "utter_no_answer"),
    ],
)
def test_the_reply_ends_with_the_offer_of_a_human(action: type[Action], response: str) -> None:
    replies, events = run(action(), order_attempts=1.0)
    assert replies == [{"response": response}]
    assert events == [slot("order_attempts", 0), slot("offer", "human")]


def test_a_complaint_does_not_ask_again_for_a_number_already_given() -> None:
    replies, _ = run(Complaint(), order_number="A1042")
    assert replies == [{"response": "utter_complaint_order", "number": "A1042"}]
