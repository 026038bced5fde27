"""Published encoders read into ours."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import tensorflow as tf
from safetensors.numpy import load_file

from emotion_component.errors import EncoderError
from emotion_component.network import pretrained
from tests.emotion_component.published import VOCABULARY, published

__all__ = ["published"]  # a fixture, found by name

Floats = npt.NDArray[np.float32]


def reference(folder: Path, ids: list[int]) -> Floats:
    """Compute BERT's vectors of one text plainly, matrix by matrix."""
    w = {name[5:]: value for name, value in load_file(folder / "model.safetensors").items()}

    def norm(x: Floats, at: str) -> Floats:
        x = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-12)
        return np.asarray(x * w[f"{at}.weight"] + w[f"{at}.bias"])

    def dense(x: Floats, at: str) -> Floats:
        return np.asarray(x @ w[f"{at}.weight"].T + w[f"{at}.bias"])

    x = w["embeddings.word_embeddings.weight"][ids]
    x = x + w["embeddings.position_embeddings.weight"][: len(ids)]
    x = norm(x + w["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    for layer in range(2):
        at = f"encoder.layer.{layer}"
        query, key, value = (
            dense(x, f"{at}.attention.self.{part}").reshape(len(ids), 4, 4)
            for part in ("query", "key", "value")
        )
        scores = np.einsum("ihw,jhw->hij", query, key) / 2
        shares = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
        mixed = np.einsum("hij,jhw->ihw", shares, value).reshape(len(ids), 16)
        x = norm(
            x + dense(mixed, f"{at}.attention.output.dense"), f"{at}.attention.output.LayerNorm"
        )
        fed = tf.nn.gelu(dense(x, f"{at}.intermediate.dense")).numpy()
        x = norm(x + dense(fed, f"{at}.output.dense"), f"{at}.output.LayerNorm")
    return x


def test_it_computes_what_the_published_weights_say(published: Path) -> None:
    encoder = pretrained.encoder(pretrained.read(str(published)))
    ids = [2, 40, 41, 7, 3]
    vectors = encoder(tf.constant([[*ids, 0, 0]]), tf.constant([[1.0] * 5 + [0.0] * 2]))
    np.testing.assert_allclose(vectors[0, :5], reference(published, ids), rtol=1e-4, atol=1e-4)


def test_rows_and_layers_are_chosen(published: Path) -> None:
    read = pretrained.read(str(published))
    assert read.vocabulary == VOCABULARY
    encoder = pretrained.encoder(read, rows=[5, 0, -1], layers=[1], positions=10)
    assert len(encoder.blocks) == 1
    assert tuple(encoder.places.shape) == (10, 16)
    table = read.tensors["embeddings.word_embeddings.weight"]
    np.testing.assert_allclose(encoder.pieces[:2], table[[5, 0]])
    np.testing.assert_allclose(encoder.pieces[2], table.mean(axis=0), atol=0.1)


def test_the_neurons_that_reach_farthest_are_kept(published: Path) -> None:
    read = pretrained.read(str(published))
    at = "encoder.layer.0"
    into = read.tensors[f"{at}.intermediate.dense.weight"]
    out = read.tensors[f"{at}.output.dense.weight"]
    loud = [3, 1]
    into[loud], out[:, loud] = 5 * into[loud], 5 * out[:, loud]
    block = pretrained.encoder(read, feed_forward=2).blocks[0]
    np.testing.assert_allclose(block.widen.kernel, into[[1, 3]].T)
    np.testing.assert_allclose(block.narrow.kernel, out[:, [1, 3]].T)


def test_a_folder_without_its_files_is_named(published: Path, tmp_path: Path) -> None:
    shutil.copy(published / "config.json", tmp_path)
    with pytest.raises(EncoderError, match=r"lacks vocab\.txt, model\.safetensors"):
        pretrained.read(str(tmp_path))


def test_another_architecture_is_named(published: Path, tmp_path: Path) -> None:
    for path in published.iterdir():
        shutil.copy(path, tmp_path)
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "gpt2"}))
    with pytest.raises(EncoderError, match="a model of type 'gpt2'"):
        pretrained.read(str(tmp_path))
