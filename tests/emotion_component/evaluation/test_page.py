"""An evaluation as a page for people."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.async_api import Browser

from emotion_component import labels
from emotion_component.errors import DataError
from emotion_component.evaluation.fairness import fairness
from emotion_component.evaluation.labelled import Labelled
from emotion_component.evaluation.metrics import f1_scores, service_decisions
from emotion_component.evaluation.page import page_of, write
from emotion_component.evaluation.report import compare
from emotion_component.evaluation.scored import Scored
from emotion_component.evaluation.service_report import service_report

TEXTS = ["please cancel my order", "还没到货😡", "THANKS a lot", "it does not work", "谢谢"] * 24
WIDTH = len(labels.SERVICE_LABELS)


def guesses(truth: Any, skill: float, seed: int) -> Scored:
    """Answer like a model that knows the label more or less well."""
    noise = np.random.default_rng(seed).normal(size=truth.shape)
    powers = np.exp(skill * truth + noise)
    scores = np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)
    return Scored(Labelled("voices", TEXTS, truth), scores, service_decisions(scores), {})


def whole(against: bool = False) -> dict[str, Any]:
    """Report on messages that a made-up model answered."""
    truth = np.eye(WIDTH, dtype=bool)[np.random.default_rng(0).integers(0, WIDTH, len(TEXTS))]
    ours = guesses(truth, 3.0, 1)
    f1 = f1_scores(truth, ours.decided)
    per_label = {
        name: {
            "precision": float(f1.precision[at]),
            "recall": float(f1.recall[at]),
            "f1": float(f1.f1[at]),
            "support": int(f1.support[at]),
        }
        for at, name in enumerate(labels.SERVICE_LABELS)
    }
    service = {
        "name": "service <messages> & 客服消息",
        "data": "voices.jsonl",
        "taxonomy": "voices",
        "rows": len(TEXTS),
        "model": "ours@1",
        "macro_f1": f1.macro,
        "micro_f1": f1.micro,
        "per_label": per_label,
        **service_report(ours, 0.3),
    }
    dialogues = {
        "name": "STC-3",
        "data": "stc3/en.jsonl",
        "taxonomy": "stc3",
        "rows": 236,
        "model": "ours@1",
        "dissatisfied": 0.2,
        "largest_turn_auroc": 0.81,
        "last_turn_auroc": 0.79,
        "length_auroc": 0.76,
    }
    report: dict[str, Any] = {"model": "ours@1", "sets": [service, dialogues]}
    if against:
        report["against"] = "theirs@2"
        service["against"] = {"model": "theirs@2", **compare(ours, guesses(truth, 0.5, 2))}
    even = np.full(WIDTH, 1 / WIDTH, np.float32)
    return report | {"fairness": fairness(lambda texts: np.stack([even] * len(texts)))}


def test_the_page_is_one_file_and_escapes_names() -> None:
    page = page_of(whole())
    assert "service &lt;messages&gt; &amp; 客服消息" in page
    assert not re.search(r"<script|<link|@import|src=|https?://(?!www\.w3\.org)", page)
    assert page.count("<svg") == 3
    assert page.count('role="img"') == 3
    assert "Against" not in page


def test_headings_go_down_one_level_at_a_time() -> None:
    levels = [int(found) for found in re.findall(r"<h([1-6])", page_of(whole(against=True)))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_a_comparison_names_the_better_model_with_its_interval() -> None:
    page = page_of(whole(against=True))
    assert "Against theirs@2" in page
    row = re.search(r"<td>macro-F1</td>.*?</tr>", page, re.DOTALL)
    assert row is not None
    assert "<td>ours@1</td>" in row.group()
    assert re.search(r"\+0\.\d{3} to \+0\.\d{3}", row.group())


def test_a_page_that_cannot_be_written_names_the_file(tmp_path: Path) -> None:
    write(tmp_path / "report.html", whole())
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    with pytest.raises(DataError, match=r"Cannot write .*nowhere.*`--html`"):
        write(tmp_path / "nowhere" / "report.html", whole())


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
async def test_the_page_fits_a_telephone_and_a_desk(
    chromium_browser: Browser, tmp_path: Path, width: int
) -> None:
    write(tmp_path / "report.html", whole(against=True))
    page = await chromium_browser.new_page(viewport={"width": width, "height": 900})
    await page.goto((tmp_path / "report.html").as_uri())
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    assert await page.get_by_role("img").count() == 3
    await page.close()
