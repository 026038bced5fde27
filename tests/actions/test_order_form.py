from __future__ import annotations

from pathlib import Path

import pytest

from actions.order_form import KEEP_ASKING, ValidateOrderForm
from tests.actions.dialogue import run, slot

FORM = "order_form"


def test_a_known_number_is_kept_in_the_shops_own_form(database: Path) -> None:
    replies, events = run(ValidateOrderForm(), order_number="a-1042", loop=FORM)
    assert replies == []
    assert events == [slot("order_number", "A1042"), slot("order_attempts", 0)]


def test_of_two_numbers_the_first_is_taken(database: Path) -> None:
    _, events = run(ValidateOrderForm(), order_number=["1043", "A1042"], loop=FORM)
    assert slot("order_number", "A1043") in events


def test_an_unknown_number_is_told_and_asked_for_again(database: Path) -> None:
    replies, events = run(ValidateOrderForm(), order_number="A9999", loop=FORM)
    assert replies == [{"response": "utter_order_unknown", "number": "A9999"}]
    assert events == [slot("order_number", None), slot("order_attempts", 1)]


def test_the_second_unknown_number_ends_the_form(database: Path) -> None:
    replies, events = run(ValidateOrderForm(), order_number="A9998", order_attempts=1.0, loop=FORM)
    assert replies == []
    assert events == [
        slot("order_number", None),
        slot("order_attempts", 2),
        slot("requested_slot", None),
    ]


def test_the_same_matter_without_a_number_is_asked_again(database: Path) -> None:
    for intent in KEEP_ASKING:
        _, events = run(ValidateOrderForm(), intent=intent, loop=FORM)
        assert events == [slot("order_number", None)]


def test_another_matter_is_left_to_the_rules(database: Path) -> None:
    _, events = run(ValidateOrderForm(), intent="opening_hours", loop=FORM)
    assert events == []


def test_with_an_unreadable_database_the_number_is_kept_unchecked(
    database: Path, caplog: pytest.LogCaptureFixture
) -> None:
    database.mkdir(parents=True)  # a folder where the file should be
    replies, events = run(ValidateOrderForm(), order_number="a9999", loop=FORM)
    assert replies == []
    assert events == [slot("order_number", "A9999")]
    assert "cannot be read" in caplog.text
