"""How well the turns so far tell a dissatisfied customer: `python -m benchmarks.escalation --json`.

    python -m benchmarks.escalation --fit      # writes emotion_component/dissatisfaction.json

**The proxy.** STC-3 holds dialogues of customers with human helpdesks on a Chinese weblog, and
their English translations. Nobody was handed over in them. What is predicted is whether a majority
of 19 annotators voted that the customer is dissatisfied at the end.

**The leak.** The shipped emotion model learned the dissatisfied votes of every dialogue outside the
dev fold, turn by turn, so its scores are flattered there: `leak` shows by how much. All other
figures, and the weights that `--fit` writes, come from the dev fold alone, by 5-fold
cross-validation with both languages of a dialogue in one fold. With `--model` and an emotion model
whose card does not name STC-3, all dialogues count. The fading and the choice of signals were made
on the dev fold too, so its figures are somewhat flattered by choice, not by learning.

Intervals are of 95 %, by bootstrap over dialogues; differences to baselines are paired.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.escalation import fitting, stc3
from benchmarks.escalation.figures import figures, leak
from benchmarks.escalation.stc3 import Dialogue
from emotion_component.classifier import EmotionModel, load
from emotion_component.datasets.sources import folder
from emotion_component.dissatisfaction import WEIGHTS_FILE
from emotion_component.evaluation.metrics import auroc
from emotion_component.language import LANGUAGES

PROXY: Final = (
    "A majority of 19 annotators voted that the customer of a dialogue with a human helpdesk is "
    "dissatisfied at its end. No dialogue holds a handoff."
)


def main() -> None:
    """Measure, and print the table or one JSON object; or fit and write the weights."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.escalation")
    parser.add_argument("--json", action="store_true", help="print one JSON object, nothing else")
    parser.add_argument("--fit", action="store_true", help="write the weights, then measure")
    parser.add_argument("--out", type=Path, default=WEIGHTS_FILE, help="where --fit writes them")
    parser.add_argument("--model", type=Path, metavar="FOLDER", help="else the shipped weights")
    parser.add_argument("--limit", type=int, help="read so many dialogues a language; for trials")
    given = parser.parse_args()
    with contextlib.redirect_stdout(sys.stderr):
        model = load(given.model, "cpu")
        files = {name: folder() / stc3.SOURCE / f"{name}.jsonl" for name in LANGUAGES}
        dialogues = [
            dialogue
            for name, path in files.items()
            for dialogue in stc3.read(path, model, name, given.limit)
        ]
        if given.fit:
            given.out.write_text(json.dumps(fitted(dialogues, model), indent=2) + "\n", "utf-8")
        result = measure(dialogues, model)
    print(json.dumps(result, ensure_ascii=False) if given.json else table(result))


def fitted(dialogues: Sequence[Dialogue], model: EmotionModel) -> dict[str, Any]:
    """Fit the weights on all dialogues that the emotion model has not learned from."""
    told = stc3.unseen(dialogues, model)
    counts = {name: sum(each.language == name for each in told) for name in LANGUAGES}
    found = fitting.fit(told)
    return {
        "about": "Chance of dissatisfaction; see emotion_component/dissatisfaction.py.",
        "fitted_by": "python -m benchmarks.escalation --fit",
        "emotion_model": model.name,
        "dialogues": counts,
        "intercept": found.intercept,
        "weights": dict(found.weights),
    }


def measure(dialogues: Sequence[Dialogue], model: EmotionModel) -> dict[str, Any]:
    """Measure in each language; see `escalation_figures.figures` for what."""
    told = stc3.unseen(dialogues, model)
    chances = fitting.cross_validated(told)
    result: dict[str, Any] = {
        "model": model.name,
        "proxy": PROXY,
        "emotion_model_learned_stc3": stc3.learned_from(model),
        "measured_on": "dev fold" if stc3.learned_from(model) else "all dialogues",
        "weights": fitting.fit(told)._asdict(),
    }
    for name in LANGUAGES:
        at = [index for index, each in enumerate(told) if each.language == name]
        of_language = figures([told[index] for index in at], [chances[index] for index in at])
        result[f"auroc_{name}"] = of_language["auroc"]
        result[name] = of_language | {
            "leak": leak([each for each in dialogues if each.language == name])
        }
    common = {each.id for each in told if each.language == "en"}
    result["auroc_zh_of_english_dialogues"] = _ranked_of(told, chances, common)
    return result


def _ranked_of(
    told: Sequence[Dialogue], chances: Sequence[Sequence[float]], ids: set[str]
) -> float | None:
    """Measure Chinese on the dialogues that stand in English too: the same votes, another text."""
    pairs = [
        (each.dissatisfied, chance[-1])
        for each, chance in zip(told, chances, strict=True)
        if each.language == "zh" and each.id in ids
    ]
    found = auroc(np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs]))
    return None if found is None else round(found, 4)


def table(result: dict[str, Any]) -> str:
    """Lay the figures out for a reader."""
    lines = [f"{result['model']}, measured on: {result['measured_on']}", result["proxy"], ""]
    for name in LANGUAGES:
        row = result[name]
        low, high = row["interval"]
        lines.append(
            f"{name}: {row['dialogues']} dialogues, {row['dissatisfied']:.0%} dissatisfied; AUROC "
            f"{row['auroc']:.3f} ({low:.3f} to {high:.3f}), average precision "
            f"{row['average_precision']:.3f}, rank correlation with the share of votes "
            f"{row['share_correlation']:.3f}, calibration error {row['calibration_error']:.3f}"
        )
        for baseline, against in row["baselines"].items():
            low, high = against["interval"]
            lines.append(
                f"    against {baseline:12} {against['against']:.3f}: {against['difference']:+.3f} "
                f"({low:+.3f} to {high:+.3f})"
            )
        ahead = row["forecast"]
        lines.append(
            f"    with turns still to come: AUROC {ahead['auroc']:.3f}, this message alone "
            f"{ahead['this_message_alone']:.3f}; calibration error {ahead['calibration_error']:.3f}"
        )
        seen = row["leak"]
        lines.append(
            f"    strongest message on dialogues that training saw {seen['train']}, dev "
            f"{seen['dev']}"
        )
        lines.append("    alarm at   missed   needless   turns left   before the last turn")
        lines += [
            f"    {cost['alarm_at']:8.2f} {cost['missed']:8.0%} {cost['needless']:10.0%} "
            f"{cost['turns_left']:12.2f} {cost['before_last_turn']:22.0%}"
            for cost in row["costs"]
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
