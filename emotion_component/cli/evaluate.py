"""`emotion evaluate`: score a model on labelled files or the standard set."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from emotion_component.classifier import load
from emotion_component.cli import options as shared


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("evaluate", help="score a model on labelled data")
    parser.add_argument(
        "--data",
        type=Path,
        action="append",
        metavar="FILE",
        help="JSON lines; may be repeated; none: the standard set in EMOTION_DATA_DIR",
    )
    parser.add_argument(
        "--taxonomy", help="goemotions, brighter, voices, smp2020 or stc3; else judged"
    )
    parser.add_argument("--limit", type=shared.count, help="at most this many rows of each file")
    parser.add_argument(
        "--unseen-voices", action="store_true", help="only voices that training never saw"
    )
    parser.add_argument(
        "--against", type=Path, metavar="FOLDER", help="compare with this model on the same rows"
    )
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a report for people")
    shared.add_model(parser)
    parser.set_defaults(run=evaluate)


def evaluate(options: argparse.Namespace) -> None:
    """Score the model and print one object, or tables; write the page where one is wanted."""
    from emotion_component.evaluation import page, report, sets

    model = load(options.model, options.device)
    other = load(options.against, options.device) if options.against else None
    if options.data is None:
        asked = sets.standard(options.limit)
    else:
        asked = [
            sets.from_file(path, options.taxonomy, options.limit, options.unseen_voices)
            for path in options.data
        ]
    whole = report.evaluate_sets(model, asked, other)
    if options.html:
        page.write(options.html, whole)
    if options.json:
        print(json.dumps(_flat(whole) if len(asked) == 1 else whole, ensure_ascii=False))
    else:
        print("\n\n".join("\n".join(_table(each)) for each in whole["sets"]))
        print("\n".join(_fairness(whole)))


def _flat(whole: dict[str, Any]) -> dict[str, Any]:
    """Give the report of a single file without the frame of many."""
    (report,) = whole["sets"]
    extra = {"fairness": whole["fairness"]} if "fairness" in whole else {}
    return {name: value for name, value in report.items() if name != "name"} | extra


def _table(report: dict[str, Any]) -> Iterator[str]:
    unit = "dialogues" if report["taxonomy"] == "stc3" else "rows"
    yield f"{report['name']}: {report['model']} on {report['rows']} {unit}"
    if "per_label" in report:
        yield f"{'':15} precision  recall      f1  support"
    for name, row in report.get("per_label", {}).items():
        figures = f"{row['precision']:9.3f} {row['recall']:7.3f} {row['f1']:7.3f}"
        yield f"{name:15} {figures} {row['support']:8d}"
    for name, says in _FIGURES.items():
        if report.get(name) is not None:
            yield f"{says} {report[name]:.4f}"
    if "vader" in report:
        yield f"VADER: {report['vader']}"
    for name, row in report.get("against", {}).items():
        if isinstance(row, dict) and "winner" in row:
            low, high = row["interval"]
            yield (
                f"{name} against {report['against']['model']}: {row['difference']:+.4f} "
                f"(95 % interval {low:+.4f} to {high:+.4f})"
            )


def _fairness(whole: dict[str, Any]) -> Iterator[str]:
    if "fairness" in whole:
        gap = whole["fairness"]["largest_mean_gap"]
        yield f"\nnames and pronouns move the mean negative score by at most {gap:.4f}"


# Key of a report to what a reader is told, in the order of the table's foot.
_FIGURES = {
    "macro_f1": "macro-F1",
    "micro_f1": "micro-F1",
    "ekman_macro_f1": "macro-F1 of the Ekman groups",
    "sentiment_macro_f1": "macro-F1 of the sentiment groups",
    "accuracy": "accuracy",
    "negative_auroc": "negative against the rest, AUROC",
    "vader_auroc": "the same by VADER's rules",
    "calibration_error": "expected calibration error",
    "dissatisfied": "share that a majority found dissatisfied",
    "largest_turn_auroc": "AUROC by the most negative turn",
    "last_turn_auroc": "AUROC by the last turn",
    "length_auroc": "AUROC by the length of the text alone",
}
