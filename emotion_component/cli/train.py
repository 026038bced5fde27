"""`emotion train`: train a model from public data sets and files of one's own."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from emotion_component.classifier import SHIPPED_WEIGHTS, load
from emotion_component.cli import data_options
from emotion_component.cli import options as shared


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("train", help="train a model")
    parser.add_argument("--out", type=Path, default=SHIPPED_WEIGHTS, help="model folder to write")
    parser.add_argument("--epochs", type=shared.count, help="at most this many passes")
    parser.add_argument("--seed", type=int, help="another seed than the shipped model's")
    data_options.add(parser)
    parser.set_defaults(run=train)


def train(options: argparse.Namespace) -> None:
    """Train, then report on voices that training never saw."""
    from emotion_component import evaluation, training

    given = {"epochs": options.epochs, "seed": options.seed}
    plan = training.Plan(**{name: value for name, value in given.items() if value is not None})
    data = data_options.assemble(options)
    training.train(data, options.out, plan)
    model = load(options.out)
    if not data.test:  # a small --limit, or no service messages
        print(f"{model.name} in {options.out}: no voice was left to report on.")
        return
    report = evaluation.score(model, data.test, "voices")
    print(
        f"{model.name} in {options.out}: macro-F1 {report['macro_f1']:.3f}, micro-F1 "
        f"{report['micro_f1']:.3f} on {len(data.test)} messages by voices it never saw."
    )
