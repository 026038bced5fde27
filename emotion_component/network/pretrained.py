"""Reads a public BERT-like encoder from a local folder or a model hub into our `Encoder`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from emotion_component.errors import EncoderError
from emotion_component.network.encoder import Encoder, EncoderSize

FILES: Final = ("config.json", "vocab.txt", "model.safetensors")
Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Pretrained:
    """An encoder as it was published.

    Attributes:
        size: Its widths and depth.
        vocabulary: Its word pieces, by id.
        tensors: Its weights by their published names, any common prefix removed.
    """

    size: EncoderSize
    vocabulary: list[str]
    tensors: Mapping[str, Array]


def read(source: str) -> Pretrained:
    """Read an encoder.

    Args:
        source: A folder that holds `config.json`, `vocab.txt` and `model.safetensors`, or a name
            on the Hugging Face hub (needs the package `huggingface_hub`).

    Raises:
        EncoderError: If a file is missing or the architecture is another.
    """
    from safetensors.numpy import load_file

    folder = Path(source) if Path(source).is_dir() else _download(source)
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise EncoderError(f"The encoder in {folder} lacks {', '.join(missing)}.")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    if config.get("model_type") != "bert":
        raise EncoderError(
            f"{folder} holds a model of type {config.get('model_type')!r}; `--encoder` reads BERT."
        )
    tensors = {_bare(name): value for name, value in load_file(folder / FILES[2]).items()}
    size = EncoderSize(
        vocabulary=config["vocab_size"],
        hidden=config["hidden_size"],
        layers=config["num_hidden_layers"],
        heads=config["num_attention_heads"],
        intermediate=config["intermediate_size"],
        positions=config["max_position_embeddings"],
    )
    vocabulary = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
    return Pretrained(size, vocabulary, tensors)


def _download(name: str) -> Path:
    """Fetch an encoder from the hub into its cache."""
    try:
        from huggingface_hub import snapshot_download
    except ImportError as error:
        raise EncoderError(
            f"`{name}` is no folder, and a name on the hub needs `pip install huggingface_hub`."
        ) from error
    try:
        return Path(snapshot_download(name, allow_patterns=list(FILES)))
    except Exception as error:  # the hub's client raises errors of several libraries
        raise EncoderError(f"The hub did not give the encoder `{name}`: {error}") from error


def _bare(name: str) -> str:
    return name.removeprefix("bert.")


def encoder(
    pretrained: Pretrained,
    rows: Sequence[int] | None = None,
    layers: Sequence[int] | None = None,
    feed_forward: int | None = None,
    positions: int = 192,
) -> Encoder:
    """Build an `Encoder` that starts from published weights.

    Args:
        pretrained: Where from.
        rows: For each piece wanted the row of the published table; -1 starts at the table's mean
            with a little noise. `None` keeps the table.
        layers: The blocks to keep, in order; `None` for all.
        feed_forward: Neurons to keep in the feed-forward layer of each block; `None` for all.
        positions: Longest text, in pieces.
    """
    whole = pretrained.size
    width = min(feed_forward or whole.intermediate, whole.intermediate)
    rows = list(range(whole.vocabulary)) if rows is None else list(rows)
    layers = list(range(whole.layers)) if layers is None else list(layers)
    positions = min(positions, whole.positions)
    size = replace(
        whole,
        vocabulary=len(rows),
        layers=len(layers),
        intermediate=width,
        positions=positions,
    )
    built = Encoder(size)
    built(tf.zeros([1, 2], tf.int32), tf.ones([1, 2]))
    _fill(built, pretrained.tensors, rows, layers)
    return built


def _fill(
    built: Encoder, tensors: Mapping[str, Array], rows: Sequence[int], layers: Sequence[int]
) -> None:
    """Copy the weights; a segment's vector is added to every place, as there is one segment."""
    table = tensors["embeddings.word_embeddings.weight"]
    noise = np.random.default_rng(0).normal(0.0, 0.02, (len(rows), table.shape[1]))
    fresh = np.asarray(rows)[:, np.newaxis] < 0
    built.pieces.assign(np.where(fresh, table.mean(axis=0) + noise, table[np.maximum(rows, 0)]))
    segment = tensors["embeddings.token_type_embeddings.weight"][0]
    places = tensors["embeddings.position_embeddings.weight"]
    built.places.assign(places[: built.size.positions] + segment)
    _fill_norm(built.norm, tensors, "embeddings.LayerNorm")
    for block, layer in zip(built.blocks, layers, strict=True):
        at = f"encoder.layer.{layer}"
        parts = [f"{at}.attention.self.{part}" for part in ("query", "key", "value")]
        kernel = np.concatenate([tensors[f"{part}.weight"].T for part in parts], axis=1)
        bias = np.concatenate([tensors[f"{part}.bias"] for part in parts])
        block.attend.set_weights([kernel, bias])
        _fill_dense(block.project, tensors, f"{at}.attention.output.dense")
        _fill_norm(block.attention_norm, tensors, f"{at}.attention.output.LayerNorm")
        _fill_feed_forward(block, tensors, at)
        _fill_norm(block.output_norm, tensors, f"{at}.output.LayerNorm")


def _fill_feed_forward(block: Any, tensors: Mapping[str, Array], at: str) -> None:
    """Copy the neurons that can move the block's output most, in their published order."""
    into, bias = (
        tensors[f"{at}.intermediate.dense.weight"],
        tensors[f"{at}.intermediate.dense.bias"],
    )
    out = tensors[f"{at}.output.dense.weight"]
    reach = np.linalg.norm(into, axis=1) * np.linalg.norm(out, axis=0)
    kept = np.sort(np.argsort(-reach, kind="stable")[: block.widen.units])
    block.widen.set_weights([into[kept].T, bias[kept]])
    block.narrow.set_weights([out[:, kept].T, tensors[f"{at}.output.dense.bias"]])


def _fill_dense(layer: Any, tensors: Mapping[str, Array], name: str) -> None:
    layer.set_weights([tensors[f"{name}.weight"].T, tensors[f"{name}.bias"]])


def _fill_norm(layer: Any, tensors: Mapping[str, Array], name: str) -> None:
    layer.set_weights([tensors[f"{name}.weight"], tensors[f"{name}.bias"]])
