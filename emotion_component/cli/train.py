"""`emotion train`: train a model from the data folder."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, Final

from emotion_component.classifier import SHIPPED_WEIGHTS, load
from emotion_component.cli import options as shared

# The project's own labelled service messages stand beside the package in a checkout.
SERVICE_MESSAGES: Final = Path(__file__).resolve().parents[2] / "data" / "emotion"


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("train", help="train a model from EMOTION_DATA_DIR")
    parser.add_argument("--out", type=Path, default=SHIPPED_WEIGHTS, help="model folder to write")
    parser.add_argument("--epochs", type=shared.count, help="at most this many passes")
    parser.add_argument("--limit", type=shared.count, help="rows read of each file, for a trial")
    parser.add_argument("--seed", type=int, help="another seed than the shipped model's")
    parser.set_defaults(run=train)


def train(options: argparse.Namespace) -> None:
    """Train, then report on voices that training never saw."""
    from emotion_component import corpus, datasets, evaluation, training

    given = {"epochs": options.epochs, "seed": options.seed}
    plan = training.Plan(**{name: value for name, value in given.items() if value is not None})
    own = SERVICE_MESSAGES if SERVICE_MESSAGES.is_dir() else None
    data = corpus.assemble(datasets.folder(), own, options.limit)
    training.train(data, options.out, plan)
    model = load(options.out)
    if not data.test:  # only with a small --limit
        print(f"{model.name} in {options.out}: no voice was left to report on.")
        return
    report = evaluation.score(model, data.test, "voices")
    print(
        f"{model.name} in {options.out}: macro-F1 {report['macro_f1']:.3f}, micro-F1 "
        f"{report['micro_f1']:.3f} on {len(data.test)} messages by voices it never saw."
    )
