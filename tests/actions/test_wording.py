from __future__ import annotations

from datetime import date

from actions.wording import day, euros, masked


def test_a_day_is_written_in_the_language() -> None:
    assert [day(date(2026, 11, 3), language) for language in ("en", "zh")] == [
        "3 November",
        "11月3日",
    ]


def test_cents_become_euros() -> None:
    assert [euros(cents) for cents in (0, 5, 4800, 14999)] == [
        "€0.00",
        "€0.05",
        "€48.00",
        "€149.99",
    ]


def test_an_address_shows_its_first_letter_alone() -> None:
    assert masked("mira.holt@example.com") == "m…@example.com"
