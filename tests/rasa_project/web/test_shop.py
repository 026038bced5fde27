from __future__ import annotations

import re
from pathlib import Path

import pytest

from actions.seed import SEEDS

SHOP = Path(__file__).parents[3] / "rasa_project" / "web" / "shop"
_ROW = re.compile(r'<th scope="row">(?P<number>A\d+)</th><td>(?P<item>[^<]+)</td>')


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_order_on_the_shop_page_is_one_that_the_assistant_knows(language: str) -> None:
    page = (SHOP / f"{language}.html").read_text(encoding="utf-8")
    known = {(seed.number, getattr(seed, f"item_{language}")) for seed in SEEDS}
    shown = [(row["number"], row["item"]) for row in _ROW.finditer(page)]
    assert len(shown) >= 5
    assert {(number, item[0].lower() + item[1:]) for number, item in shown} <= known
