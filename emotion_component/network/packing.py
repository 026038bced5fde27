"""Large weights kept as 8-bit integers on disk, and as floats once a model is loaded.

A SavedModel that is loaded computes with ordinary floats, at full speed; only its files are a
quarter as large. Each column of a matrix has its own scale, which keeps the rounding of a weight
within half a 127th of the largest of its column.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

# Smaller constants stay floats: they are few bytes, and biases and norms want their precision.
LEAST_VALUES: Final = 4_096
_STEPS: Final = 127

Floats = npt.NDArray[np.float32]


def pack(values: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """Round a matrix to 8 bits, one scale a column.

    Args:
        values: `[..., columns]`.

    Returns:
        Codes of the same shape, -127 to 127, and the scales `[columns]`: a value is about its
        code times its column's scale.
    """
    largest = np.abs(values).max(axis=tuple(range(values.ndim - 1)))
    scales = np.maximum(largest, 1e-12).astype(np.float32) / _STEPS
    return np.rint(values / scales).astype(np.int8), scales


class PackedWeight(tf.Module):
    """A float matrix whose values are computed from 8-bit codes when the model is loaded.

    Args:
        values: The matrix.
        name: Unlike every other weight's of the process.
    """

    def __init__(self, values: Floats, name: str) -> None:
        super().__init__()
        codes, scales = pack(values)
        self.codes = tf.Variable(codes, trainable=False)
        self.scales = tf.Variable(scales, trainable=False)
        self._floats = _Unpacked(self.codes, self.scales, name)

    def read(self) -> tf.Tensor:
        """Give the matrix, inside a graph or outside."""
        return tf.raw_ops.ReadVariableOp(resource=self._floats.resource_handle, dtype=tf.float32)


class _Unpacked(tf.saved_model.experimental.TrackableResource):
    """The floats: made and filled when a SavedModel is loaded, and never written to one."""

    def __init__(self, codes: tf.Variable, scales: tf.Variable, name: str) -> None:
        super().__init__()
        self._codes, self._scales, self._shared_name = codes, scales, name
        self._initialize()  # outside of any graph, before the first one reads it

    def _create_resource(self) -> tf.Tensor:
        return tf.raw_ops.VarHandleOp(
            dtype=tf.float32, shape=self._codes.shape, shared_name=self._shared_name
        )

    def _initialize(self) -> None:
        values = tf.cast(self._codes, tf.float32) * self._scales
        tf.raw_ops.AssignVariableOp(resource=self.resource_handle, value=values)


class PackedFunction(tf.Module):
    """A function of tensors whose large weights are packed.

    Args:
        function: Traced once; its variables become constants of the trace.
        signature: Of its arguments.
    """

    def __init__(
        self, function: Callable[..., dict[str, tf.Tensor]], signature: Sequence[tf.TensorSpec]
    ) -> None:
        super().__init__()
        traced = tf.function(
            function, input_signature=list(signature), autograph=False
        ).get_concrete_function()
        frozen = convert_variables_to_constants_v2(traced)
        self._names = sorted(traced.structured_outputs)
        outputs = [tensor.name for tensor in frozen.outputs]
        # Without what no output needs, such as heads that taught the body alone.
        graph = tf.compat.v1.graph_util.extract_sub_graph(
            frozen.graph.as_graph_def(), [name.partition(":")[0] for name in outputs]
        )
        large = {node.name: _constant(node) for node in graph.node if _is_large(node)}
        kept = [node for node in graph.node if node.name not in large]
        del graph.node[:]
        graph.node.extend(kept)
        self.weights = [
            PackedWeight(values, f"packed_{id(self)}_{at}")
            for at, values in enumerate(large.values())
        ]
        arguments = [tensor.name for tensor in frozen.inputs]

        def run(*tensors: Any) -> Any:
            given = dict(zip([*arguments, *(f"{name}:0" for name in large)], tensors, strict=True))
            return tf.graph_util.import_graph_def(
                graph, input_map=given, return_elements=outputs, name=""
            )

        weight_specs = [tf.TensorSpec(values.shape, tf.float32) for values in large.values()]
        self._pruned = tf.compat.v1.wrap_function(run, [*signature, *weight_specs])

    def __call__(self, *arguments: tf.Tensor) -> dict[str, tf.Tensor]:
        """Call the function."""
        outputs = self._pruned(*arguments, *(weight.read() for weight in self.weights))
        return dict(zip(self._names, outputs, strict=True))


def _is_large(node: Any) -> bool:
    if node.op != "Const" or node.attr["dtype"].type != tf.float32.as_datatype_enum:
        return False
    shape = [axis.size for axis in node.attr["value"].tensor.tensor_shape.dim]
    return len(shape) >= 2 and int(np.prod(shape)) >= LEAST_VALUES


def _constant(node: Any) -> Floats:
    return np.asarray(tf.make_ndarray(node.attr["value"].tensor), np.float32)
