"""Are the words that `emotion explain` names the ones that count? The deletion test.

    python -m benchmarks.faithfulness --json

From service messages by voices that training never saw, in both languages, the k words with the
greatest weights are deleted, and beside them k words drawn at random from the same message; what
counts is by how much more the named label's score drops (DeYoung et al. 2020,
https://aclanthology.org/2020.acl-main.408, call it comprehensiveness). The score that is left
with nothing but those k words is their sufficiency. For k = 1 the drop of the named word is the
largest there is by construction; the figures for more words are the ones that can fail.

Punctuation is never deleted, and messages of fewer than `FEWEST_WORDS` words are left out: there
is too little to choose from. A message that is explained in phrases has phrases deleted.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from benchmarks import machine
from emotion_component.classifier import EmotionModel, load
from emotion_component.datasets import SERVICE_MESSAGES
from emotion_component.datasets.corpus import fold
from emotion_component.explanation import explain, score_of, scores, without
from emotion_component.words import Span, is_word

LANGUAGES: Final = ("en", "zh")
COUNTS: Final = (1, 2, 3, 5)
FEWEST_WORDS: Final = 8
DRAWS: Final = 5
RESAMPLES: Final = 1_000
SEED: Final = 20240607

Figures = npt.NDArray[np.float64]


def main() -> None:
    """Run the test in both languages and print the table or one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faithfulness")
    parser.add_argument("--json", action="store_true", help="print one JSON object, nothing else")
    parser.add_argument("--messages", type=int, default=300, help="messages a language")
    parser.add_argument("--model", type=Path, metavar="FOLDER", help="else the shipped weights")
    given = parser.parse_args()
    with contextlib.redirect_stdout(sys.stderr):
        machine.use_one_core()
        load_average = machine.warn_if_busy()
        model = load(given.model, "cpu")
        explain(model, "你好 hello")  # the first call also loads jieba's dictionary
        result = {
            "model": model.name,
            "machine": machine.describe(),
            "load": load_average,
            **{name: measure(model, messages(name, given.messages)) for name in LANGUAGES},
        }
    print(json.dumps(result) if given.json else table(result))


def messages(language: str, count: int) -> list[str]:
    """Draw messages by unseen voices, always the same ones.

    Args:
        language: `en` or `zh`.
        count: How many at most.
    """
    found: set[str] = set()
    for path in sorted(SERVICE_MESSAGES.glob(f"*_{language}*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if fold(row["voice"]) == "test":
                found.add(row["text"])
    order = np.random.default_rng(SEED).permutation(len(found))
    texts = sorted(found)
    return [texts[at] for at in order[:count]]


def measure(model: EmotionModel, texts: Sequence[str]) -> dict[str, Any]:
    """Delete words from each text, and time the explanations.

    Returns:
        `messages` that were long enough; for each number of words `top_K` and `random_K`, mean
        drop of the label's score, `difference_K` with its 95 % interval (bootstrap over
        messages), `kept_top_K` and `kept_random_K`, mean score of those words alone;
        `explain_ms`, median and 95th percentile of the time of one explanation.
    """
    generator = np.random.default_rng(SEED)
    rows: list[Figures] = []
    spent: list[float] = []
    for text in tqdm(texts, desc="messages", file=sys.stderr):
        began = time.perf_counter()
        explain(model, text)
        spent.append(1000 * (time.perf_counter() - began))
        row = _deleted(model, text, generator)
        if row is not None:
            rows.append(row)
    times = {"p50": statistics.median(spent), "p95": float(np.quantile(spent, 0.95))}
    rounded = {name: round(value, 1) for name, value in times.items()}
    return {"messages": len(rows), **_summary(np.array(rows), generator), "explain_ms": rounded}


def _deleted(model: EmotionModel, text: str, generator: np.random.Generator) -> Figures | None:
    """Give, for each count, drop by the top words and by random ones, and what each keeps alone.

    Returns:
        Shape `[counts, 4]`; `None` where the text has too few words or nothing to judge.
    """
    found = explain(model, text)
    tokens = [token for token in found.tokens if is_word(token.text)]
    if len(tokens) < FEWEST_WORDS:
        return None
    ranked = sorted(tokens, key=lambda token: -token.weight)
    words = [(token.start, token.end) for token in ranked]
    variants: list[str] = []
    for count in COUNTS:
        draws = [generator.choice(len(words), count, replace=False) for _ in range(DRAWS)]
        chosen = [words[:count], *([words[at] for at in draw] for draw in draws)]
        variants += [without(text, spans) for spans in chosen]
        variants += [without(text, _others(words, spans)) for spans in chosen]
    judged = [score_of(row, found.label) for row in scores(model, variants)]
    shaped = np.array(judged).reshape(len(COUNTS), 2, 1 + DRAWS)
    drops, kept = found.score - shaped[:, 0], shaped[:, 1]
    columns = [drops[:, 0], drops[:, 1:].mean(1), kept[:, 0], kept[:, 1:].mean(1)]
    return np.asarray(np.stack(columns, axis=1), np.float64)


def _others(words: Sequence[Span], chosen: Sequence[Span]) -> list[Span]:
    return [span for span in words if span not in chosen]


def _summary(rows: Figures, generator: np.random.Generator) -> dict[str, Any]:
    """Average over messages, `rows` being `[messages, counts, 4]`."""
    summary: dict[str, Any] = {}
    if not len(rows):
        return summary
    picks = generator.integers(0, len(rows), (RESAMPLES, len(rows)))
    for at, count in enumerate(COUNTS):
        top, by_chance, kept_top, kept_chance = rows[:, at].mean(0).tolist()
        gaps = rows[:, at, 0] - rows[:, at, 1]
        low, high = np.quantile(gaps[picks].mean(1), [0.025, 0.975]).tolist()
        summary |= {
            f"top_{count}": round(top, 4),
            f"random_{count}": round(by_chance, 4),
            f"difference_{count}": {
                "mean": round(float(gaps.mean()), 4),
                "low": round(low, 4),
                "high": round(high, 4),
            },
            f"kept_top_{count}": round(kept_top, 4),
            f"kept_random_{count}": round(kept_chance, 4),
        }
    return summary


def table(result: dict[str, Any]) -> str:
    """Lay out the result for a reader."""
    lines = [f"{result['model']} on one core of {result['machine']}"]
    lines.append("              drop of the score                       score of them alone")
    lines.append("      words   top     random  difference (95 %)        top     random")
    for name in LANGUAGES:
        row = result[name]
        for count in COUNTS if row["messages"] else ():
            gap = row[f"difference_{count}"]
            lines.append(
                f"{name:5} {count:5}   {row[f'top_{count}']:.3f}   {row[f'random_{count}']:.3f}   "
                f"{gap['mean']:.3f} ({gap['low']:.3f} to {gap['high']:.3f})   "
                f"{row[f'kept_top_{count}']:.3f}   {row[f'kept_random_{count}']:.3f}"
            )
        times = row["explain_ms"]
        lines.append(
            f"{name:5} {row['messages']} messages; one explanation {times['p50']} ms at the "
            f"median, {times['p95']} ms at the 95th percentile"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
