"""`emotion train`: train a model from public data sets and files of one's own."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from emotion_component.classifier import load
from emotion_component.cli import data_options
from emotion_component.cli import options as shared


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("train", help="train a model")
    parser.add_argument("--out", type=Path, required=True, help="model folder to write")
    parser.add_argument("--name", help="what the model calls itself")
    data_options.add(parser)
    network = parser.add_argument_group("network")
    network.add_argument(
        "--encoder",
        metavar="KIND_OR_PATH",
        help="cnn (the default), gru, runs, transformer, or a folder or hub name of a BERT",
    )
    network.add_argument(
        "--layers", type=layers, metavar="0,2,5", help="of a BERT: the layers to keep; else all"
    )
    network.add_argument(
        "--feed-forward", type=shared.count, metavar="N",
        help="of a BERT: the neurons to keep in each feed-forward layer; else all",
    )  # fmt: skip
    network.add_argument("--vocabulary-size", type=shared.count, metavar="N", help="pieces kept")
    how = parser.add_argument_group("training")
    how.add_argument("--epochs", type=shared.count, help="at most this many passes")
    how.add_argument("--patience", type=shared.count, help="passes without a gain before the end")
    how.add_argument("--learning-rate", type=float, metavar="RATE", help="its peak")
    how.add_argument("--batch-size", type=shared.count, metavar="ROWS", help="a step and device")
    how.add_argument("--weight-decay", type=float, metavar="SHARE", help="of AdamW")
    how.add_argument(
        "--adversarial", type=float, metavar="LENGTH", help="read batches perturbed, too"
    )
    how.add_argument("--augment", action="store_true", default=None, help="vary the typing")
    how.add_argument(
        "--bfloat16", action="store_true", default=None,
        help="multiply in bfloat16 while training, on CPUs that can (AVX-512 BF16, AMX)",
    )  # fmt: skip
    how.add_argument(
        "--teacher", type=Path, metavar="FOLDER", action="append", default=[],
        help="model to learn from, besides; repeat it to learn from the mean of several",
    )  # fmt: skip
    how.add_argument("--teacher-share", type=float, metavar="SHARE", help="against the labels")
    how.add_argument("--seed", type=int, help="fixes initialization, order and dropout")
    how.add_argument(
        "--run", type=Path, metavar="FOLDER", dest="folder",
        help="keep checkpoints, judgements of teachers and TensorBoard logs there, and go on with "
        "what it holds",
    )  # fmt: skip
    parser.set_defaults(run=train)


def layers(text: str) -> tuple[int, ...]:
    """Read sizes of layers, separated by commas; for argparse."""
    try:
        return tuple(int(part) for part in text.split(","))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"must be like 0,2,5. Received: {text}") from error


def train(options: argparse.Namespace) -> None:
    """Train, then report on voices that training never saw."""
    from emotion_component.evaluation import report
    from emotion_component.network.building import Shape
    from emotion_component.training.plan import Plan
    from emotion_component.training.teaching import teacher
    from emotion_component.training.trainer import train as fit

    plan = Plan(
        shape=Shape(
            **_given(options, "encoder", "layers", "feed_forward", "vocabulary_size"),
        ),
        **_given(
            options, "name", "epochs", "patience", "learning_rate", "batch_size", "weight_decay",
            "adversarial", "augment", "bfloat16", "teacher_share", "seed",
        ),
    )  # fmt: skip
    data = data_options.assemble(options)
    teachers = [teacher(load(folder)) for folder in options.teacher]
    fit(data, options.out, plan, teachers, options.folder)
    model = load(options.out)
    if not data.test:  # a small --limit, or no service messages
        print(f"{model.name} in {options.out}: no voice was left to report on.")
        return
    found = report.score(model, data.test, "voices")
    print(
        f"{model.name} in {options.out}: macro-F1 {found['macro_f1']:.3f}, micro-F1 "
        f"{found['micro_f1']:.3f} on {len(data.test)} messages by voices it never saw."
    )


def _given(options: argparse.Namespace, *names: str) -> dict[str, Any]:
    """Give the options that were named on the command line."""
    values = {name: getattr(options, name) for name in names}
    return {name: value for name, value in values.items() if value is not None}
