"""Other networks and other ways of training, beside each other: `python -m benchmarks.variants`.

Every variant is trained by `emotion train` from nothing on the same messages, with the same seed
and number of passes, and judges the same service messages by voices that none of them saw. Then
all of them read the same texts one at a time on one core, taking turns.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from tqdm import tqdm

from benchmarks import machine, texts
from benchmarks.latency import SEED, take_turns
from benchmarks.texts import Text
from benchmarks.timing import milliseconds

# Name of a variant -> what `emotion train` is told of it.
VARIANTS: Final[dict[str, tuple[str, ...]]] = {
    "cnn": ("--encoder", "cnn"),
    "gru": ("--encoder", "gru"),
    "transformer": ("--encoder", "transformer"),
    "runs": ("--encoder", "runs"),
    "runs, augmented": ("--encoder", "runs", "--augment"),
    "runs, adversarial": ("--encoder", "runs", "--adversarial", "1.0"),
}
EPOCHS: Final = 6
TEXTS: Final = 120
PASSES: Final = 2


def main() -> None:
    """Train and compare all; print a table or one JSON object."""
    given = _options()
    load_average = machine.warn_if_busy()
    with tempfile.TemporaryDirectory() as name, contextlib.redirect_stdout(sys.stderr):
        folders = {
            variant: _train(variant, Path(name) / str(number), given)
            for number, variant in enumerate(tqdm(given.variants, desc="trained", unit="variant"))
        }
        result = {
            "variants": _judge(folders, given),
            "trained_on": given.data,
            "languages": given.languages,
            "epochs": given.epochs,
            "seed": given.seed,
            "machine": machine.describe(),
            "load_before": load_average,
        }
    print(json.dumps(result, ensure_ascii=False) if given.json else table(result))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.variants", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object, nothing else")
    parser.add_argument("--variants", nargs="+", choices=VARIANTS, default=list(VARIANTS))
    parser.add_argument("--languages", default="zh", help="en, zh or en,zh")
    parser.add_argument("--data", nargs="+", default=["voices"], metavar="NAME_OR_FILE")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--limit", type=int, help="rows read of each file, for a trial")
    return parser.parse_args()


def _train(variant: str, folder: Path, given: argparse.Namespace) -> Path:
    """Train one variant by the command that users have; what it says goes to the log."""
    command = [
        *(sys.executable, "-m", "emotion_component", "train", *VARIANTS[variant]),
        *("--languages", given.languages, "--epochs", str(given.epochs)),
        *("--patience", str(given.epochs), "--seed", str(given.seed), "--out", str(folder)),
    ]
    command += [part for name in given.data for part in ("--data", name)]
    if given.limit is not None:
        command += ["--limit", str(given.limit)]
    subprocess.run(command, check=True, stdout=sys.stderr)
    return folder


def _judge(folders: dict[str, Path], given: argparse.Namespace) -> dict[str, dict[str, Any]]:
    """Give accuracy, size and time of each, by name."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    machine.use_one_core(None)
    from emotion_component.classifier import load
    from emotion_component.datasets import SERVICE_MESSAGES, corpus, sources
    from emotion_component.evaluation import report

    models = {variant: load(folder, "cpu") for variant, folder in folders.items()}
    unseen = corpus.assemble(
        sources.folder(), SERVICE_MESSAGES, given.limit,
        languages=given.languages.split(","), sources=["voices"],
    ).test  # fmt: skip
    spans = _time(models, given)
    found: dict[str, dict[str, Any]] = {}
    for variant, model in models.items():
        scored = report.score(model, unseen, "voices")
        size = sum(file.stat().st_size for file in folders[variant].rglob("*") if file.is_file())
        found[variant] = {
            **{name: scored[name] for name in ("macro_f1", "negative_auroc")},
            "median_ms": round(statistics.median(spans[variant]), 3),
            "megabytes": round(size / 1e6, 2),
            "messages": len(unseen),
        }
    return found


def _time(models: dict[str, Any], given: argparse.Namespace) -> dict[str, list[float]]:
    drawn = [text for text in texts.sample(TEXTS, given.seed) if _is_wanted(text, given)]
    timers = {name: _timer(model) for name, model in models.items()}
    return take_turns(timers, drawn, PASSES, lambda: 0.0).times


def _is_wanted(text: Text, given: argparse.Namespace) -> bool:
    return text.language in given.languages.split(",")


def _timer(model: Any) -> Any:
    def timed(some: Sequence[str]) -> list[float]:
        return milliseconds(lambda text: model.predict([text]), some)

    return timed


def table(result: dict[str, Any]) -> str:
    """Lay out the result to be read."""
    lines = [
        f"machine: {result['machine']}; {result['languages']}, {result['epochs']} passes",
        f"{'':<20}{'macro-F1':>10}{'negative AUROC':>16}{'p50 ms':>10}{'MB':>8}",
    ]
    lines += [
        f"{name:<20}{row['macro_f1']:>10.3f}{row['negative_auroc']:>16.3f}"
        f"{row['median_ms']:>10.2f}{row['megabytes']:>8.1f}"
        for name, row in result["variants"].items()
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
