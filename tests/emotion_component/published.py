"""A tiny BERT as a model hub would give it, with weights drawn at random."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
WORDS = ["the", "my", "thank", "you", "parcel", "order", "late", "##s", "##ing", "great"]
VOCABULARY = [
    "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *LETTERS, *(f"##{letter}" for letter in LETTERS),
    *"!?.,", *(word for word in WORDS if word != "##s"),
]  # fmt: skip
CONFIG = {
    "model_type": "bert",
    "vocab_size": len(VOCABULARY),
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 24,
    "max_position_embeddings": 130,
}


def shapes() -> dict[str, tuple[int, ...]]:
    """Return the published names of a BERT's weights with their shapes."""
    wide, inner = 16, 24
    norm = {"weight": (wide,), "bias": (wide,)}
    found: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (len(VOCABULARY), wide),
        "embeddings.position_embeddings.weight": (130, wide),
        "embeddings.token_type_embeddings.weight": (2, wide),
        **{f"embeddings.LayerNorm.{name}": shape for name, shape in norm.items()},
    }
    for layer in range(2):
        at = f"encoder.layer.{layer}"
        dense = {
            "attention.self.query": (wide, wide), "attention.self.key": (wide, wide),
            "attention.self.value": (wide, wide), "attention.output.dense": (wide, wide),
            "intermediate.dense": (inner, wide), "output.dense": (wide, inner),
        }  # fmt: skip
        for name, (out, into) in dense.items():
            found |= {f"{at}.{name}.weight": (out, into), f"{at}.{name}.bias": (out,)}
        for place in ("attention.output.LayerNorm", "output.LayerNorm"):
            found |= {f"{at}.{place}.{name}": shape for name, shape in norm.items()}
    return found


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with config, vocabulary and weights; names carry the prefix `bert.`."""
    folder = tmp_path_factory.mktemp("published")
    draw = np.random.default_rng(5)
    tensors = {
        f"bert.{name}": draw.normal(1.0 if "Norm.weight" in name else 0.0, 0.3, shape).astype("f")
        for name, shape in shapes().items()
    }
    save_file(tensors, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(CONFIG))
    (folder / "vocab.txt").write_text("\n".join(VOCABULARY) + "\n")
    return folder
