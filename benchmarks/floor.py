"""The arithmetic floor: what a network would take if a core did nothing but multiply and add."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import tensorflow as tf
import tensorflow_text  # noqa: F401  # registers the operations that the graph needs

_SIDE: Final = 1024
Shape = list[int]


def matrix_rate() -> float:
    """Measure one fp32 product of two square matrices of 1,024.

    Returns:
        Operations a second, an addition and a multiplication counted as two.
    """
    matrix = tf.random.stateless_normal([_SIDE, _SIDE], seed=(1, 2))
    tf.linalg.matmul(matrix, matrix).numpy()  # warms up
    began = time.perf_counter()
    tf.linalg.matmul(matrix, matrix).numpy()
    return 2.0 * _SIDE**3 / (time.perf_counter() - began)


def multiply_adds(saved_model: Path, texts: Sequence[str]) -> list[int]:
    """Count the multiply-adds of the products and convolutions that a model really runs.

    Each text is run by itself with every operation traced, so that the count holds whatever the
    network is, and for the number of pieces that its tokenizer makes of the text.

    Args:
        saved_model: Folder of a SavedModel that takes strings as `text`.
        texts: Any texts.

    Returns:
        The count for each text.
    """
    # The session is the one public way to a trace that holds the shape of every tensor.
    v1 = tf.compat.v1
    with tf.Graph().as_default(), v1.Session() as session:
        signature = v1.saved_model.load(session, ["serve"], str(saved_model)).signature_def
        serving = signature["serving_default"]
        names = [tensor.name for tensor in serving.outputs.values()]
        feed = next(iter(serving.inputs.values())).name
        return [_count(session, names, {feed: [text.encode()]}) for text in texts]


def _count(session: Any, names: list[str], feed: dict[str, list[bytes]]) -> int:
    v1 = tf.compat.v1
    options = v1.RunOptions(
        trace_level=v1.RunOptions.FULL_TRACE, output_partition_graphs=True, inter_op_thread_pool=-1
    )
    trace = v1.RunMetadata()
    session.run(names, feed, options=options, run_metadata=trace)
    nodes = {node.name: node for graph in trace.partition_graphs for node in graph.node}
    shapes = _shapes(trace)
    return sum(
        _product(nodes[name], out, shapes)
        for name, outs in shapes.items()
        if name in nodes
        for out in outs
    )


def _shapes(trace: Any) -> dict[str, list[Shape]]:
    """Give the shapes of every node's first output, one for each time that it ran."""
    shapes: dict[str, list[Shape]] = {}
    for device in trace.step_stats.dev_stats:
        for node in device.node_stats:
            for output in node.output:
                if output.slot == 0:
                    dims = output.tensor_description.shape.dim
                    shapes.setdefault(node.node_name, []).append([dim.size for dim in dims])
    return shapes


def _product(node: Any, out: Shape, shapes: dict[str, list[Shape]]) -> int:
    """Count the multiply-adds of one node: its outputs times what is summed for each of them."""
    if "Einsum" in node.op:  # oneDNN calls its own `_MklEinsum`
        raise NotImplementedError(f"{node.name} is an Einsum, whose products are not counted yet.")
    if not any(kind in node.op for kind in ("MatMul", "Conv2D")):
        return 0
    inputs = [shapes[source][0] for source in _sources(node) if source in shapes]
    if len(inputs) < 2:
        raise RuntimeError(f"No shapes were traced for the inputs of {node.name} ({node.op}).")
    left, right = inputs[:2]
    if "Conv2D" in node.op:
        return math.prod(out) * math.prod(right[:-1])  # height, width and channels of a filter
    turned = any(node.attr[name].b for name in ("transpose_a", "adj_x") if name in node.attr)
    return math.prod(out) * left[-2 if turned else -1]


def _sources(node: Any) -> Iterator[str]:
    """Name the nodes whose values go in; a caret marks mere order of running."""
    return (name.split(":")[0] for name in node.input if not name.startswith("^"))
