"""What trains, what tunes, what is kept apart."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from emotion_component import corpus, datasets
from emotion_component.corpus import Corpus
from emotion_component.errors import TrainingError


def test_no_voice_stands_on_two_sides_of_the_split() -> None:
    full = corpus.assemble(datasets.folder(), limit=500)
    train = {e.identity for e in full.train if "service" in e.targets and e.identity}
    dev = {e.identity for e in full.dev["service"]}
    test = {e.identity for e in full.test}
    assert min(len(train), len(dev), len(test)) > 3
    assert not (train & dev or train & test or dev & test)


def test_a_dialogue_and_its_translation_fall_on_the_same_side() -> None:
    full = corpus.assemble(datasets.folder())
    dev = {e.identity for e in full.dev["stc3"]}
    assert dev
    assert not dev & {e.identity for e in full.train if "dissatisfied" in e.targets}


def test_service_messages_are_repeated_and_nothing_else_is(toy_corpus: Corpus) -> None:
    voices = [e.text for e in toy_corpus.train if e.identity and "service" in e.targets]
    assert len(voices) == corpus.SERVICE_REPEATS * len(set(voices))


def test_no_file_of_a_test_split_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    original = Path.open

    def recording(self: Path, *args: object, **options: object) -> object:
        opened.append(str(self))
        return original(self, *args, **options)  # type: ignore[call-overload]  # passes all on

    monkeypatch.setattr(Path, "open", recording)
    corpus.assemble(datasets.folder(), limit=40)
    assert len(opened) > 10
    assert [path for path in opened if "test" in Path(path).name or "smp2020" in path] == []


def test_too_few_rows_to_tune_on_are_refused(tmp_path: Path) -> None:
    for path in datasets.folder().glob("*/*.jsonl"):
        (tmp_path / path.parent.name).mkdir(exist_ok=True)
        (tmp_path / path.parent.name / path.name).touch()
    shutil.copy(datasets.folder() / "goemotions/dev.jsonl", tmp_path / "goemotions/train.jsonl")
    with pytest.raises(TrainingError, match="Too few rows under"):
        corpus.assemble(tmp_path)
