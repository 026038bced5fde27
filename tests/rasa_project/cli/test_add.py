"""`attune add`."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from rasa_project import attune
from tests.rasa_project.guest import bots


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.fixture()
def bot(tmp_path: Path) -> Path:
    return bots.guest_bot(tmp_path / "bot")


def answer(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(words))


def test_yes_applies_and_a_second_run_says_that_everything_is_there(
    bot: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert attune.main(["add", str(bot), "--yes"]) == 0
    printed = capsys.readouterr().out
    assert "+  - name: emotion_component.EmotionClassifier\n" in printed
    assert printed.endswith(
        f"Changed config.yml and endpoints.yml. Next: `rasa train`, then `attune doctor {bot}`.\n"
    )
    before = contents(bot)
    assert attune.main(["add", str(bot)]) == 0
    assert capsys.readouterr().out == f"Everything is there already: {bot} stays as it is.\n"
    assert contents(bot) == before


@pytest.mark.parametrize("words", ["", "\n", "n\n", "perhaps\n"])
def test_anything_but_yes_changes_nothing(
    bot: Path, words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(bot)
    answer(monkeypatch, words)
    assert attune.main(["add", str(bot)]) == 1
    assert "Apply? [y/N]" in capsys.readouterr().out
    assert contents(bot) == before


def test_a_yes_to_the_question_applies(bot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, "y\n")
    assert attune.main(["add", str(bot)]) == 0
    assert b"EscalationPolicy" in contents(bot)["config.yml"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("config.yml", "pipeline:\n- name: [\n", "config.yml, line 3: this is not YAML"),
        ("endpoints.yml", "a: 1\n b: 2\n", "endpoints.yml, line 2: this is not YAML"),
        ("config.yml", "language: en\n", "must be written out first"),
    ],
)
def test_a_project_that_cannot_be_changed_is_left_as_it_was(
    bot: Path, name: str, content: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (bot / name).write_text(content)
    before = contents(bot)
    assert attune.main(["add", str(bot), "--yes"]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert says in printed.err
    assert contents(bot) == before


def test_a_file_that_cannot_be_written_leaves_the_other_as_it_was(
    bot: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (bot / "endpoints.yml.attune-part").mkdir()
    before = contents(bot)
    assert attune.main(["add", str(bot), "--yes"]) == 1
    assert "endpoints.yml cannot be written" in capsys.readouterr().err
    assert contents(bot) == before
