"""Texts a second by batch size, and what the model gets right: `python -m benchmarks.throughput`.

`--model FOLDER` may repeat: a table of accuracy, size and speed then shows what a change (another
precision, a smaller network or vocabulary) costs and brings, beside the first folder named. The
models take turns over the same texts, so that a machine that slows down does so for all of them.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import os
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tqdm import tqdm

from benchmarks import machine, texts
from emotion_component.datasets import sources
from emotion_component.errors import EmotionError

if TYPE_CHECKING:
    from emotion_component.classifier import EmotionModel

ROOT: Final = Path(__file__).parent.parent
SEED: Final = 20240607
TEXTS: Final = 1_024
PASSES: Final = 5
BATCHES: Final = (1, 8, 32, 128)
_PACKAGES: Final = ("attune", "tensorflow", "tensorflow-text", "numpy")


def main() -> None:
    """Time every model, score it, and print the table or one JSON object."""
    given = _options()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    try:
        # Libraries greet on standard output, which is for the result alone.
        with contextlib.redirect_stdout(sys.stderr):
            result = _measure(given)
    except (EmotionError, ValueError) as error:
        sys.exit(f"benchmarks.throughput: {error}")
    print(json.dumps(result, ensure_ascii=False) if given.json else table(result))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.throughput", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object, nothing else")
    parser.add_argument(
        "--model", type=Path, action="append", metavar="FOLDER", help="else the shipped weights"
    )
    parser.add_argument("--batches", type=int, nargs="+", default=BATCHES, metavar="N")
    parser.add_argument("--texts", type=int, default=TEXTS, help=f"texts a pass ({TEXTS})")
    parser.add_argument("--passes", type=int, default=PASSES, help=f"over the texts ({PASSES})")
    parser.add_argument("--one-core", action="store_true", help="tie everything to one core")
    parser.add_argument("--no-accuracy", action="store_true", help="measure speed alone")
    parser.add_argument("--limit", type=int, help="rows of each file to score; for trials")
    given = parser.parse_args()
    if min(given.texts, given.passes, *given.batches) < 1:
        parser.error("--texts, --passes and --batches must be above 0")
    return given


def _measure(given: argparse.Namespace) -> dict[str, Any]:
    """Load every model, time and score it."""
    from emotion_component.classifier import SHIPPED_WEIGHTS, load

    if given.one_core:
        machine.use_one_core()
    load_average = machine.warn_if_busy()
    folders = given.model or [SHIPPED_WEIGHTS]
    models = [load(folder, "cpu") for folder in folders]
    drawn = [text.text for text in texts.sample(given.texts, SEED)]
    speeds = _speeds(models, drawn, given.batches, given.passes)
    rows = []
    for folder, model, speed in zip(folders, models, speeds, strict=True):
        row: dict[str, Any] = {
            "folder": str(folder),
            "model": model.name,
            "megabytes": _size(folder),
        }
        row["texts_per_second"] = speed
        if not given.no_accuracy:
            row |= accuracy(model, given.limit)
        rows.append(row)
    return {
        "models": rows,
        "texts": len(drawn),
        "passes": given.passes,
        "machine": machine.describe() + (", one in use" if given.one_core else ""),
        "load_before": load_average,
        "versions": machine.versions(_PACKAGES),
    }


def _speeds(
    models: Sequence[EmotionModel], drawn: list[str], batches: Sequence[int], passes: int
) -> list[dict[str, float]]:
    """Give, for each model, batch size to texts a second, the median of the passes."""
    found: list[dict[str, float]] = [{} for _ in models]
    progress = tqdm(total=len(batches) * (passes + 1), desc="passes", file=sys.stderr)
    for size in batches:
        spans: list[list[float]] = [[] for _ in models]
        for number in range(-1, passes):
            for model, some in zip(models, spans, strict=True):
                span = _pass(model, drawn, size)
                if number >= 0:  # the first one warms up
                    some.append(span)
            progress.update()
        for speed, some in zip(found, spans, strict=True):
            speed[str(size)] = round(len(drawn) / statistics.median(some), 1)
    progress.close()
    return found


def _pass(model: EmotionModel, drawn: list[str], size: int) -> float:
    """Give the seconds that all texts take in batches of a size."""
    began = time.perf_counter()
    for start in range(0, len(drawn), size):
        model.predict(drawn[start : start + size])
    return time.perf_counter() - began


def accuracy(model: EmotionModel, limit: int | None = None) -> dict[str, float]:
    """Score a model where accuracy is promised.

    Args:
        model: A loaded model.
        limit: Score at most this many rows of each file; for trials.

    Returns:
        Macro-F1 of GoEmotions' test, and of the ten service labels on messages by voices that
        training never saw, by language.

    Raises:
        DataMissingError: If the data folder or a file is not there.
    """
    from emotion_component.evaluation.report import score

    test = sources.read(sources.folder() / "goemotions/test.jsonl", "goemotions", limit)
    found = {"goemotions_macro_f1": score(model, test, "goemotions")["macro_f1"]}
    for language in ("en", "zh"):
        messages = _unseen(language, limit)
        found[f"service_{language}_macro_f1"] = score(model, messages, "voices")["macro_f1"]
    return found


def _unseen(language: str, limit: int | None) -> list[sources.Example]:
    """Read the service messages of one language by voices that training keeps for testing."""
    from emotion_component.datasets.corpus import fold

    paths = sorted((ROOT / "data/emotion").glob(f"*_{language}*.jsonl"))
    paths.append(sources.folder() / f"voices/{language}_sample.jsonl")
    read = [example for path in paths for example in sources.read(path, "voices", limit)]
    return [example for example in read if fold(example.identity) == "test"]


def _size(folder: Path) -> float:
    """Give the size of a model folder in megabytes."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return round(sum(path.stat().st_size for path in files) / 1e6, 2)


def table(result: dict[str, Any]) -> str:
    """Lay out the result to be read; speeds of later models also as ratios to the first."""
    first = result["models"][0]
    batches = list(first["texts_per_second"])
    scores = [key for key in first if key.endswith("_macro_f1")]
    heads = ["model", "MB", *(f"batch {size}" for size in batches)]
    heads += [key.removesuffix("_macro_f1") + " F1" for key in scores]
    lines = [heads]
    for row in result["models"]:
        cells = [row["model"], f"{row['megabytes']}"]
        for size in batches:
            speed = row["texts_per_second"][size]
            ratio = speed / first["texts_per_second"][size]
            cells.append(f"{speed:.0f}" + ("" if row is first else f" ({ratio:.2f})"))
        lines.append(cells + [f"{row[key]:.3f}" for key in scores])
    widths = [max(len(line[at]) for line in lines) for at in range(len(heads))]
    drawn = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    about = f"machine: {result['machine']}; texts a second, median of {result['passes']} passes"
    return "\n".join([about, *drawn])


if __name__ == "__main__":
    main()
