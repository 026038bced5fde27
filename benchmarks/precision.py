"""One network in several precisions: `python -m benchmarks.precision --run runs/english-training`.

The run folder is one that `emotion train --run` leaves, with the encoder and layers that it was
trained with. All forms compute the same network with the same weights, on one core, one text after
the other, taking turns; tokenizing is the same for all and left out. Thresholds come from each
form's own scores on GoEmotions' dev split.

- `float32`: what is shipped, but for the packing of its files.
- `packed`: large weights rounded to 8 bits with a scale a column, as shipped; computed as float32.
- `xla`: compiled by XLA for lengths in steps of 16 pieces.
- `bfloat16`, `float16`: Keras's mixed policies; weights and sums stay float32. `float16`, which
  CPUs only imitate, is measured where `--forms` names it.
- `int8`: TensorFlow Lite's dynamic range: 8-bit weights and products.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import json
import os
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from tqdm import tqdm

from benchmarks import machine, texts
from benchmarks.latency import SEED, take_turns
from benchmarks.timing import milliseconds

if TYPE_CHECKING:
    from emotion_component.network.building import Built, Shape

TEXTS: Final = 160
PASSES: Final = 2
# XLA compiles a program for each shape: lengths go up to the next multiple of this.
XLA_STEP: Final = 16
HEADS: Final = ("service", "goemotions")

# Takes ids `[1, length]` and style `[1, 6]`; gives probabilities of `HEADS`, each `[outputs]`.
Form = Callable[[Any, Any], Mapping[str, Any]]
# Builds the trained network once more.
Restore = Callable[[], "Built"]


def main() -> None:
    """Build all forms, time and score them, and print the table or one JSON object."""
    given = _options()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    load_average = machine.warn_if_busy()
    with contextlib.redirect_stdout(sys.stderr):
        machine.use_one_core(None)
        result = {**measure(given), "machine": machine.describe(), "load_before": load_average}
    print(json.dumps(result) if given.json else table(result))


def _options() -> argparse.Namespace:
    from emotion_component.cli.train import layers

    parser = argparse.ArgumentParser(prog="python -m benchmarks.precision", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object, nothing else")
    parser.add_argument("--run", type=Path, required=True, help="left by `emotion train --run`")
    parser.add_argument("--encoder", required=True, help="as in that training")
    parser.add_argument("--layers", type=layers, metavar="0,2,5", help="as in that training")
    parser.add_argument("--forms", nargs="+", choices=FORMS, default=USUAL)
    parser.add_argument("--texts", type=int, default=TEXTS, help=f"texts timed ({TEXTS})")
    parser.add_argument("--limit", type=int, help="rows of each set to score; for trials")
    return parser.parse_args()


def measure(given: argparse.Namespace) -> dict[str, Any]:
    """Time and score every form of the network in a run folder."""
    from emotion_component.network.building import Shape

    shape = Shape(encoder=given.encoder, layers=given.layers)
    restore = functools.partial(restored, shape, given.run)
    built = {name: FORMS[name](restore) for name in given.forms}
    tokenizer = restore().tokenizer
    drawn = [each for each in texts.sample(given.texts, SEED) if each.language == "en"]
    tokens = {each.text: tuple(tokenizer([each.text])) for each in drawn}
    timers = {name: _timer(form, tokens) for name, form in built.items()}
    spans = take_turns(timers, drawn, PASSES, lambda: 0.0).times
    return {
        "forms": {
            name: {
                "median_ms": round(statistics.median(spans[name]), 3),
                **_accuracy(name, form, tokenizer, given.limit),
            }
            for name, form in built.items()
        }
    }


def restored(shape: Shape, run: Path) -> Built:
    """Build a network and give it the best weights of a training.

    Raises:
        SystemExit: If the folder holds no such training.
    """
    from emotion_component.network import building

    try:
        built = building.build(shape, [], (run / "vocabulary").read_bytes())
        built.network(built.tokenizer(["make the variables"]))
        kept = np.load(run / "best.npz")
        built.network.set_weights([kept[name] for name in kept.files])
    except (OSError, ValueError) as error:
        sys.exit(f"benchmarks.precision: {run} holds no training of such a network: {error}")
    return built


def _probabilities(built: Built) -> Callable[[Any, Any], dict[str, Any]]:
    import tensorflow as tf

    def compute(ids: Any, style: Any) -> dict[str, Any]:
        logits = {
            name: tf.cast(value, tf.float32) for name, value in built.network((ids, style)).items()
        }
        return {"service": tf.nn.softmax(logits["service"])[0],
                "goemotions": tf.sigmoid(logits["goemotions"])[0]}  # fmt: skip

    return compute


def _float32(restore: Restore) -> Form:
    return _compiled(restore())


def _compiled(built: Built) -> Form:
    import tensorflow as tf

    signature = [tf.TensorSpec([1, None], tf.int32), tf.TensorSpec([1, 6], tf.float32)]
    function = tf.function(_probabilities(built), input_signature=signature, autograph=False)
    return lambda ids, style: _numpy(function(ids, style))


def _packed(restore: Restore) -> Form:
    from emotion_component.network import packing

    built = restore()
    rounded = []
    for weight in built.network.get_weights():
        if weight.ndim >= 2 and weight.size >= packing.LEAST_VALUES:
            codes, scales = packing.pack(weight)
            weight = codes.astype(np.float32) * scales
        rounded.append(weight)
    built.network.set_weights(rounded)
    return _compiled(built)


def _xla(restore: Restore) -> Form:
    import tensorflow as tf

    function = tf.function(_probabilities(restore()), jit_compile=True, autograph=False)

    def read(ids: Any, style: Any) -> Mapping[str, Any]:
        more = -ids.shape[1] % XLA_STEP
        return _numpy(function(tf.pad(ids, [[0, 0], [0, more]]), style))

    return read


def _mixed(policy: str) -> Callable[[Restore], Form]:
    def make(restore: Restore) -> Form:
        import tensorflow as tf

        before = tf.keras.mixed_precision.global_policy()
        tf.keras.mixed_precision.set_global_policy(policy)
        try:
            return _compiled(restore())
        finally:
            tf.keras.mixed_precision.set_global_policy(before)

    return make


def _int8(restore: Restore) -> Form:
    import tensorflow as tf

    signature = [tf.TensorSpec([1, None], tf.int32), tf.TensorSpec([1, 6], tf.float32)]
    built = restore()
    function = tf.function(_probabilities(built), input_signature=signature, autograph=False)
    concrete = function.get_concrete_function()
    converter = tf.lite.TFLiteConverter.from_concrete_functions([concrete], built.network)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    interpreter = tf.lite.Interpreter(model_content=converter.convert(), num_threads=1)
    wanted = interpreter.get_input_details()
    ids_at = next(each["index"] for each in wanted if each["dtype"] == np.int32)
    style_at = next(each["index"] for each in wanted if each["dtype"] == np.float32)

    def read(ids: Any, style: Any) -> Mapping[str, Any]:
        interpreter.resize_tensor_input(ids_at, ids.shape)
        interpreter.allocate_tensors()
        interpreter.set_tensor(ids_at, np.asarray(ids, np.int32))
        interpreter.set_tensor(style_at, np.asarray(style, np.float32))
        interpreter.invoke()
        found = [interpreter.get_tensor(each["index"]) for each in interpreter.get_output_details()]
        return dict(zip(HEADS, sorted(found, key=len), strict=True))  # 10 labels, then 28

    return read


FORMS: Final[dict[str, Callable[[Restore], Form]]] = {
    "float32": _float32,
    "packed": _packed,
    "xla": _xla,
    "bfloat16": _mixed("mixed_bfloat16"),
    "float16": _mixed("mixed_float16"),
    "int8": _int8,
}
USUAL: Final = [name for name in FORMS if name != "float16"]


def _numpy(found: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.numpy() for name, value in found.items()}


def _timer(form: Form, tokens: Mapping[str, Any]) -> Callable[[Sequence[str]], list[float]]:
    return lambda some: milliseconds(lambda text: form(*tokens[text]), some)


def _accuracy(name: str, form: Form, tokenizer: Any, limit: int | None) -> dict[str, float]:
    """Score a form on GoEmotions' test and on English service messages by unseen voices."""
    from emotion_component.datasets import SERVICE_MESSAGES, corpus, sources
    from emotion_component.datasets.sources import folder
    from emotion_component.evaluation.metrics import f1_scores, service_decisions
    from emotion_component.training import thresholds
    from emotion_component.training.batches import targets

    def judge(examples: list[Any], head: str) -> tuple[Any, Any]:
        found = [
            form(*tokenizer([each.text]))[head] for each in tqdm(examples, desc=f"{name}, {head}")
        ]
        return targets(examples)[0][head], np.stack(found)

    home = folder() / "goemotions"
    dev, test = (
        list(sources.read(home / f"{part}.jsonl", "goemotions", limit)) for part in ("dev", "test")
    )
    at = np.array(thresholds.tuned(*judge(dev, "goemotions")))
    truth, scores = judge(test, "goemotions")
    unseen = corpus.assemble(
        folder(), SERVICE_MESSAGES, limit, languages=["en"], sources=["voices"]
    ).test
    spoken, judged = judge(unseen, "service")
    return {
        "goemotions_macro_f1": round(float(f1_scores(truth > 0, scores >= at).macro), 4),
        "service_en_macro_f1": round(
            float(f1_scores(spoken > 0, service_decisions(judged)).macro), 4
        ),
    }


def table(result: Mapping[str, Any]) -> str:
    """Lay the result out to be read."""
    lines = [f"machine: {result['machine']}; one text at a time on one core, the network alone"]
    lines.append(f"{'':<10}{'p50 ms':>10}{'GoEmotions F1':>16}{'service F1':>13}")
    for name, row in result["forms"].items():
        lines.append(
            f"{name:<10}{row['median_ms']:>10.2f}{row['goemotions_macro_f1']:>16.3f}"
            f"{row['service_en_macro_f1']:>13.3f}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
