"""The `emotion` command: predict, train, evaluate."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from emotion_component.classifier import SHIPPED_WEIGHTS, Emotion, EmotionModel, load
from emotion_component.errors import EmotionError

# Standard input is judged this many lines at a time.
LINES_AT_ONCE: Final = 64
# The project's own labelled service messages stand beside the package in a checkout.
SERVICE_MESSAGES: Final = Path(__file__).resolve().parents[1] / "data" / "emotion"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: Words after the command's name; `None` takes them from the process.

    Returns:
        Exit status: 0 done, 1 it could not be done (standard error says why), 2 wrong usage.
    """
    options = _parser().parse_args(arguments)
    _quiet()
    try:
        options.run(options)
    except EmotionError as error:
        print(f"emotion: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader (`head`, say) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _quiet() -> None:
    """Keep TensorFlow's notices away, unless the user asked for them."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    logging.getLogger("emotion_component").setLevel(logging.INFO)
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    logging.getLogger("absl").setLevel(logging.ERROR)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="emotion", description="Judge the emotion in customers' messages, train, evaluate."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    predict = commands.add_parser("predict", help="judge texts")
    predict.add_argument("texts", nargs="*", metavar="TEXT", help="none: one a line on stdin")
    _model_options(predict)
    predict.set_defaults(run=_predict)
    evaluate = commands.add_parser("evaluate", help="score a model on a labelled file")
    evaluate.add_argument("--data", type=Path, required=True, metavar="FILE", help="JSON lines")
    evaluate.add_argument("--taxonomy", help="goemotions, brighter, xed or voices; else judged")
    evaluate.add_argument("--limit", type=_count, help="score at most this many rows")
    evaluate.add_argument(
        "--unseen-voices", action="store_true", help="only voices that training never saw"
    )
    _model_options(evaluate)
    evaluate.set_defaults(run=_evaluate)
    train = commands.add_parser("train", help="train a model from EMOTION_DATA_DIR")
    train.add_argument("--out", type=Path, default=SHIPPED_WEIGHTS, help="model folder to write")
    train.add_argument("--epochs", type=_count, help="at most this many passes")
    train.add_argument("--limit", type=_count, help="rows read of each file, for a trial")
    train.add_argument("--seed", type=int, help="another seed than the shipped model's")
    train.set_defaults(run=_train)
    return parser


def _model_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", type=Path, metavar="FOLDER", help="else the shipped weights")
    parser.add_argument("--device", default="auto", help="auto, cpu or gpu:N")
    parser.add_argument("--json", action="store_true", help="JSON on stdout, nothing else")


def _count(text: str) -> int:
    """Read a whole number above 0."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number above 0. Received: {text}")
    return int(text)


def _predict(options: argparse.Namespace) -> None:
    """Judge the texts, in order, as they come."""
    model = load(options.model, options.device)
    texts = options.texts or (line.rstrip("\r\n") for line in _input_lines())
    for text, emotion in _judge(model, texts):
        if options.json:
            line = json.dumps({"text": text, **emotion.to_dict()}, ensure_ascii=False)
        else:
            line = _readable(text, emotion)
        # A lone surrogate can be read from the command line, but not be written as UTF-8.
        print(line.encode("utf-8", "replace").decode("utf-8"), flush=True)


def _input_lines() -> Iterable[str]:
    """Read standard input as UTF-8, whatever the locale says, and bad bytes as U+FFFD."""
    return (raw.decode("utf-8", "replace") for raw in sys.stdin.buffer)


def _judge(model: EmotionModel, texts: Iterable[str]) -> Iterator[tuple[str, Emotion]]:
    waiting: list[str] = []
    for text in texts:
        waiting.append(text)
        if len(waiting) == LINES_AT_ONCE:
            yield from zip(waiting, model.predict(waiting), strict=True)
            waiting = []
    yield from zip(waiting, model.predict(waiting), strict=True)


def _readable(text: str, emotion: Emotion) -> str:
    """Lay out one emotion for a reader."""
    if emotion.abstained:
        return f"neutral         abstained                  {text}"
    sure = f"{emotion.confidence:4.0%} sure, intensity {emotion.intensity:.2f}"
    return f"{emotion.name:15} {sure}  {text}"


def _evaluate(options: argparse.Namespace) -> None:
    """Score the model and print one object, or a table."""
    from emotion_component.evaluation import evaluate

    model = load(options.model, options.device)
    report = evaluate(model, options.data, options.taxonomy, options.limit, options.unseen_voices)
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


def _train(options: argparse.Namespace) -> None:
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


if __name__ == "__main__":
    sys.exit(main())
