"""Scoring loaded models on labelled files: one file, or the standard set, alone or against another.

The parts of a report stand in modules of their own: `labelled` and `dialogues` read, `scored`
answers, `service_report` adds what is said of service messages, `comparison` compares.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from emotion_component.classifier import EmotionModel
from emotion_component.datasets.sources import Example
from emotion_component.evaluation import comparison
from emotion_component.evaluation.dialogues import Dialogues
from emotion_component.evaluation.fairness import fairness
from emotion_component.evaluation.labelled import TAXONOMIES, Labelled, from_examples
from emotion_component.evaluation.metrics import (
    F1,
    Floats,
    auroc,
    f1_scores,
    is_negative,
    negative_scores,
)
from emotion_component.evaluation.scored import Scored, answer, head_scores
from emotion_component.evaluation.service_report import service_report
from emotion_component.evaluation.sets import EvaluationSet, from_file


def evaluate(
    model: EmotionModel,
    path: Path,
    source: str | None = None,
    limit: int | None = None,
    unseen_voices: bool = False,
    against: EmotionModel | None = None,
) -> dict[str, Any]:
    """Score a model on a file.

    Args:
        model: A loaded model.
        path: JSON lines; see `read_labelled` and `read_dialogues` for the fields.
        source: One of `labelled.KNOWN`; `None` judges by the fields and the names of the labels.
        limit: Score at most this many rows.
        unseen_voices: Score only service messages by voices that training keeps for testing.
        against: Another model, to be compared on the same rows.

    Returns:
        `data`, `taxonomy`, `rows`, `model`, and what `score` gives, or for dialogues what
        `score_dialogues` gives; for service messages also `fairness`; with `against`, the
        differences under that key.

    Raises:
        DataError: If the file is missing, empty, or holds a row that cannot be used.
        ConfigurationError: If `source` is unknown, or the model does not answer in it.
    """
    one = from_file(path, source, limit, unseen_voices)
    report = _set_report(model, one, against)
    return report | ({"fairness": model_fairness(model)} if one.source == "voices" else {})


def evaluate_sets(
    model: EmotionModel, sets: Sequence[EvaluationSet], against: EmotionModel | None = None
) -> dict[str, Any]:
    """Score a model on several sets.

    Returns:
        `model`, `sets` (what `evaluate` gives for each, with its `name`), `fairness` where service
        messages were among them, and with `against` that model's name.
    """
    whole: dict[str, Any] = {"model": model.name}
    whole["sets"] = [{"name": one.name, **_set_report(model, one, against)} for one in sets]
    if against is not None:
        whole["against"] = against.name
    if any(one.source == "voices" for one in sets):
        whole["fairness"] = model_fairness(model)
    return whole


def _set_report(
    model: EmotionModel, one: EvaluationSet, against: EmotionModel | None
) -> dict[str, Any]:
    """Say what was scored, and how."""
    rows = one.rows
    count = len(rows.ends) if isinstance(rows, Dialogues) else len(rows.texts)
    what = {"data": one.data, "taxonomy": one.source, "rows": count, "model": model.name}
    if isinstance(rows, Dialogues):
        return what | score_dialogues(model, rows, against)
    return what | _score_labelled(model, rows, against)


def score(model: EmotionModel, examples: Sequence[Example], source: str) -> dict[str, Any]:
    """Score a model on examples of one source.

    Returns:
        `macro_f1`, `micro_f1`, `per_label` (precision, recall, f1, support of each label); for
        GoEmotions also `ekman_macro_f1` and `sentiment_macro_f1` where the model has thresholds
        for the groups; for service messages also what `service_report` gives.
    """
    return _score_labelled(model, from_examples(examples, source), None)


def _score_labelled(
    model: EmotionModel, labelled: Labelled, against: EmotionModel | None
) -> dict[str, Any]:
    scored = answer(model, labelled, labelled.source)
    report = _report(f1_scores(labelled.truth, scored.decided), TAXONOMIES[labelled.source][1])
    for grouping, (truth, decided) in scored.grouped.items():
        report[f"{grouping}_macro_f1"] = round(f1_scores(truth, decided).macro, 4)
    if labelled.source == "voices":
        report |= service_report(scored, float(model.card["abstain_below"]))
    if against is not None:
        other = answer(against, labelled, f"{labelled.source}, {against.name}")
        report["against"] = {"model": against.name, **compare(scored, other)}
    return report


def model_fairness(model: EmotionModel) -> dict[str, Any]:
    """Measure what names and pronouns move; see `fairness`."""
    return fairness(lambda texts: head_scores(model, texts, "service", "names and pronouns"))


def compare(ours: Scored, theirs: Scored) -> dict[str, Any]:
    """Compare two models on the same texts; the keys are those of a report."""
    names, truth = TAXONOMIES[ours.labelled.source][1], ours.labelled.truth
    found = comparison.compare_decisions(truth, ours.decided, theirs.decided, names)
    for grouping in ours.grouped.keys() & theirs.grouped.keys():
        grouped, mine = ours.grouped[grouping]
        compared = comparison.compare_decisions(grouped, mine, theirs.grouped[grouping][1], [])
        found[f"{grouping}_macro_f1"] = compared["macro_f1"]
    if ours.labelled.source == "voices":
        ranked = (negative_scores(one.scores) for one in (ours, theirs))
        found["negative_auroc"] = comparison.compare_rankings(is_negative(truth), *ranked)
    return found


def score_dialogues(
    model: EmotionModel, dialogues: Dialogues, against: EmotionModel | None = None
) -> dict[str, Any]:
    """Score how the negative score ranks dialogues by whether most votes were dissatisfied.

    Returns:
        The share that is `dissatisfied`, and AUROC (0 to 1, null where only one kind occurs) of
        the `largest_turn_auroc`, the `last_turn_auroc`, and as a baseline of the length of the
        customer's text, `length_auroc`.
    """
    read = _dialogue_scores(model, dialogues)
    truth = dialogues.dissatisfied
    report: dict[str, Any] = {"dissatisfied": round(float(truth.mean()), 4)}
    for name, values in {**read, "length_auroc": dialogues.lengths()}.items():
        ranked = auroc(truth, values)
        report[name] = None if ranked is None else round(ranked, 4)
    if against is not None:
        other = _dialogue_scores(against, dialogues)
        compared: Mapping[str, Any] = {
            name: comparison.compare_rankings(truth, read[name], other[name]) for name in read
        }
        report["against"] = {"model": against.name, **compared}
    return report


def _dialogue_scores(model: EmotionModel, dialogues: Dialogues) -> dict[str, Floats]:
    negative = negative_scores(head_scores(model, dialogues.turns, "service", "stc3"))
    return {
        "largest_turn_auroc": dialogues.largest(negative),
        "last_turn_auroc": dialogues.last(negative),
    }


def _report(f1: F1, names: Sequence[str]) -> dict[str, Any]:
    """Lay out scores as JSON types, rounded to four decimals."""
    per_label = {
        name: {
            "precision": round(float(f1.precision[at]), 4),
            "recall": round(float(f1.recall[at]), 4),
            "f1": round(float(f1.f1[at]), 4),
            "support": int(f1.support[at]),
        }
        for at, name in enumerate(names)
    }
    return {
        "macro_f1": round(f1.macro, 4),
        "micro_f1": round(f1.micro, 4),
        "per_label": per_label,
    }
