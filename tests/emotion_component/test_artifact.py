"""The model folder."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from emotion_component import artifact


def test_the_fingerprint_changes_with_the_weights_and_only_then(
    toy_folder: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(toy_folder, copy)
    first = artifact.open_bundle(toy_folder).fingerprint
    assert artifact.open_bundle(copy).fingerprint == first
    with (copy / "saved_model/saved_model.pb").open("ab") as weights:
        weights.write(b"\0")
    card = json.loads((copy / "model.json").read_text())
    artifact.seal(copy, {k: v for k, v in card.items() if k not in {"format", "files"}})
    assert artifact.open_bundle(copy).fingerprint != first


def test_the_fingerprint_changes_with_a_threshold(toy_folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(toy_folder, copy)
    card = json.loads((copy / "model.json").read_text()) | {"abstain_below": 0.9}
    (copy / "model.json").write_text(json.dumps(card))
    first = artifact.open_bundle(toy_folder).fingerprint
    assert artifact.open_bundle(copy).fingerprint != first


def test_the_shipped_weights_stay_small() -> None:
    folder = Path(__file__).parents[2] / "emotion_component/weights"
    assert sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) < 15_000_000
