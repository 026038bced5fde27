"""`emotion evaluate`: score a model on a labelled file."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from emotion_component.classifier import load
from emotion_component.cli import options as shared


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("evaluate", help="score a model on a labelled file")
    parser.add_argument("--data", type=Path, required=True, metavar="FILE", help="JSON lines")
    parser.add_argument("--taxonomy", help="goemotions, brighter, xed or voices; else judged")
    parser.add_argument("--limit", type=shared.count, help="score at most this many rows")
    parser.add_argument(
        "--unseen-voices", action="store_true", help="only voices that training never saw"
    )
    shared.add_model(parser)
    parser.set_defaults(run=evaluate)


def evaluate(options: argparse.Namespace) -> None:
    """Score the model and print one object, or a table."""
    from emotion_component import evaluation

    model = load(options.model, options.device)
    report = evaluation.evaluate(
        model, options.data, options.taxonomy, options.limit, options.unseen_voices
    )
    print(json.dumps(report, ensure_ascii=False) if options.json else _table(report))


def _table(report: dict[str, Any]) -> str:
    lines = [f"{report['model']} on {report['data']}, {report['rows']} rows"]
    lines.append(f"{'':15} precision  recall      f1  support")
    for name, row in report["per_label"].items():
        figures = f"{row['precision']:9.3f} {row['recall']:7.3f} {row['f1']:7.3f}"
        lines.append(f"{name:15} {figures} {row['support']:8d}")
    lines.append(f"macro-F1 {report['macro_f1']:.4f}, micro-F1 {report['micro_f1']:.4f}")
    if report.get("negative_auroc") is not None:
        lines.append(f"negative against the rest, AUROC {report['negative_auroc']:.4f}")
    return "\n".join(lines)
