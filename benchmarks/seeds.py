"""How much chance is in a figure: the same training with other seeds, mean and spread.

    python -m benchmarks.seeds --json runs/english-11 runs/english-12 runs/english-13

Each folder is a model that `emotion train` has written. All of them judge the standard sets of the
language that they have learned; the figures are those of `emotion evaluate`.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tqdm import tqdm

from benchmarks import machine
from emotion_component.classifier import EmotionModel, load
from emotion_component.evaluation import report, sets
from emotion_component.evaluation.labelled import DIALOGUES

# Of those in a report, the ones by which a model is judged.
FIGURES: Final = ("macro_f1", "ekman_macro_f1", "sentiment_macro_f1", "negative_auroc")


def main() -> None:
    """Score all; print a table or one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.seeds", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="of a model")
    parser.add_argument("--json", action="store_true", help="print one JSON object, nothing else")
    parser.add_argument("--limit", type=int, help="rows read of each file, for a trial")
    given = parser.parse_args()
    models = [load(folder, "cpu") for folder in given.folders]
    asked = [each for each in sets.standard(given.limit) if each.source != DIALOGUES]
    result = {
        "models": [model.name for model in models],
        "sets": spreads([_score(model, asked) for model in tqdm(models, unit="model")]),
        "machine": machine.describe(),
    }
    print(json.dumps(result, ensure_ascii=False) if given.json else table(result))


def _score(model: EmotionModel, asked: Sequence[sets.EvaluationSet]) -> dict[str, dict[str, float]]:
    """Give the figures of each set that is in a language of the model."""
    mine = [each for each in asked if each.language in model.card["languages"]]
    return {
        scored["name"]: {name: scored[name] for name in FIGURES if name in scored}
        for scored in report.evaluate_sets(model, mine)["sets"]
    }


def spreads(
    each: Sequence[Mapping[str, Mapping[str, float]]],
) -> dict[str, dict[str, dict[str, Any]]]:
    """Put figures of several models together.

    Args:
        each: Of each model, set to figure to value; all models have the same.

    Returns:
        Set to figure to `each`, their `mean`, and their `spread`, the sample's standard deviation;
        0 of a single model.
    """
    return {
        name: {
            figure: _spread([float(found[name][figure]) for found in each]) for figure in figures
        }
        for name, figures in each[0].items()
    }


def _spread(values: Sequence[float]) -> dict[str, Any]:
    return {
        "each": list(values),
        "mean": round(statistics.fmean(values), 4),
        "spread": round(statistics.stdev(values), 4) if len(values) > 1 else 0.0,
    }


def table(result: Mapping[str, Any]) -> str:
    """Lay the result out for people."""
    lines = [", ".join(result["models"])]
    for name, figures in result["sets"].items():
        lines.append(name)
        for figure, found in figures.items():
            values = "  ".join(f"{value:.3f}" for value in found["each"])
            lines.append(f"  {figure:20} {found['mean']:.3f} ± {found['spread']:.3f}   {values}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
