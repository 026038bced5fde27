"""One text on one core, beside others, in one run: `python -m benchmarks.latency --json`.

Attune, roberta-base (plain Transformers in fp32, and ONNX Runtime in dynamic int8), MiniLM-L6 and
VADER read the same texts, one at a time, tokenizing included, tied to the same core with one
thread each. They take turns every few texts, so a core that slows down does so for all of them.
`benchmarks/peers/setup` makes the peers' environment.

Figures are for a quiet machine: where other work wants the core too, a call of a hundred
milliseconds is interrupted and one of a millisecond mostly is not, which flatters the fast.

A ratio says how many times longer the peer takes than Attune; `ratio_floor`, how many times longer
Attune takes than its multiplications and additions alone would.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tqdm import tqdm

from benchmarks import machine, texts
from benchmarks.peers import process
from benchmarks.texts import Text
from benchmarks.timing import milliseconds
from emotion_component.errors import EmotionError

SEED: Final = 20240607
TEXTS: Final = 240
PASSES: Final = 3
# Texts that one contender reads before the next has its turn.
TURN: Final = 8
WARM_UP_TURNS: Final = 2
# Measurements of the core's matrix rate, spread over the run; the best one is its rate.
RATES: Final = 12
_PACKAGES: Final = ("attune", "tensorflow", "tensorflow-text", "numpy")

Timer = Callable[[Sequence[str]], list[float]]


@dataclass(frozen=True)
class Run:
    """What was timed.

    Attributes:
        times: Contender to milliseconds, pass after pass, each in the order of `texts`.
        texts: The texts of one pass.
        rate: Best fp32 matrix rate of the core, operations a second.
    """

    times: dict[str, list[float]]
    texts: list[Text]
    rate: float


def main() -> None:
    """Time everybody and print the table or one JSON object."""
    given = _options()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    try:
        # Libraries greet on standard output, which is for the result alone.
        with contextlib.redirect_stdout(sys.stderr):
            machine.use_one_core(given.core)
            result = _measure(given)
    except (EmotionError, ValueError) as error:
        sys.exit(f"benchmarks.latency: {error}")
    print(json.dumps(result, ensure_ascii=False) if given.json else table(result))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.latency", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object, nothing else")
    parser.add_argument("--model", type=Path, metavar="FOLDER", help="else the shipped weights")
    parser.add_argument(
        "--peers", nargs="*", choices=process.NAMES, default=process.NAMES, metavar="NAME",
        help=f"only these of {', '.join(process.NAMES)}; none where no name follows",
    )  # fmt: skip
    parser.add_argument("--texts", type=int, default=TEXTS, help=f"how many ({TEXTS})")
    parser.add_argument("--passes", type=int, default=PASSES, help=f"over the texts ({PASSES})")
    parser.add_argument("--seed", type=int, default=SEED, help="which texts are drawn")
    parser.add_argument("--core", type=int, help="number of the core; else the last one")
    for name in ("roberta", "minilm"):
        parser.add_argument(
            f"--{name}", default="", metavar="PATH", help="public weights; else random ones"
        )
    parser.add_argument(
        "--python", type=Path, default=process.PYTHON, help="interpreter of the peers' environment"
    )
    given = parser.parse_args()
    if min(given.texts, given.passes) < 1:
        parser.error("--texts and --passes must be above 0")
    return given


def _measure(given: argparse.Namespace) -> dict[str, Any]:
    """Load everybody, time them, and sum up."""
    from benchmarks import floor
    from benchmarks.hollow import hollow
    from emotion_component.classifier import SHIPPED_WEIGHTS, load

    load_average = machine.warn_if_busy()
    drawn = texts.sample(given.texts, given.seed)
    model = load(given.model, "cpu")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        empty = hollow(model, folder / "hollow")
        peers = [stack.enter_context(peer) for peer in _start(given, folder / "corpus.jsonl")]
        contenders: dict[str, Timer] = {
            "attune": lambda some: milliseconds(lambda text: model.predict([text]), some),
            "call_overhead": lambda some: milliseconds(lambda text: empty.predict([text]), some),
            **{peer.name: peer.time for peer in peers},
        }
        run = take_turns(contenders, drawn, given.passes, floor.matrix_rate)
        pieces = {peer.name: peer.pieces([text.text for text in drawn]) for peer in peers}
        versions = {name: version for peer in peers for name, version in peer.versions.items()}
    saved = (given.model or SHIPPED_WEIGHTS) / "saved_model"
    counts = floor.multiply_adds(saved, [text.text for text in drawn])
    return {
        **summary(run, statistics.median(counts)),
        **{f"{name}_pieces": statistics.median(found) for name, found in pieces.items()},
        "texts": len(drawn),
        "passes": given.passes,
        "seed": given.seed,
        "model": model.name,
        "machine": f"{machine.describe()}, one in use",
        "load_before": load_average,
        "versions": machine.versions(_PACKAGES) | versions,
    }


def _start(given: argparse.Namespace, corpus: Path) -> Iterator[process.Peer]:
    """Start the peers that are asked for, one after the other."""
    lines = [json.dumps(text.text) for some in texts.everything() for text in some]
    corpus.write_text("\n".join(lines), encoding="utf-8")
    weights = {"roberta": given.roberta, "roberta_int8": given.roberta, "minilm": given.minilm}
    for name in given.peers:
        print(f"starting {name}", file=sys.stderr)
        yield process.Peer(name, corpus, weights.get(name, ""), given.python)


def take_turns(
    contenders: dict[str, Timer], drawn: list[Text], passes: int, rate: Callable[[], float]
) -> Run:
    """Let every contender read the same few texts, then the next few, until all are read.

    Args:
        contenders: Name to what times texts.
        drawn: The texts.
        passes: How many times over them.
        rate: Measures the core's matrix rate.
    """
    turns = [[t.text for t in drawn[at : at + TURN]] for at in range(0, len(drawn), TURN)]
    for time in contenders.values():
        for turn in turns[:WARM_UP_TURNS]:
            time(turn)
    times: dict[str, list[float]] = {name: [] for name in contenders}
    rates = [rate()]
    measured = max(1, passes * len(turns) // RATES)
    for number, turn in enumerate(tqdm(turns * passes, desc="turns", file=sys.stderr)):
        for name, time in contenders.items():
            times[name] += time(turn)
        if number % measured == 0:
            rates.append(rate())
    return Run(times, drawn, max(rates))


def summary(run: Run, multiply_adds: float) -> dict[str, Any]:
    """Give medians, 95th percentiles and ratios of medians.

    Args:
        run: What was timed.
        multiply_adds: Of the network, for the median text.
    """
    result: dict[str, Any] = {}
    for name, spans in run.times.items():
        result[f"{name}_ms"] = _rounded(statistics.median(spans))
        result[f"{name}_p95_ms"] = _rounded(_p95(spans))
        for language in ("en", "zh"):
            some = [
                span
                for at, span in enumerate(spans)
                if run.texts[at % len(run.texts)].language == language
            ]
            result[f"{name}_{language}_ms"] = _rounded(statistics.median(some)) if some else None
    ours = statistics.median(run.times["attune"])
    for name in process.NAMES:
        if name in run.times:
            result[f"ratio_{name}"] = _rounded(statistics.median(run.times[name]) / ours)
    floor = 1000 * 2 * multiply_adds / run.rate
    result["multiply_adds"] = int(multiply_adds)
    result["matrix_gflops"] = _rounded(run.rate / 1e9)
    result["floor_ms"] = _rounded(floor)
    result["ratio_floor"] = _rounded(ours / floor)
    return result


def _p95(spans: Sequence[float]) -> float:
    """Give the 95th percentile, which a single span is itself."""
    return statistics.quantiles(spans, n=20)[-1] if len(spans) > 1 else spans[0]


def _rounded(value: float) -> float:
    """Keep four digits that count: VADER takes hundredths of what RoBERTa takes hundreds of."""
    return float(f"{value:.4g}")


def table(result: dict[str, Any]) -> str:
    """Lay out the result to be read."""
    lines = [
        f"machine: {result['machine']}",
        f"model: {result['model']}; {result['texts']} texts, {result['passes']} passes",
        f"{'':<14}{'p50 ms':>10}{'p95 ms':>10}{'en p50':>10}{'zh p50':>10}{'ratio':>10}",
    ]
    for name in ("attune", *process.NAMES, "call_overhead"):
        if f"{name}_ms" in result:
            keys = [f"{name}{part}_ms" for part in ("", "_p95", "_en", "_zh")]
            cells = [result[key] for key in keys] + [result.get(f"ratio_{name}")]
            shown = "".join(f"{'' if cell is None else cell:>10}" for cell in cells)
            lines.append(f"{name:<14}{shown}")
    lines.append(
        f"floor: {result['floor_ms']} ms for {result['multiply_adds']:,} multiply-adds at "
        f"{result['matrix_gflops']} fp32 GFLOP/s; Attune takes {result['ratio_floor']} times that"
    )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
