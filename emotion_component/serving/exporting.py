"""A model folder written out for TensorFlow Serving.

    OUT/emotion/1/saved_model.pb, variables/, assets/
                  assets.extra/tf_serving_warmup_requests

The served graph is the model's own with one more output, the name of the model, by which
`serving` knows who answered. Layout and warm-up file are TensorFlow Serving's
(https://www.tensorflow.org/tfx/serving/saved_model_warmup).
"""

from __future__ import annotations

import logging
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from emotion_component import artifact
from emotion_component.classifier import SHIPPED_WEIGHTS
from emotion_component.errors import ConfigurationError, ExportError
from emotion_component.serving import remote

if TYPE_CHECKING:
    import tensorflow as tf

WARM_UP_FILE: Final = Path("assets.extra", "tf_serving_warmup_requests")
# Short and long, alone and together, in both languages: each new shape costs its first caller.
WARM_UP_BATCHES: Final = (
    ("thanks",),
    ("my order is three weeks late and nobody answers!!! this is a joke",),
    ("我的订单晚了三个星期，没人回复",),
    ("where is my order 1042?", "气死我了", "ok", "谢谢你，问题解决了"),
)


@dataclass(frozen=True)
class Exported:
    """What was written.

    Attributes:
        path: Folder of the version.
        name: Name under which a server offers it.
        version: Its number.
        model: The name it answers with: the model's own and its fingerprint.
    """

    path: Path
    name: str
    version: int
    model: str


def export(
    out: Path,
    directory: Path | None = None,
    *,
    name: str = remote.DEFAULT_NAME,
    version: int | None = None,
    warm_up: bool = True,
) -> Exported:
    """Write a model for TensorFlow Serving, whole or not at all.

    Args:
        out: The folder that a server watches.
        directory: A model folder; `None` for the weights that ship with the package.
        name: Name under which the server will offer it.
        version: Its number, from 1; `None` for the next one.
        warm_up: Whether to write the requests that a server runs before it opens.

    Raises:
        WeightsError: If the model cannot be read.
        ConfigurationError: If `name` is no plain name.
        ExportError: If the version is there already, cannot be written, or the library that
            describes warm-up requests is not installed.
    """
    if not name or name.startswith(".") or Path(name).name != name:
        raise ConfigurationError(f"`--name` must be a plain name. Received: {name!r}.")
    from tensorflow.errors import OpError

    bundle = artifact.open_bundle(directory or SHIPPED_WEIGHTS)
    versions = out / name
    number = version if version is not None else _newest(versions) + 1
    target = versions / str(number)
    if target.exists():
        raise ExportError(f"{target} is there already. Leave --version out for the next one.")
    # A server takes every folder whose name is a number, so it must not see half of one.
    fresh = versions / f".{number}.unfinished"
    try:
        shutil.rmtree(fresh, ignore_errors=True)
        _save(bundle, fresh)
        if warm_up:
            _write_warm_up(fresh / WARM_UP_FILE, name)
        fresh.rename(target)
    except (OSError, OpError) as error:
        raise ExportError(f"Cannot write {target}: {error}") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return Exported(target, name, number, remote.identity(bundle))


def _newest(versions: Path) -> int:
    """Give the highest version there is; 0 where there is none."""
    names = [path.name for path in versions.glob("*")] if versions.is_dir() else []
    return max((int(name) for name in names if name.isdecimal()), default=0)


def _save(bundle: artifact.Bundle, folder: Path) -> None:
    """Save the model's graph with the output that names the model."""
    import tensorflow as tf
    import tensorflow_text  # noqa: F401  # registers the operations that the graph needs

    with tf.device("/CPU:0"):  # no device is written into the graph: the server chooses
        saved = tf.saved_model.load(str(bundle.saved_model))
    inner = saved.signatures["serving_default"]
    model = remote.identity(bundle)

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name="text")])
    def serve(text: tf.Tensor) -> dict[str, tf.Tensor]:
        return {**inner(text=text), remote.MODEL_OUTPUT: tf.fill(tf.shape(text), model)}

    root = tf.Module()
    root.saved, root.serve = saved, serve  # tracked, so that weights and vocabulary travel along
    notices = logging.getLogger("absl")
    level = notices.level
    # It warns of functions that a loaded model brings along for saving and that nobody calls.
    notices.setLevel(logging.ERROR)
    try:
        tf.saved_model.save(root, str(folder), signatures={"serving_default": serve})
    finally:
        notices.setLevel(level)


def _write_warm_up(path: Path, name: str) -> None:
    """Write the requests that a server runs on a version before it offers it."""
    import tensorflow as tf

    path.parent.mkdir()
    with tf.io.TFRecordWriter(str(path)) as file:
        for texts in WARM_UP_BATCHES:
            file.write(_logged_request(name, texts).SerializeToString())


def _logged_request(name: str, texts: tuple[str, ...]) -> Any:
    import tensorflow as tf

    try:
        from tensorflow_serving.apis import predict_pb2, prediction_log_pb2
    except ImportError as error:
        raise ExportError(
            "Warm-up requests need the package tensorflow-serving-api. Install it with "
            "`pip install 'attune[serving]'`, or leave them out with --no-warm-up."
        ) from error
    request = predict_pb2.PredictRequest()
    request.model_spec.name = name
    request.model_spec.signature_name = "serving_default"
    request.inputs["text"].CopyFrom(tf.make_tensor_proto(list(texts)))
    predict = prediction_log_pb2.PredictLog(request=request)
    return prediction_log_pb2.PredictionLog(predict_log=predict)
