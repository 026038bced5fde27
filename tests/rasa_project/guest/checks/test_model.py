"""Whether the trained model holds the weights in use."""

from __future__ import annotations

import os
import tarfile
from pathlib import Path

import pytest

from emotion_component import artifact
from tests.rasa_project.guest import bots

INSIDE = "components/train_emotion_component.EmotionClassifier1"


def weights(folder: Path, content: str) -> Path:
    """A sealed model folder of a few bytes: what is in it does not matter to its hash."""
    (folder / "saved_model").mkdir(parents=True, exist_ok=True)
    (folder / "saved_model" / "saved_model.pb").write_text(content)
    card = {"name": "tiny", "labels": [], "thresholds": [], "abstain_below": 0.5}
    artifact.seal(folder, card)
    return folder


def rasa_model(bot: Path, name: str, holding: Path | None, age: int = 0) -> None:
    """An archive laid out as `rasa train` lays it out."""
    (bot / "models").mkdir(exist_ok=True)
    file = bot / "models" / name
    with tarfile.open(file, "w:gz") as archive:
        archive.add(bot / "domain.yml", "components/domain_provider/domain.yml")
        if holding:
            archive.add(holding, f"{INSIDE}/weights")
    written = file.stat().st_mtime - age
    os.utime(file, (written, written))


@pytest.fixture()
def bot(tmp_path: Path) -> Path:
    bot = bots.healthy(tmp_path)
    weights(bot / "mine", "first")
    ours = "  - name: emotion_component.EmotionClassifier\n"
    bots.edit(bot / "config.yml", ours, f"{ours}    weights: mine\n")
    return bot


def test_a_model_with_other_weights_is_stale_until_it_is_trained_again(bot: Path) -> None:
    rasa_model(bot, "a.tar.gz", bot / "mine", age=60)
    assert bots.found(bot) == []
    weights(bot / "mine", "second")
    assert bots.found(bot) == [("warning", "weights-stale", "models/a.tar.gz")]
    rasa_model(bot, "b.tar.gz", bot / "mine")
    assert bots.found(bot) == []


def test_a_model_from_before_the_component_is_told(bot: Path) -> None:
    rasa_model(bot, "a.tar.gz", None)
    assert bots.found(bot) == [("warning", "model-without-emotion", "models/a.tar.gz")]


def test_an_archive_that_cannot_be_read_is_told(bot: Path) -> None:
    rasa_model(bot, "a.tar.gz", bot / "mine")
    file = bot / "models" / "a.tar.gz"
    file.write_bytes(file.read_bytes()[:40])
    assert bots.found(bot) == [("warning", "model-unreadable", "models/a.tar.gz")]


def test_weights_that_are_missing_or_damaged_are_an_error(bot: Path) -> None:
    (bot / "mine" / "saved_model" / "saved_model.pb").write_text("damaged")
    assert bots.found(bot) == [("error", "weights-unusable", "config.yml:9")]
    bots.edit(bot / "config.yml", "weights: mine", "weights: nowhere")
    assert bots.found(bot) == [("error", "weights-unusable", "config.yml:9")]
