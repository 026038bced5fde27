"""A model written out for TensorFlow Serving."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from emotion_component import artifact
from emotion_component.classifier import SHIPPED_WEIGHTS
from emotion_component.errors import ConfigurationError, ExportError, WeightsMissingError
from emotion_component.serving import exporting, remote
from emotion_component.serving.graph import Graph

prediction_log_pb2 = pytest.importorskip("tensorflow_serving.apis.prediction_log_pb2")

ROOT = Path(__file__).parents[3]
TEXTS = ["thank you so much!", "气死我了", "", "x" * 2_000]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> exporting.Exported:
    return exporting.export(tmp_path_factory.mktemp("served"))


def test_the_served_graph_gives_what_the_model_gives_and_names_it(
    exported: exporting.Exported,
) -> None:
    serve = tf.saved_model.load(str(exported.path)).signatures["serving_default"]

    served = {head: values.numpy() for head, values in serve(text=tf.constant(TEXTS)).items()}

    bundle = artifact.open_bundle(SHIPPED_WEIGHTS)
    assert served.pop("model").tolist() == [remote.identity(bundle).encode()] * len(TEXTS)
    expected = Graph(bundle.saved_model, "cpu").run(TEXTS)
    assert served.keys() == expected.keys()
    for head, values in expected.items():
        np.testing.assert_allclose(served[head], values, atol=1e-5)


def test_the_layout_is_tensorflow_servings(exported: exporting.Exported) -> None:
    assert exported.path.parts[-2:] == ("emotion", "1")
    found = {path.relative_to(exported.path).as_posix() for path in exported.path.rglob("*")}
    assert {"saved_model.pb", "variables", "assets.extra/tf_serving_warmup_requests"} <= found
    assert [path.name for path in exported.path.parent.iterdir()] == ["1"]


def test_the_warm_up_requests_are_ones_that_the_graph_answers(
    exported: exporting.Exported,
) -> None:
    serve = tf.saved_model.load(str(exported.path)).signatures["serving_default"]
    records = tf.data.TFRecordDataset(str(exported.path / exporting.WARM_UP_FILE))

    batches = []
    for record in records.as_numpy_iterator():
        request = prediction_log_pb2.PredictionLog.FromString(record).predict_log.request
        assert request.model_spec.name == "emotion"
        assert request.model_spec.signature_name == "serving_default"
        text = tf.make_ndarray(request.inputs["text"])
        assert len(serve(text=tf.constant(text))["service"]) == len(text)
        batches.append(tuple(each.decode() for each in text))

    assert tuple(batches) == exporting.WARM_UP_BATCHES


def test_the_next_version_is_one_more_and_none_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mood" / "9").mkdir(parents=True)
    (tmp_path / "mood" / "notes").mkdir()

    done = exporting.export(tmp_path, name="mood", warm_up=False)

    assert done.path == tmp_path / "mood" / "10"
    with pytest.raises(ExportError, match="mood/10 is there already"):
        exporting.export(tmp_path, name="mood", version=10)


def test_a_failed_export_leaves_no_version(tmp_path: Path) -> None:
    (tmp_path / "emotion").write_text("a file where the folder should be")

    with pytest.raises(ExportError, match="Cannot write"):
        exporting.export(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["emotion"]


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "/tmp"])
def test_a_name_that_is_a_path_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigurationError, match="`--name` must be a plain name"):
        exporting.export(tmp_path, name=name)


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissingError, match="No emotion model at"):
        exporting.export(tmp_path / "out", tmp_path / "nowhere")
    assert not (tmp_path / "out").exists()


def test_the_command_prints_one_object(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "emotion_component", "export", str(tmp_path), "--json"]
    done = subprocess.run(
        [*command, "--version", "7"], cwd=ROOT, capture_output=True, text=True, timeout=240
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "path": str(tmp_path / "emotion" / "7"),
        "name": "emotion",
        "version": 7,
        "model": remote.identity(artifact.open_bundle(SHIPPED_WEIGHTS)),
    }
