"""Calling the SavedModel, and a GPU that fails."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from emotion_component.classifier import SHIPPED_WEIGHTS
from emotion_component.errors import DeviceError, WeightsDamagedError
from emotion_component.serving.graph import BATCH_SIZE, Graph

SAVED_MODEL = SHIPPED_WEIGHTS / "saved_model"
TEXTS = ["thank you so much!", "where is my order", "气死我了", "", "x" * 5_000, "\ud800 broken"]
MORE_FLOATS_THAN_ANY_MACHINE_HOLDS = str(2**48)


def hungry_model(folder: Path) -> tuple[Path, Path]:
    """Save a model that asks for as many floats as a file says, once: then the file says 1.

    With it a device runs out of memory for real, where and when a test wants it.
    """
    size = folder / "floats"
    size.write_text("1")

    class Hungry(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="text")])
        def serve(self, text: tf.Tensor) -> dict[str, tf.Tensor]:
            # The text is part of all of it, else it would be computed once and for all.
            path = tf.strings.join([str(size), tf.strings.substr(text[0], 0, 0)])
            floats = tf.strings.to_number(tf.io.read_file(path), tf.int64)
            with tf.control_dependencies([floats]):
                tf.io.write_file(path, "1")
            taken = tf.minimum(tf.reduce_sum(tf.random.uniform([floats])), 0)
            return {"length": tf.cast(tf.strings.length(text), tf.float32)[:, None] + taken}

    model = Hungry()
    tf.saved_model.save(model, str(folder / "model"), signatures=model.serve)
    return folder / "model", size


def test_it_gives_what_the_signature_gives() -> None:
    serve = tf.saved_model.load(str(SAVED_MODEL)).signatures["serving_default"]
    raw = [text[:4_000].encode("utf-8", "replace") for text in TEXTS]

    given = Graph(SAVED_MODEL, "cpu").run(TEXTS)

    expected = {head: values.numpy() for head, values in serve(text=tf.constant(raw)).items()}
    assert given.keys() == expected.keys()
    for head, values in expected.items():
        np.testing.assert_allclose(given[head], values, atol=1e-6)


@pytest.mark.parametrize("rows", [0, 1, BATCH_SIZE, BATCH_SIZE + 1])
def test_every_text_has_its_row(rows: int) -> None:
    given = Graph(SAVED_MODEL, "cpu").run(["hello"] * rows)

    assert {head: len(values) for head, values in given.items()} == dict.fromkeys(given, rows)


def test_a_folder_that_holds_no_graph_is_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsDamagedError, match=f"Cannot load {tmp_path}"):
        Graph(tmp_path, "cpu")


def test_a_gpu_without_room_is_said_when_the_model_is_loaded(tmp_path: Path) -> None:
    model, size = hungry_model(tmp_path)
    size.write_text(MORE_FLOATS_THAN_ANY_MACHINE_HOLDS)

    with pytest.raises(DeviceError, match=r"does not run on gpu:0: .*OOM.* set device to cpu"):
        Graph(model, "gpu:0")


def test_a_gpu_that_runs_out_of_memory_is_given_up_with_one_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    model, size = hungry_model(tmp_path)
    graph = Graph(model, "gpu:0")
    assert graph.run(["four"])["length"].tolist() == [[4.0]]
    assert graph.device == "gpu:0"
    size.write_text(MORE_FLOATS_THAN_ANY_MACHINE_HOLDS)

    with caplog.at_level(logging.WARNING, "emotion_component"):
        assert graph.run(["four"])["length"].tolist() == [[4.0]]
        assert graph.run(["three"])["length"].tolist() == [[5.0]]

    assert graph.device == "cpu"
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith("gpu:0 failed (")
    assert line.endswith("the emotion model goes on running on cpu.")


def test_a_cpu_that_runs_out_of_memory_says_so(tmp_path: Path) -> None:
    model, size = hungry_model(tmp_path)
    graph = Graph(model, "cpu")
    size.write_text(MORE_FLOATS_THAN_ANY_MACHINE_HOLDS)

    with pytest.raises(tf.errors.ResourceExhaustedError):
        graph.run(["four"])
