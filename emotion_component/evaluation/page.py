"""An evaluation as a page for people: tables, plots, slices, comparison."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from markupsafe import Markup

from emotion_component import html_page
from emotion_component.errors import DataError
from emotion_component.evaluation import plots

# Key of a report to its heading in the overview.
FIGURES: Final = {
    "macro_f1": "macro-F1",
    "micro_f1": "micro-F1",
    "ekman_macro_f1": "macro-F1, Ekman groups",
    "sentiment_macro_f1": "macro-F1, sentiment groups",
    "negative_auroc": "negative, AUROC",
    "vader_auroc": "negative, AUROC, VADER's rules",
    "calibration_error": "calibration error",
    "largest_turn_auroc": "dissatisfied, AUROC, most negative turn",
    "last_turn_auroc": "dissatisfied, AUROC, last turn",
    "length_auroc": "dissatisfied, AUROC, length of the text alone",
}
# More rows than this need no sign that they are few.
FEW: Final = 50


class Plot(NamedTuple):
    """A drawn figure with what to say below it."""

    svg: Markup
    says: str


def write(path: Path, whole: dict[str, Any]) -> None:
    """Write the page.

    Args:
        path: File to write, replaced where it is there.
        whole: What `report.evaluate_sets` gives.

    Raises:
        DataError: If the file cannot be written.
    """
    page = page_of(whole)
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise DataError(
            f"Cannot write {path}: {error.strerror}. Name another file with `--html`."
        ) from error


def page_of(whole: dict[str, Any]) -> str:
    """Lay out what `report.evaluate_sets` gives as one self-contained HTML page."""
    sets = [{**report, "plots": list(_plots(report))} for report in whole["sets"]]
    body = html_page.environment().get_template("evaluation.html")
    laid = body.render(
        whole=whole,
        sets=sets,
        figures=FIGURES,
        few=FEW,
        compared=list(_compared(whole)),
        won=list(_won(whole)),
    )
    return html_page.render(f"Evaluation of {whole['model']}", Markup(laid))


def _plots(report: dict[str, Any]) -> Iterator[Plot]:
    if "confusion" not in report:
        return
    table, name = report["confusion"], report["name"]
    yield Plot(
        html_page.svg(
            plots.confusion(table["labels"], table["rows"]),
            f"Confusion of the ten labels, {name}; the table of labels has the figures",
        ),
        "Each row is a true label; dark cells off the diagonal are what it is mistaken for.",
    )
    yield Plot(
        html_page.svg(
            plots.reliability(report["reliability"], report["calibration_error"]),
            f"Share of right answers by confidence, {name}",
        ),
        "On the dashed line the model is right as often as it says. Below it, it boasts. Points "
        "over low bars below rest on few messages.",
    )
    yield Plot(
        html_page.svg(
            plots.risk_coverage(report["risk_coverage"], report["abstain"]),
            f"Accuracy by share of messages answered, {name}",
        ),
        "From right to left, the least sure answers are held back. The dot is where this model "
        "abstains; the threshold was chosen on other messages.",
    )


def _compared(whole: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """List the differences in whole figures, set by set."""
    for report in whole["sets"]:
        for key, heading in FIGURES.items():
            row = report.get("against", {}).get(key)
            if row is not None:
                yield {"set": report["name"], "figure": heading, **row}


def _won(whole: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """List the differences label by label."""
    for report in whole["sets"]:
        for label, row in report.get("against", {}).get("per_label", {}).items():
            yield {"set": report["name"], "label": label, **row}
