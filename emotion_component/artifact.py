"""The folder a trained model lives in: what it holds, and how damage is noticed.

    model.json      name, labels, thresholds, temperature, seed, figures, SHA-256 of the files below
    saved_model/    the TensorFlow graph with its weights and vocabulary

Standard library only.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from emotion_component.digest import sha256
from emotion_component.errors import WeightsDamagedError, WeightsMissingError

CARD_FILE: Final = "model.json"
SAVED_MODEL: Final = "saved_model"
FORMAT: Final = 1
_CARD_KEYS: Final = ("format", "name", "labels", "thresholds", "abstain_below", "files")
_REMEDY: Final = (
    "Train a model with `emotion train --out FOLDER`, or restore the shipped one with "
    "`git checkout emotion_component/weights` or by installing the package again."
)


@dataclass(frozen=True)
class Bundle:
    """A model folder that was checked.

    Attributes:
        card: Contents of `model.json`.
        saved_model: Folder of the TensorFlow graph.
        fingerprint: Hex SHA-256 over every file, `model.json` included.
    """

    card: Mapping[str, Any]
    saved_model: Path
    fingerprint: str


def seal(directory: Path, card: Mapping[str, Any]) -> None:
    """Write `model.json` beside a freshly exported `saved_model`, with the hash of every file.

    Args:
        directory: The model folder.
        card: Everything but `format` and `files`.
    """
    files = {name: sha256(directory / name) for name in _weight_files(directory)}
    text = json.dumps({"format": FORMAT, **card, "files": files}, ensure_ascii=False, indent=2)
    (directory / CARD_FILE).write_text(text + "\n", encoding="utf-8")


def replace_saved_model(fresh: Path, directory: Path) -> None:
    """Move a complete SavedModel into a model folder, in place of the one it holds."""
    old = directory / SAVED_MODEL
    if old.exists():
        shutil.rmtree(old)
    shutil.move(str(fresh), str(old))


def open_bundle(directory: Path) -> Bundle:
    """Read a model folder and check every file against its recorded hash.

    Raises:
        WeightsMissingError: If the folder or one of its files is not there.
        WeightsDamagedError: If a file is not the one that was saved.
    """
    card = _read_card(directory / CARD_FILE)
    for name, digest in card["files"].items():
        path = directory / name
        if not path.is_file():
            raise WeightsMissingError(f"No file {path}, which {CARD_FILE} lists. {_REMEDY}")
        if sha256(path) != digest:
            raise WeightsDamagedError(
                f"{path} is not the file that was saved: its SHA-256 differs from the one in "
                f"{CARD_FILE}. {_REMEDY}"
            )
    # The card holds the hash of every other file, so its own hash stands for all of them.
    return Bundle(card, directory / SAVED_MODEL, sha256(directory / CARD_FILE))


def _read_card(path: Path) -> dict[str, Any]:
    """Read and check `model.json`."""
    if not path.is_file():
        raise WeightsMissingError(f"No emotion model at {path}. {_REMEDY}")
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise WeightsDamagedError(f"{path} is not readable JSON: {error}. {_REMEDY}") from error
    missing = [key for key in _CARD_KEYS if not isinstance(card, dict) or key not in card]
    if missing:
        raise WeightsDamagedError(f"{path} lacks {', '.join(missing)}. {_REMEDY}")
    if card["format"] != FORMAT:
        raise WeightsDamagedError(
            f"{path} has format {card['format']!r}; this version reads format {FORMAT}. {_REMEDY}"
        )
    return dict(card)


def _weight_files(directory: Path) -> list[str]:
    """List the files of the SavedModel, relative to the model folder, in a fixed order."""
    found = (directory / SAVED_MODEL).rglob("*")
    return sorted(path.relative_to(directory).as_posix() for path in found if path.is_file())
