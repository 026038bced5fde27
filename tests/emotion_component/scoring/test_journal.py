"""What a long scoring has done, kept through a kill."""

from __future__ import annotations

from pathlib import Path

import pytest

from emotion_component.errors import ConfigurationError
from emotion_component.scoring.journal import Entry, Journal

WHO = {"input": "abc", "model": "toy"}
ENTRIES: list[Entry] = [{"row": 2, "name": "anger"}, {"row": 3, "problem": "气 \ud800"}]


@pytest.fixture()
def path(tmp_path: Path) -> Path:
    journal = Journal(tmp_path / "out.journal", WHO, resume=False)
    journal.append(ENTRIES)
    journal.close()
    return journal.path


def test_going_on_finds_what_was_written(path: Path) -> None:
    journal = Journal(path, WHO, resume=True)
    assert journal.done == 2
    journal.append([{"row": 4}])
    assert list(journal.entries()) == [*ENTRIES, {"row": 4}]


def test_half_a_line_is_cut_off_wherever_the_kill_fell(path: Path) -> None:
    whole = path.read_bytes()
    ends = [at + 1 for at, byte in enumerate(whole) if byte == ord("\n")]
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        journal = Journal(path, WHO, resume=True)
        assert journal.done == max(sum(end <= length for end in ends) - 1, 0)
        journal.append(ENTRIES[journal.done :])
        journal.close()
        assert path.read_bytes() == whole


def test_what_follows_a_damaged_line_is_done_again(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + b"\x00\x00\n" + lines[2])
    journal = Journal(path, WHO, resume=True)
    assert (journal.done, list(journal.entries())) == (0, [])


def test_a_journal_is_never_overwritten_unasked(path: Path) -> None:
    with pytest.raises(ConfigurationError, match="add --resume to go on"):
        Journal(path, WHO, resume=False)


def test_another_input_or_model_is_refused(path: Path) -> None:
    with pytest.raises(ConfigurationError, match="with another input and model: give the same"):
        Journal(path, {"input": "x", "model": "y"}, resume=True)
    assert Journal(path, WHO, resume=True).done == 2


def test_resume_without_a_journal_begins_one(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "new", WHO, resume=True)
    assert journal.done == 0
    journal.remove()
    assert not (tmp_path / "new").exists()
